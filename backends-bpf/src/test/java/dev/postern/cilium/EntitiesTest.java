package dev.postern.cilium;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.backend.Note;
import dev.postern.backend.Obligation;
import dev.postern.backend.Reader.Dump;
import dev.postern.backend.Reading;
import dev.postern.backend.Refusal;
import dev.postern.backend.Scope;
import dev.postern.cilium.reader.CiliumDumps;
import dev.postern.cluster.Cluster;
import dev.postern.enforced.Packet;
import dev.postern.manifest.Manifests;
import dev.postern.manifest.Source;
import dev.postern.meaning.Options;
import dev.postern.plan.Plan;
import dev.postern.prove.Proof;
import dev.postern.prove.Prover;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** What an agent knows of nodes, health checks and ingress proxies is no fault; the same said of a pod, or of more than an agent lets in, is one. */
class EntitiesTest {

  static final Options OPTIONS = Options.DEFAULT.withIpBlockMatchesPods(false);

  /** All that an agent writes besides, of both families. */
  static void agent(AgentEntries entries) {
    entries
        .knows("172.31.7.1", 1)
        .knows("172.31.7.2", 6)
        .knows("172.31.7.3", 7)
        .knows("172.31.8.1", 1)
        .knows("172.31.8.4", 4)
        .knows("172.31.8.5", 8)
        .knows("172.31.9.4", 4)
        .knows("172.31.9.5", (2 << 24) + 7)
        .knows("fd07::1", 1)
        .knows("fd07::2", 6)
        .knows("fd07::4", 4)
        .allowLocalhost();
  }

  static final String SHOP_TEXT = """
      apiVersion: v1
      kind: List
      items:
      - {apiVersion: v1, kind: Node, metadata: {name: n1}, status: {addresses: [{type: InternalIP, address: 172.31.7.1}]}}
      - {apiVersion: v1, kind: Node, metadata: {name: n2}, status: {addresses: [{type: InternalIP, address: 172.31.7.2}]}}
      - {apiVersion: v1, kind: Pod, metadata: {name: db, namespace: shop, labels: {app: db}},
         spec: {nodeName: n1, containers: [{name: c, image: i}]}, status: {podIPs: [{ip: 10.0.0.2}]}}
      - {apiVersion: v1, kind: Pod, metadata: {name: web, namespace: shop, labels: {app: web}},
         spec: {nodeName: n1, containers: [{name: c, image: i}]}, status: {podIPs: [{ip: 10.0.0.3}]}}
      - {apiVersion: v1, kind: Pod, metadata: {name: far, namespace: shop, labels: {app: far}},
         spec: {nodeName: n2, containers: [{name: c, image: i}]}, status: {podIPs: [{ip: 10.0.1.3}]}}
      - apiVersion: networking.k8s.io/v1
        kind: NetworkPolicy
        metadata: {name: db, namespace: shop}
        spec:
          podSelector: {matchLabels: {app: db}}
          policyTypes: [Ingress, Egress]
          ingress:
          - from: [{podSelector: {matchLabels: {app: web}}}, {ipBlock: {cidr: 172.31.0.0/16}}]
          egress:
          - to: [{ipBlock: {cidr: 172.31.0.0/16}}]
      """;

  private static final Cluster SHOP =
      Manifests.read(Source.text("m.yaml", SHOP_TEXT)).cluster();

  static final String DENIED_TEXT = """
      apiVersion: v1
      kind: List
      items:
      - {apiVersion: v1, kind: Node, metadata: {name: n1}, status: {addresses: [{type: InternalIP, address: 172.31.7.1}]}}
      - {apiVersion: v1, kind: Node, metadata: {name: n2}, status: {addresses: [{type: InternalIP, address: 172.31.7.2}]}}
      - {apiVersion: v1, kind: Pod, metadata: {name: db, namespace: shop, labels: {app: db}},
         spec: {nodeName: n1, containers: [{name: c, image: i}]}, status: {podIPs: [{ip: 10.0.0.2}]}}
      - {apiVersion: v1, kind: Pod, metadata: {name: far, namespace: shop, labels: {app: far}},
         spec: {nodeName: n2, containers: [{name: c, image: i}]}, status: {podIPs: [{ip: 10.0.1.3}]}}
      - apiVersion: networking.k8s.io/v1
        kind: NetworkPolicy
        metadata: {name: db, namespace: shop}
        spec: {podSelector: {matchLabels: {app: db}}, policyTypes: [Ingress]}
      """;

  private static final Cluster DENIED =
      Manifests.read(Source.text("m.yaml", DENIED_TEXT)).cluster();

  private static final String OPEN = """
      apiVersion: v1
      kind: List
      items:
      - {apiVersion: v1, kind: Node, metadata: {name: n1}, status: {addresses: [{type: InternalIP, address: 172.31.7.1}]}}
      - {apiVersion: v1, kind: Node, metadata: {name: n2}, status: {addresses: [{type: InternalIP, address: 172.31.7.2}]}}
      - {apiVersion: v1, kind: Pod, metadata: {name: db, namespace: shop, labels: {app: db}},
         spec: {nodeName: n1, containers: [{name: c, image: i}]}, status: {podIPs: [{ip: 10.0.0.2}]}}
      - apiVersion: networking.k8s.io/v1
        kind: NetworkPolicy
        metadata: {name: db, namespace: shop}
        spec:
          podSelector: {matchLabels: {app: db}}
          policyTypes: [Ingress]
          ingress: [{ports: [{port: 80}]}, {from: [{ipBlock: {cidr: 172.31.0.0/16}}]}]
      """;

  private static Reading reading(Cluster cluster, Scope scope, AgentEntries entries) {
    return new CiliumDumps()
        .read(
            Map.of(
                "cilium-dump",
                entries.files().entrySet().stream()
                    .map(file -> new Dump(file.getKey(), file.getValue()))
                    .toList()),
            cluster,
            scope);
  }

  static Reading reading(Cluster cluster, Scope scope, Consumer<AgentEntries> also) throws Refusal {
    AgentEntries entries = new AgentEntries(
        Cilium.backend().compile(Plan.of(cluster, OPTIONS), scope).files(), CiliumVersion.V1_19);
    agent(entries);
    also.accept(entries);
    return reading(cluster, scope, entries);
  }

  static Proof proof(Plan plan, Map<String, String> files, Scope scope) {
    return proof(
        plan,
        new CiliumDumps()
            .read(
                Map.of(
                    "cilium-dump",
                    files.entrySet().stream()
                        .map(file -> new Dump(file.getKey(), file.getValue()))
                        .toList()),
                plan.cluster(),
                scope),
        scope);
  }

  static Proof proof(Plan plan, Reading reading, Scope scope) {
    return proof(plan, reading, scope, EnumSet.allOf(Proof.Way.class));
  }

  private static Proof proof(Plan plan, Reading reading, Scope scope, Set<Proof.Way> ways) {
    return Prover.prove(
        plan,
        scope,
        reading.rules(),
        Obligation.NON_POD.leftOpen(reading.contract(), plan.cluster(), scope, OPTIONS),
        ways);
  }

  private static Proof shop(String node, Consumer<AgentEntries> also) throws Refusal {
    Scope scope = Scope.node(node);
    return proof(Plan.of(SHOP, OPTIONS), reading(SHOP, scope, also), scope);
  }

  /** The packet that shows the fault; whether it had to pass. */
  static void isRefuted(Proof proof, String source, String destination, boolean pass) {
    assertThat(proof.verdict()).isEqualTo(Proof.Verdict.DIFFERS);
    assertThat(proof.difference().orElseThrow().packet().source()).hasToString(source);
    assertThat(proof.difference().orElseThrow().packet().destination()).hasToString(destination);
    assertThat(proof.difference().orElseThrow().shouldPass()).isEqualTo(pass);
  }

  @Test
  void aBlockSelectsNoNodeAndTheAgentsOwnHostComesIn() throws Refusal {
    assertThat(shop("n1", entries -> {}).verdict()).isEqualTo(Proof.Verdict.PROVED);
    assertThat(reading(SHOP, Scope.node("n1"), entries -> {}).notes())
        .extracting(Note::text)
        .contains(
            "the agent takes 172.31.8.1, fd07::1 for its own node (host); no node of the manifests has"
                + " these addresses",
            "the agent takes 172.31.7.3 for a node of the API server (kube-apiserver); no node of the"
                + " manifests has this address")
        .noneMatch(note -> note.contains("172.31.7.1") || note.contains("172.31.7.2"));
  }

  @Test
  void anEntryForOtherNodesOrTheWorldIsAHole() throws Refusal {
    isRefuted(
        shop(
            "n1", entries -> entries.knows("192.0.2.9", 6).allows("policy-shop-db.json", 6, false)),
        "192.0.2.9",
        "10.0.0.2",
        false);
    assertThat(shop("n1", entries -> entries.allows("policy-shop-db.json", 2, false))
            .verdict())
        .isEqualTo(Proof.Verdict.DIFFERS);
    isRefuted(
        shop("n1", entries -> entries.knows("192.0.2.9", 4).allows("policy-shop-db.json", 4, true)),
        "10.0.0.2",
        "192.0.2.9",
        false);
  }

  @Test
  void anAgentThatTakesAnotherNodeForItsOwnLetsItIn() throws Refusal {
    for (Scope scope : List.of(Scope.node("n1"), Scope.CLUSTER)) {
      Plan plan = Plan.of(DENIED, OPTIONS);

      assertThat(proof(plan, reading(DENIED, scope, entries -> {}), scope).verdict())
          .isEqualTo(Proof.Verdict.PROVED);
      isRefuted(
          proof(plan, reading(DENIED, scope, entries -> entries.knows("172.31.7.2", 1)), scope),
          "172.31.7.2",
          "10.0.0.2",
          false);
    }
  }

  @Test
  void aHostThatIsNotLetInIsAnOutage() throws Refusal {
    Scope scope = Scope.node("n1");
    AgentEntries none = new AgentEntries(
        Cilium.backend()
            .compile(Plan.of(DENIED, OPTIONS.withNodeTrafficPasses(false)), scope)
            .files(),
        CiliumVersion.V1_19);
    none.knows("172.31.7.1", 1);
    Plan plan = Plan.of(DENIED, OPTIONS);

    isRefuted(proof(plan, none.files(), scope), "172.31.7.1", "10.0.0.2", true);
    assertThat(proof(plan, none.allowLocalhost().files(), scope).verdict())
        .isEqualTo(Proof.Verdict.PROVED);
  }

  /** Whatever identity the agent gives the node: a pod and its own node reach each other. */
  @Test
  void aPodsOwnNodeThatTheAgentDoesNotKnowForItIsAnOutage() throws Refusal {
    Scope scope = Scope.node("n1");
    Plan plan = Plan.of(SHOP, OPTIONS);
    for (Proof.Way way : Proof.Way.values()) {
      Proof remote = proof(
          plan,
          reading(SHOP, scope, entries -> entries.knows("172.31.7.1", 6)),
          scope,
          EnumSet.of(way));
      assertThat(remote.verdict()).as("%s", way).isEqualTo(Proof.Verdict.DIFFERS);
      Packet packet = remote.difference().orElseThrow().packet();
      assertThat(Set.of(packet.source().toString(), packet.destination().toString()))
          .as("%s: %s", way, packet)
          .contains("172.31.7.1")
          .containsAnyOf("10.0.0.2", "10.0.0.3");
      assertThat(remote.difference().orElseThrow().shouldPass()).isTrue();
    }
  }

  /** No entry lets a pod's packets out to its own node, though one lets the node's in. */
  @Test
  void aPodThatDoesNotReachItsOwnNodeIsAnOutage() throws Refusal {
    Scope scope = Scope.node("n1");
    String egress = OPEN.replace("[Ingress]", "[Egress]")
        .replace("ingress: [{ports: [{port: 80}]}, {from:", "egress: [{to:");
    Cluster cluster = Manifests.read(Source.text("m.yaml", egress)).cluster();
    Cluster without = Manifests.read(Source.text(
            "m.yaml", egress.replace("172.31.0.0/16", "172.31.0.0/16, except: [172.31.7.1/32]")))
        .cluster();
    Plan plan = Plan.of(cluster, OPTIONS);
    AgentEntries none = new AgentEntries(
        Cilium.backend()
            .compile(Plan.of(without, OPTIONS.withNodeTrafficPasses(false)), scope)
            .files(),
        CiliumVersion.V1_19);
    agent(none);
    for (Proof.Way way : Proof.Way.values()) {
      isRefuted(
          proof(plan, reading(cluster, scope, none), scope, EnumSet.of(way)),
          "10.0.0.2",
          "172.31.7.1",
          true);
    }
    // Where the question does not take a pod's node to be open to it, an ipBlock is all that allows
    // it.
    Plan closed = Plan.of(cluster, OPTIONS.withNodeTrafficPasses(false));
    assertThat(proof(closed, reading(cluster, scope, none), scope).verdict())
        .isEqualTo(Proof.Verdict.PROVED);
  }

  /** A rule of networks is one for the nodes that they hold, and for no others. */
  @Test
  void aRuleOfNetworksIsOneForTheNodesInThem() throws Refusal {
    Scope scope = Scope.node("n1");
    String egress = OPEN.replace("[Ingress]", "[Egress]")
        .replace("ingress: [{ports: [{port: 80}]}, {from:", "egress: [{to:");
    for (Proof.Way way : Proof.Way.values()) {
      for (String networks : List.of("198.51.100.0/24", "172.31.7.2/32")) {
        Cluster cluster = Manifests.read(Source.text("m.yaml", egress + """
            - apiVersion: policy.networking.k8s.io/v1alpha1
              kind: AdminNetworkPolicy
              metadata: {name: out}
              spec:
                priority: 1
                subject: {namespaces: {}}
                egress: [{action: Allow, to: [{networks: [%s]}]}]
            """.formatted(networks)))
            .cluster();
        Proof proof = proof(
            Plan.of(cluster, OPTIONS),
            reading(cluster, scope, entries -> {}),
            scope,
            EnumSet.of(way));
        if (networks.startsWith("172")) {
          isRefuted(proof, "10.0.0.2", "172.31.7.2", true);
        } else {
          assertThat(proof.verdict()).as("%s", way).isEqualTo(Proof.Verdict.PROVED);
        }
      }
    }
  }

  /** A rule for everyone is one for nodes. */
  @Test
  void whatMoreThanABlockAllowsHasToPass() throws Refusal {
    Scope scope = Scope.node("n1");
    Cluster open = Manifests.read(Source.text("m.yaml", OPEN)).cluster();
    Plan plan = Plan.of(open, OPTIONS);
    assertThat(proof(plan, reading(open, scope, entries -> {}), scope).verdict())
        .isEqualTo(Proof.Verdict.PROVED);

    Cluster nodes = Manifests.read(
            Source.text("m.yaml", OPEN.replace("172.31.0.0/16", "0.0.0.0/0")))
        .cluster();
    Cluster block = Manifests.read(Source.text(
            "m.yaml",
            OPEN.replace("[{ports: [{port: 80}]}, ", "[").replace("172.31.0.0/16", "0.0.0.0/0")))
        .cluster();
    AgentEntries world = new AgentEntries(
        Cilium.backend().compile(Plan.of(block, OPTIONS), scope).files(), CiliumVersion.V1_19);
    agent(world);
    assertThat(
            proof(Plan.of(block, OPTIONS), reading(block, scope, world), scope).verdict())
        .isEqualTo(Proof.Verdict.PROVED);
    for (Proof.Way way : Proof.Way.values()) {
      Proof proof =
          proof(Plan.of(nodes, OPTIONS), reading(nodes, scope, world), scope, EnumSet.of(way));
      assertThat(proof.verdict()).as("%s", way).isEqualTo(Proof.Verdict.DIFFERS);
      assertThat(proof.difference().orElseThrow().packet().destination()).hasToString("10.0.0.2");
      assertThat(proof.difference().orElseThrow().packet().destinationPort()).isEqualTo(80);
    }
  }

  @Test
  void aPodThatTheAgentTakesForItsHostIsLetIn() throws Refusal {
    isRefuted(DENIED, entries -> entries.knows("10.0.1.3", 1), "10.0.1.3");
  }

  /** An agent gives such identities to single addresses. */
  @Test
  void aWholeNetworkIsNoNode() throws Refusal {
    isRefuted(DENIED, entries -> entries.knows("198.51.100.0/24", 1), "198.51.100.0");
  }

  private static void isRefuted(Cluster cluster, Consumer<AgentEntries> also, String source)
      throws Refusal {
    Scope scope = Scope.node("n1");
    isRefuted(
        proof(Plan.of(cluster, OPTIONS), reading(cluster, scope, also), scope),
        source,
        "10.0.0.2",
        false);
  }
}
