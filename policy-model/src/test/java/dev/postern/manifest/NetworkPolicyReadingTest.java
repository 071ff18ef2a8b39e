package dev.postern.manifest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.diagnostic.Code;
import dev.postern.diagnostic.Diagnostic;
import dev.postern.net.PortSet;
import dev.postern.net.Protocol;
import dev.postern.policy.Direction;
import dev.postern.policy.NamespaceSelection;
import dev.postern.policy.Peer;
import dev.postern.policy.Peers;
import dev.postern.policy.Policy;
import dev.postern.policy.Ports;
import dev.postern.selector.Selector;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class NetworkPolicyReadingTest {

  private static String policy(String spec) {
    return "apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {name: p, namespace: shop}\nspec:\n"
        + spec.indent(2);
  }

  private static Policy read(String spec) {
    Loaded loaded = Manifests.read(Source.text("p.yaml", policy(spec)));
    assertThat(loaded.diagnostics()).filteredOn(Diagnostic::isError).isEmpty();
    return loaded.cluster().policies().get(0);
  }

  private static Diagnostic refuse(String spec) {
    Loaded loaded = Manifests.read(Source.text("p.yaml", policy(spec)));
    assertThat(loaded.diagnostics()).hasSize(1);
    assertThat(loaded.cluster().policies()).isEmpty();
    return loaded.diagnostics().get(0);
  }

  @Test
  void aForgottenMatchLabelsIsRefusedWithThePlaceAndTheFix() {
    Diagnostic diagnostic = refuse("podSelector: { role: app }");
    assertThat(diagnostic)
        .hasToString("p.yaml:5:18: error: unknown field `role` in LabelSelector"
            + " (hint: did you mean `matchLabels: {role: app}`?) [NP111]");
    assertThat(diagnostic.origin().path()).isEqualTo("spec.podSelector.role");
  }

  @Test
  void withoutPolicyTypesAPolicyIsAboutIngressAndAboutEgressIfItHasARule() {
    assertThat(read("podSelector: {}").isolates()).containsExactly(Direction.INGRESS);
    assertThat(read("podSelector: {}\negress: []").isolates()).containsExactly(Direction.INGRESS);
    assertThat(read("podSelector: {}\npolicyTypes: []\negress: [{}]").isolates())
        .containsExactlyInAnyOrder(Direction.INGRESS, Direction.EGRESS);
    assertThat(read("podSelector: {}\npolicyTypes: [Egress]\ningress: [{}]").isolates())
        .containsExactly(Direction.EGRESS);
  }

  @Test
  void missingOrEmptyPeersAndPortsAreEveryoneAndAllTraffic() {
    for (String rule : new String[] {"{}", "{from: [], ports: []}", "{from: null, ports: null}"}) {
      Policy policy = read("podSelector: {}\ningress: [" + rule + "]");
      assertThat(policy.ingress()).hasSize(1);
      assertThat(policy.ingress().get(0).peers()).isEqualTo(Peers.EVERYONE);
      assertThat(policy.ingress().get(0).ports()).isEqualTo(Ports.ALL);
    }
    assertThat(read("podSelector: {}\ningress: []").ingress()).isEmpty();
  }

  @Test
  void anEmptyPeerIsRefused() {
    assertThat(refuse("podSelector: {}\ningress: [{from: [{}]}]").code())
        .isEqualTo(Code.EMPTY_PEER);
  }

  @Test
  void aPodSelectorAloneMeansTheOwnNamespace() {
    Policy policy = read(
        "podSelector: {}\ningress: [{from: [{podSelector: {matchLabels: {app: a}}}, "
            + "{namespaceSelector: {}}, {podSelector: {}, namespaceSelector: {matchLabels: {team: b}}}]}]");
    Peers.AnyOf peers = (Peers.AnyOf) policy.ingress().get(0).peers();
    assertThat(peers.peers())
        .extracting(peer -> ((Peer.Pods) peer).namespaces())
        .containsExactly(
            new NamespaceSelection.Named("shop"),
            NamespaceSelection.ALL,
            new NamespaceSelection.Matching(Selector.equal("team", "b")));
  }

  @Test
  void portsAreNumbersRangesOrNamesAndTcpIfNothingElseIsSaid() {
    Policy policy =
        read("podSelector: {}\ningress:\n- ports:\n  - {port: 80}\n  - {protocol: UDP}\n"
            + "  - {port: 1_000, endPort: 2000.0, protocol: SCTP}\n  - {port: web}");
    Ports.AnyOf ports = (Ports.AnyOf) policy.ingress().get(0).ports();
    assertThat(ports.matches()).extracting(Object::getClass).hasSize(4);
    Ports.Numbered first = (Ports.Numbered) ports.matches().get(0);
    assertThat(first.protocol()).isEqualTo(Protocol.TCP);
    assertThat(first.ports()).isEqualTo(PortSet.of(80));
    assertThat(((Ports.Numbered) ports.matches().get(1)).ports()).isEqualTo(PortSet.ALL);
    assertThat(((Ports.Numbered) ports.matches().get(2)).ports())
        .isEqualTo(PortSet.range(1000, 2000));
    assertThat(ports.matches().get(3)).isInstanceOfSatisfying(Ports.Named.class, named -> {
      assertThat(named.name()).isEqualTo("web");
      assertThat(named.protocol()).isEqualTo(Optional.of(Protocol.TCP));
    });
  }

  @Test
  void aDocumentWithAnErrorIsLeftOutAndTheOthersAreUsed() {
    String text = policy("podSelecto: {}") + "---\n"
        + policy("podSelector: {}").replace("name: p", "name: q");
    Loaded loaded = Manifests.read(Source.text("p.yaml", text));
    assertThat(loaded.cluster().policies()).extracting(Policy::name).containsExactly("q");
    assertThat(loaded.diagnostics()).extracting(Diagnostic::code).contains(Code.UNKNOWN_FIELD);
    assertThat(loaded.diagnostics().get(0).hint()).isEqualTo("did you mean `podSelector`?");
  }
}
