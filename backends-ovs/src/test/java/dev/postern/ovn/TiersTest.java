package dev.postern.ovn;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.backend.Artifact;
import dev.postern.backend.Refusal;
import dev.postern.backend.Scope;
import dev.postern.lowering.PolicedPods;
import dev.postern.manifest.Manifests;
import dev.postern.manifest.Source;
import dev.postern.ovn.Northbound.AclRow;
import dev.postern.plan.Plan;
import dev.postern.testing.OvnPrograms;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Which tier of OVN's each kind of policy is in, where OVN has tiers. */
class TiersTest {

  private static final String MANIFESTS = """
      apiVersion: v1
      kind: Pod
      metadata: {name: web, namespace: shop, labels: {app: web}}
      spec: {nodeName: worker-1}
      status: {podIP: 10.0.0.1, podIPs: [{ip: 10.0.0.1}]}
      ---
      apiVersion: v1
      kind: Pod
      metadata: {name: batch, namespace: shop, labels: {app: batch}}
      spec: {nodeName: worker-1}
      status: {podIP: 10.0.0.2, podIPs: [{ip: 10.0.0.2}]}
      ---
      apiVersion: v1
      kind: Pod
      metadata: {name: prometheus, namespace: monitoring}
      spec: {nodeName: worker-1}
      status: {podIP: 10.0.1.1, podIPs: [{ip: 10.0.1.1}]}
      ---
      apiVersion: policy.networking.k8s.io/v1alpha1
      kind: AdminNetworkPolicy
      metadata: {name: monitored}
      spec:
        priority: 10
        subject: {namespaces: {matchLabels: {kubernetes.io/metadata.name: shop}}}
        ingress:
        - {action: Pass, from: [{namespaces: {matchLabels: {kubernetes.io/metadata.name: monitoring}}}], ports: [{portNumber: {protocol: TCP, port: 9090}}]}
        - {action: Deny, from: [{namespaces: {}}]}
      ---
      apiVersion: networking.k8s.io/v1
      kind: NetworkPolicy
      metadata: {name: web, namespace: shop}
      spec:
        podSelector: {matchLabels: {app: web}}
        ingress: [{from: [{namespaceSelector: {}}], ports: [{port: 9090}]}]
      ---
      apiVersion: policy.networking.k8s.io/v1alpha1
      kind: BaselineAdminNetworkPolicy
      metadata: {name: default}
      spec:
        subject: {namespaces: {}}
        ingress: [{action: Deny, from: [{namespaces: {}}], ports: [{portNumber: {protocol: TCP, port: 22}}]}]
      """;

  private static final Plan PLAN =
      Plan.of(Manifests.read(Source.text("m.yaml", MANIFESTS)).cluster());

  private static final OvnOptions TIERED = OvnOptions.DEFAULT.withVersion(OvnVersion.TIERS);

  /** The actions of ACLs by tier, 0 where the column is left alone. */
  private static Map<Integer, List<String>> actions(OvnOptions options) throws Refusal {
    Map<Integer, List<String>> actions = new TreeMap<>();
    Ovn.backend(options)
        .skipping(PolicedPods.Unaddressed.SKIP)
        .rows(PLAN, Scope.CLUSTER)
        .groups()
        .stream()
        .flatMap(group -> group.acls().stream())
        .filter(acl -> acl.priority() != PriorityLayers.EXEMPT)
        .forEach(acl -> actions.merge(
            acl.tier().orElse(0),
            List.of(acl.action()),
            (one, two) ->
                Stream.concat(one.stream(), two.stream()).distinct().sorted().toList()));
    return actions;
  }

  @Test
  void adminPoliciesComeBeforeNetworkPoliciesAndBaselinePoliciesLast() throws Refusal {
    assertThat(actions(TIERED))
        .containsOnlyKeys(1, 2, 3)
        .containsEntry(1, List.of("drop", "pass"))
        .containsEntry(2, List.of("allow-related", "drop"))
        .containsEntry(3, List.of("drop"));
  }

  @Test
  void whatPassesWhateverPoliciesSayComesBeforeAll() throws Refusal {
    assertThat(Ovn.backend(TIERED)
            .skipping(PolicedPods.Unaddressed.SKIP)
            .rows(PLAN, Scope.CLUSTER)
            .groups()
            .stream()
            .flatMap(group -> group.acls().stream())
            .filter(acl -> acl.priority() == PriorityLayers.EXEMPT)
            .map(AclRow::tier))
        .isNotEmpty()
        .containsOnly(OptionalInt.empty());
  }

  @Test
  void noTierAndNoPassWhereOvnHasNone() throws Refusal {
    assertThat(actions(OvnOptions.DEFAULT).keySet()).containsExactly(0);
    assertThat(Ovn.backend()
            .skipping(PolicedPods.Unaddressed.SKIP)
            .compile(PLAN, Scope.CLUSTER)
            .file("transaction.json"))
        .doesNotContain("\"tier\"", "\"pass\"");
  }

  @Test
  void oneTierWhereOneIsAskedFor() throws Refusal {
    assertThat(actions(TIERED.withTier(2)).keySet()).containsExactly(2);
    assertThat(actions(TIERED.withTier(2)).get(2)).doesNotContain("pass");
  }

  @Test
  void theScriptBringsThemToADatabaseThatHasTiers() throws Exception {
    Artifact artifact =
        Ovn.backend(TIERED).skipping(PolicedPods.Unaddressed.SKIP).compile(PLAN, Scope.CLUSTER);
    try (OvnLab lab = new OvnLab(OvnPrograms.newer())) {
      lab.pods(PLAN.cluster());
      Path directory = Files.createDirectories(lab.directory.resolve("artefact"));
      for (Map.Entry<String, String> file : artifact.files().entrySet()) {
        Files.writeString(directory.resolve(file.getKey()), file.getValue());
      }
      lab.run("sh", directory.resolve("apply.sh").toString());
      // Nothing is left to do for the client, so the script wrote the same.
      assertThat(lab.northbound.apply(
              Ovn.backend(TIERED).skipping(PolicedPods.Unaddressed.SKIP).rows(PLAN, Scope.CLUSTER)))
          .isZero();
      assertThat(lab.run("ovn-nbctl", "--bare", "--columns=tier", "list", "ACL").lines())
          .contains("0", "1", "2", "3");
    }
  }
}
