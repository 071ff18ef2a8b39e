package dev.postern.aws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.postern.backend.Artifact;
import dev.postern.backend.Refusal;
import dev.postern.backend.Scope;
import dev.postern.lowering.PolicedPods;
import dev.postern.manifest.Manifests;
import dev.postern.manifest.Source;
import dev.postern.meaning.Options;
import dev.postern.plan.Plan;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What the layout cannot hold is refused, with the limit, the pod and the policies that meet it. */
class AwsRefusalTest {

  private static final String DB = pod("shop", "db", "10.0.0.2");

  private static String pod(String namespace, String name, String address) {
    return """
        apiVersion: v1
        kind: Pod
        metadata: {name: %s, namespace: %s, labels: {app: %s}}
        spec: {containers: [{name: c, image: i}]}
        status: {podIPs: [{ip: "%s"}]}
        ---
        """.formatted(name, namespace, name, address);
  }

  private static String ingress(String rule) {
    return """
        apiVersion: networking.k8s.io/v1
        kind: NetworkPolicy
        metadata: {name: db, namespace: shop}
        spec:
          podSelector: {matchLabels: {app: db}}
          policyTypes: [Ingress]
          ingress: [%s]
        ---
        """.formatted(rule);
  }

  private static Artifact compile(String manifests) throws Refusal {
    Plan plan = Plan.of(Manifests.read(Source.text("m.yaml", manifests)).cluster());
    return Aws.backend().compile(plan, Scope.CLUSTER);
  }

  private static void refused(String manifests, String reason) {
    assertThatThrownBy(() -> compile(manifests)).isInstanceOf(Refusal.class).hasMessage(reason);
  }

  private static String ports(int count) {
    return IntStream.range(0, count)
        .mapToObj(i -> "{port: " + (1000 + 2 * i) + "}")
        .collect(Collectors.joining(", "));
  }

  @Test
  void twentyFourPortsFitAndTwentyFiveDoNot() throws Refusal {
    assertThat(compile(DB + ingress("{ports: [" + ports(24) + "]}")).file("summary.txt"))
        .contains("up to 24 slots");
    refused(
        DB + ingress("{ports: [" + ports(25) + "]}"),
        "shop/db (10.0.0.2): its ingress needs 25 protocols and port ranges for one peer,"
            + " and an entry has room for 24; it is selected by NetworkPolicy shop/db");
  }

  private static String admin(int ports) {
    return """
        apiVersion: policy.networking.k8s.io/v1alpha1
        kind: AdminNetworkPolicy
        metadata: {name: guard}
        spec:
          priority: 1
          subject: {namespaces: {}}
          ingress:
          - {name: guard, action: Deny, from: [{namespaces: {}}], ports: [%s]}
        ---
        """.formatted(IntStream.range(0, ports)
        .mapToObj(i -> "{portNumber: {protocol: TCP, port: " + (1000 + 2 * i) + "}}")
        .collect(Collectors.joining(", ")));
  }

  @Test
  void everythingButSomePortsIsSaidByClusterPoliciesUpToTwentyFour() throws Refusal {
    String pods = DB + pod("shop", "web", "10.0.0.1");
    // For web's address tcp/1000 is denied by the admin tier at priority 1, and all slots else pass
    // on.
    assertThat(compile(pods + admin(1)).file("shop-db.cp_ingress_map.batch"))
        .contains("key hex 20 00 00 00 0a 00 00 01 value hex"
            + " 06 00 00 00 0a 00 00 00 e8 03 00 00 00 00 00 00"
            + " fe 00 00 00 0c 00 00 00 00 00 00 00 00 00 00 00");
    refused(
        pods + admin(25),
        "shop/db (10.0.0.2): its ingress denies one peer 25 port ranges among everything else,"
            + " and an entry has room for 24; it is selected by AdminNetworkPolicy guard\n"
            + "shop/web (10.0.0.1): its ingress denies one peer 25 port ranges among everything"
            + " else, and an entry has room for 24; it is selected by AdminNetworkPolicy guard");
  }

  @Test
  void moreNetworksThanATrieHoldsAreRefused() {
    String blocks = IntStream.range(0, 65_537)
        .mapToObj(i -> "{ipBlock: {cidr: 172." + (16 + i / 128 / 256) + "." + i / 128 % 256 + "."
            + i % 128 * 2 + "/32}}")
        .collect(Collectors.joining(", "));
    refused(
        DB + ingress("{from: [" + blocks + "]}"),
        "shop/db (10.0.0.2): its ingress needs 65537 prefixes, and a trie holds 65536;"
            + " it is selected by NetworkPolicy shop/db");
  }

  @Test
  void podsOfBothFamiliesAreRefused() {
    refused(
        DB + pod("shop", "six", "fd00::1") + ingress(""),
        "its programs police one address family, and there are pods with addresses of both");
  }

  @Test
  void aPodOnTheHostNetworkIsRefusedWherePoliciesAreReadAsSelectingIt() throws Refusal {
    String manifests = DB.replace("spec: {", "spec: {hostNetwork: true, ") + ingress("");
    assertThat(compile(manifests).files()).doesNotContainKey("shop-db.ingress_map.json");

    Options selecting = new Options(true, true, Options.HostNetwork.POD);
    Plan plan = Plan.of(Manifests.read(Source.text("m.yaml", manifests)).cluster(), selecting);
    assertThatThrownBy(() -> Aws.backend().compile(plan, Scope.CLUSTER))
        .isInstanceOf(Refusal.class)
        .hasMessage(
            "shop/db (10.0.0.2) is on the host network and has no interface to be policed at");
  }

  @Test
  void domainNamesAreRefused() {
    assertThatThrownBy(() -> compile(DB + """
                apiVersion: policy.networking.k8s.io/v1alpha1
                kind: AdminNetworkPolicy
                metadata: {name: guard}
                spec:
                  priority: 1
                  subject: {namespaces: {}}
                  egress: [{name: out, action: Allow, to: [{domainNames: [example.com]}]},
                    {name: rest, action: Deny, to: [{networks: [0.0.0.0/0]}]}]
                """))
        .isInstanceOf(Refusal.class)
        .hasMessage(
            "shop/db (10.0.0.2): its egress depends on `domainNames`, whose addresses are not known");
  }

  @Test
  void twoPodsWhoseFilesWouldBeOneAreRefused() {
    refused(
        pod("a-b", "c", "10.0.0.3") + pod("a", "b-c", "10.0.0.4"),
        "a/b-c (10.0.0.4) and a-b/c (10.0.0.3) would both have the files of a-b-c");
  }

  @Test
  void aPodWithoutAnAddressIsRefusedUnlessItIsToBeLeftOut() throws Refusal {
    String manifests = """
        apiVersion: v1
        kind: Pod
        metadata: {name: db, namespace: shop, labels: {app: db}}
        spec: {containers: [{name: c, image: i}]}
        ---
        """ + ingress("");
    assertThatThrownBy(() -> compile(manifests))
        .isInstanceOf(Refusal.class)
        .hasMessageStartingWith("shop/db: no address is known of it");
    Plan plan = Plan.of(Manifests.read(Source.text("m.yaml", manifests)).cluster());
    assertThat(
            new Aws(PolicedPods.Unaddressed.SKIP).compile(plan, Scope.CLUSTER).files())
        .doesNotContainKey("shop-db.ingress_map.json");
  }

  @Test
  void twoPodsWithOneAddressAndDifferentPoliciesAreRefused() {
    assertThatThrownBy(() -> compile(DB + pod("shop", "web", "10.0.0.2") + ingress("")))
        .isInstanceOf(Refusal.class)
        .hasMessageContaining("have the same address, but not the same policies");
  }
}
