package dev.postern.lint;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.dataplane.Dataplane;
import dev.postern.dataplane.Fact;
import dev.postern.dataplane.KubeProxy;
import dev.postern.diagnostic.Diagnostic;
import dev.postern.lint.rule.LintInput;
import dev.postern.lint.rule.LintOptions;
import dev.postern.manifest.Loaded;
import dev.postern.manifest.Manifests;
import dev.postern.manifest.Source;
import dev.postern.meaning.Options;
import dev.postern.service.ServiceProxy;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What dataplanes do not enforce is said, with its source; of what is not known nothing is said. */
class DataplaneTest {

  private static final String CLUSTER = """
      apiVersion: v1
      kind: Pod
      metadata: {name: web, namespace: shop, labels: {app: web}}
      spec: {containers: [{name: c, image: i, ports: [{name: http, containerPort: 80}]}]}
      status: {podIP: 10.0.0.7}
      ---
      apiVersion: networking.k8s.io/v1
      kind: NetworkPolicy
      metadata: {name: web, namespace: shop}
      spec:
        podSelector: {}
        policyTypes: [Ingress]
        ingress:
        - from: [{ipBlock: {cidr: 10.0.0.0/8}}]
          ports: [{port: http}, {port: 8000, endPort: 8100}, {port: 9, protocol: SCTP}]
        - from: [{podSelector: {}}]
      ---
      apiVersion: policy.networking.k8s.io/v1alpha1
      kind: AdminNetworkPolicy
      metadata: {name: first}
      spec: {priority: 5, subject: {namespaces: {}}, ingress: [{action: Deny, from: [{namespaces: {}}]}]}
      """;

  private static List<String> notEnforced(List<Dataplane> dataplanes) {
    return notEnforced(CLUSTER, dataplanes);
  }

  private static List<String> notEnforced(String cluster, List<Dataplane> dataplanes) {
    Loaded loaded = Manifests.read(Source.text("a.yaml", cluster));
    LintInput input = LintInput.of(loaded, LintOptions.DEFAULT.withDataplanes(dataplanes));
    return Lint.of(input).stream()
        .filter(finding -> finding.code().name().equals("NOT_ENFORCED"))
        .map(Diagnostic::message)
        .toList();
  }

  private static List<String> notEnforced(String dataplane) {
    return notEnforced(List.of(Dataplane.named(dataplane).orElseThrow()));
  }

  @Test
  void flannelEnforcesNothingAndThatIsOneFinding() {
    assertThat(notEnforced("flannel"))
        .singleElement()
        .asString()
        .startsWith("flannel does not enforce NetworkPolicy")
        .endsWith("(and the same at 1 other place)");
  }

  @Test
  void ciliumIsSaidToLeaveOutBlocksOfPodsRangesSctpAndAdminPolicies() {
    assertThat(notEnforced("cilium"))
        .hasSize(4)
        .anyMatch(message -> message.contains("an `ipBlock` that holds addresses of pods"))
        .anyMatch(message -> message.contains("`endPort`"))
        .anyMatch(message -> message.contains("SCTP"))
        .anyMatch(message -> message.contains("AdminNetworkPolicy"));
  }

  @Test
  void theBarePodIsSaidForAws() {
    assertThat(notEnforced("aws")).singleElement().asString().contains("Pod shop/web");
  }

  @Test
  void aNameBesideABlockIsSaidForAwsInEgressAlone() {
    String egress = CLUSTER
        .replace("policyTypes: [Ingress]", "policyTypes: [Egress]")
        .replace("  ingress:", "  egress:")
        .replace("- from:", "- to:");
    assertThat(notEnforced(egress, List.of(Dataplane.named("aws").orElseThrow())))
        .hasSize(2)
        .anyMatch(message -> message.contains("a port by name beside an `ipBlock` in egress"));
  }

  @Test
  void nothingIsSaidOfWhatIsNotKnownOrWithoutADataplane() {
    assertThat(notEnforced("calico")).isEmpty();
    assertThat(notEnforced(List.of())).isEmpty();
  }

  @Test
  void allIsAReportOfEachFeatureOfEachDataplane() {
    assertThat(notEnforced(Dataplane.all()))
        .anyMatch(message -> message.startsWith("kubenet"))
        .anyMatch(message -> message.startsWith("weave"))
        .anyMatch(message -> message.startsWith("cilium"));
  }

  @Test
  void aDataplaneSetsTheOptionsOfEveryAnswer() {
    assertThat(Dataplane.named("cilium").orElseThrow().on(Options.DEFAULT).ipBlockMatchesPods())
        .isFalse();
    assertThat(Dataplane.named("calico").orElseThrow().on(Options.DEFAULT))
        .isEqualTo(Options.DEFAULT);
  }

  @Test
  void theDocumentHasEveryFactWithItsSource() throws IOException {
    String document = Files.readString(Path.of("..", "docs", "dataplanes.md"));
    for (Dataplane dataplane : Dataplane.all()) {
      for (Fact fact : dataplane.facts()) {
        assertThat(document)
            .contains("| " + dataplane.name()
                + (fact.under().isPresent() ? " in place of kube-proxy | " : " | ")
                + fact.feature().words() + " | "
                + (fact.enforced() ? "yes" : "no") + " | " + fact.details() + " | [source]("
                + fact.source() + ") |");
      }
    }
  }

  @Test
  void aVersionLeavesOutWhatIsNoLongerTrue() {
    assertThat(notEnforced("cilium@1.15")).anyMatch(message -> message.contains("`endPort`"));
    assertThat(notEnforced("cilium@v1.16.3"))
        .isNotEmpty()
        .allMatch(message -> message.startsWith("cilium@v1.16.3 does not"))
        .noneMatch(message -> message.contains("`endPort`"));
    assertThat(Dataplane.named("cilium@latest")).isEmpty();
    assertThat(Dataplane.named("cilum@1.16")).isEmpty();
  }

  @Test
  void theWayInWhichServicesAreServedDecidesWhetherClientsAreSeen() {
    Dataplane calico = Dataplane.named("calico").orElseThrow();
    assertThat(calico.on(ServiceProxy.DEFAULT)).isEqualTo(ServiceProxy.DEFAULT);
    assertThat(calico.under(KubeProxy.REPLACED).on(ServiceProxy.DEFAULT).keepsClients())
        .isTrue();
    assertThat(calico
            .under(KubeProxy.IPVS)
            .on(ServiceProxy.DEFAULT.withKeepsClients(true))
            .keepsClients())
        .isFalse();
    assertThat(KubeProxy.named("ebpf")).contains(KubeProxy.REPLACED);
  }

  @Test
  void namesAreSortedAndUnique() {
    assertThat(Dataplane.all()).extracting(Dataplane::name).isSorted().doesNotHaveDuplicates();
  }
}
