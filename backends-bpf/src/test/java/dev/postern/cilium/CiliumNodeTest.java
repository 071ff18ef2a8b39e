package dev.postern.cilium;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.backend.Note;
import dev.postern.backend.Reading;
import dev.postern.backend.Refusal;
import dev.postern.backend.Scope;
import dev.postern.cluster.Cluster;
import dev.postern.manifest.Manifests;
import dev.postern.manifest.Source;
import dev.postern.plan.Plan;
import dev.postern.prove.Proof;
import org.junit.jupiter.api.Test;

/** What agents say of their nodes is known to the reader of an agent's maps, and to nobody else. */
class CiliumNodeTest {

  /** What the agents say of their nodes, as the API server shows it. */
  private static final String AGENTS = """
      apiVersion: v1
      kind: List
      items:
      - apiVersion: cilium.io/v2
        kind: CiliumNode
        metadata: {name: n1}
        spec:
          addresses: [{ip: 172.31.7.1, type: InternalIP}, {ip: 172.31.8.1, type: CiliumInternalIP}, {ip: "fd07::1", type: CiliumInternalIP}]
          health: {ipv4: 172.31.8.4, ipv6: "fd07::4"}
          ingress: {ipv4: 172.31.8.5}
      - apiVersion: cilium.io/v2
        kind: CiliumNode
        metadata: {name: n2}
        spec:
          addresses: [{ip: 172.31.7.2, type: InternalIP}, {ip: 172.31.7.3, type: ExternalIP}, {ip: 172.31.9.5, type: CiliumInternalIP}, {ip: "fd07::2", type: CiliumInternalIP}, {ip: strange}]
          health: {ipv4: 172.31.9.4}
      """;

  private static Cluster withAgents(String manifests) {
    return Manifests.read(Source.text("m.yaml", manifests), Source.text("agents.yaml", AGENTS))
        .cluster();
  }

  @Test
  void whatAgentsSayOfTheirNodesIsKnown() throws Refusal {
    Scope scope = Scope.node("n1");
    Cluster shop = withAgents(EntitiesTest.SHOP_TEXT);
    Reading reading = EntitiesTest.reading(shop, scope, entries -> {});
    assertThat(EntitiesTest.proof(Plan.of(shop, EntitiesTest.OPTIONS), reading, scope)
            .verdict())
        .isEqualTo(Proof.Verdict.PROVED);
    assertThat(reading.notes())
        .extracting(Note::text)
        .noneMatch(note -> note.contains("no node of the manifests has"));
    assertThat(shop.nodes()).allSatisfy(node -> assertThat(node.addresses()).hasSize(1));
  }

  /** An agent lets in whatever it takes for its own host: another node's router is not that. */
  @Test
  void anAgentThatTakesAnotherNodesRouterForItsOwnLetsItIn() throws Refusal {
    Scope scope = Scope.node("n1");
    Cluster denied = withAgents(EntitiesTest.DENIED_TEXT);
    Plan plan = Plan.of(denied, EntitiesTest.OPTIONS);
    assertThat(EntitiesTest.proof(plan, EntitiesTest.reading(denied, scope, entries -> {}), scope)
            .verdict())
        .isEqualTo(Proof.Verdict.PROVED);
    EntitiesTest.isRefuted(
        EntitiesTest.proof(
            plan,
            EntitiesTest.reading(denied, scope, entries -> entries.knows("172.31.9.5", 1)),
            scope),
        "172.31.9.5",
        "10.0.0.2",
        false);
  }
}
