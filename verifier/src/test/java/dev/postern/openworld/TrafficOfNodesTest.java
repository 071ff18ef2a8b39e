package dev.postern.openworld;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.manifest.Manifests;
import dev.postern.manifest.Source;
import dev.postern.meaning.End;
import dev.postern.net.AddressSet;
import dev.postern.net.Cidr;
import dev.postern.net.Traffic;
import dev.postern.plan.Plan;
import dev.postern.policy.NamespaceSelection;
import dev.postern.selector.Selector;
import dev.postern.solver.Limits;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Pods on the host network, and what a pod exchanges with its own node, count in questions about pods that could come. */
class TrafficOfNodesTest {

  private static final String DB = """
      apiVersion: v1
      kind: Namespace
      metadata: {name: prod, labels: {stage: prod}}
      ---
      apiVersion: v1
      kind: Namespace
      metadata: {name: dev, labels: {stage: dev}}
      ---
      apiVersion: v1
      kind: Node
      metadata: {name: n1}
      status: {addresses: [{type: InternalIP, address: 192.0.2.21}]}
      ---
      apiVersion: v1
      kind: Pod
      metadata: {name: db, namespace: prod, labels: {app: db}}
      spec: {nodeName: n1, containers: [{name: c}]}
      status: {podIP: 10.0.0.1}
      ---
      """;

  private static final String OWN_NAMESPACE_ONLY = """
      apiVersion: networking.k8s.io/v1
      kind: NetworkPolicy
      metadata: {name: db, namespace: prod}
      spec: {podSelector: {}, policyTypes: [Ingress, Egress], ingress: [{from: [{podSelector: {}}]}]}
      """;

  private static final String NO_POD_AT_ALL = """
      apiVersion: policy.networking.k8s.io/v1alpha2
      kind: ClusterNetworkPolicy
      metadata: {name: shut}
      spec:
        tier: Admin
        priority: 1
        subject: {namespaces: {matchLabels: {stage: prod}}}
        ingress: [{name: all, action: Deny, from: [{namespaces: {}}]}]
      """;

  /** A pod of namespace dev on the host network. */
  private static String agent(String place) {
    return """
        ---
        apiVersion: v1
        kind: Pod
        metadata: {name: agent, namespace: dev}
        spec: {%shostNetwork: true, containers: [{name: c}]}
        """.formatted(place);
  }

  private static OpenOutcome ask(String manifests, Role source) {
    Plan plan = Plan.of(Manifests.read(Source.text("c.yaml", manifests)).cluster());
    return OpenWorld.of(plan).ask(source, db(plan), Traffic.tcp(22), Limits.DEFAULT);
  }

  private static Role db(Plan plan) {
    return new Role.Existing(plan.classes().endpoints().stream()
        .filter(end -> end.workload().name().equals("db"))
        .<End>map(end -> end)
        .toList());
  }

  private static OpenOutcome fromDev(String manifests) {
    return ask(
        manifests, new Role.AnyPod(new NamespaceSelection.Named("dev"), Selector.EVERYTHING));
  }

  @Test
  void aPodOnTheHostNetworkOfAPodsOwnNodeReachesItWhateverPoliciesSay() {
    String closed = DB + OWN_NAMESPACE_ONLY;
    assertThat(fromDev(closed + agent("nodeName: n1, "))).isInstanceOf(OpenOutcome.Possible.class);
    assertThat(fromDev(closed + agent("nodeName: n2, "))).isInstanceOf(OpenOutcome.Never.class);
    assertThat(fromDev(closed + agent(""))).isInstanceOf(OpenOutcome.Undecided.class);
  }

  @Test
  void itReachesThePodsOfItsNodeAlsoWhereItIsNamed() {
    Plan plan = Plan.of(
        Manifests.read(Source.text("c.yaml", DB + OWN_NAMESPACE_ONLY + agent("nodeName: n1, ")))
            .cluster());
    List<End> agent = plan.classes().endpoints().stream()
        .filter(end -> end.workload().hostNetwork())
        .<End>map(end -> end)
        .toList();
    Role named = new Role.Existing(agent);
    OpenWorld world = OpenWorld.of(plan);
    assertThat(world.ask(named, db(plan), Traffic.ALL, Limits.DEFAULT))
        .isInstanceOf(OpenOutcome.Possible.class);
    assertThat(world.ask(db(plan), named, Traffic.ALL, Limits.DEFAULT))
        .isInstanceOf(OpenOutcome.Possible.class);
  }

  @Test
  void aPodThatComesMayRunOnTheNodeWhoseHostNetworkTheOtherIsOn() {
    Plan plan = Plan.of(
        Manifests.read(Source.text("c.yaml", DB + OWN_NAMESPACE_ONLY + agent("nodeName: n2, ")))
            .cluster());
    Role any = new Role.AnyPod(new NamespaceSelection.Named("prod"), Selector.EVERYTHING);
    Role agent = new Role.Existing(plan.classes().endpoints().stream()
        .filter(end -> end.workload().hostNetwork())
        .<End>map(end -> end)
        .toList());
    assertThat(OpenWorld.of(plan).ask(any, agent, Traffic.tcp(22), Limits.DEFAULT))
        .isInstanceOf(OpenOutcome.Undecided.class);
  }

  @Test
  void aPodOnTheHostNetworkThatNoSelectorOfADenialMatchesReachesIt() {
    assertThat(fromDev(DB + NO_POD_AT_ALL)).isInstanceOf(OpenOutcome.Never.class);
    OpenOutcome outcome = fromDev(DB + NO_POD_AT_ALL + agent("nodeName: n2, "));
    assertThat(outcome).isInstanceOf(OpenOutcome.Possible.class);
    assertThat(((OpenOutcome.Possible) outcome).judgement().flow().source().toString())
        .startsWith("dev/agent");
  }

  @Test
  void addressesAmongWhichThatOfItsNodeIsReachAPod() {
    String closed = DB + OWN_NAMESPACE_ONLY;
    assertThat(ask(closed, addresses("192.0.2.0/24"))).isInstanceOf(OpenOutcome.Possible.class);
    assertThat(ask(closed, addresses("192.0.2.128/25"))).isInstanceOf(OpenOutcome.Never.class);
  }

  private static Role addresses(String cidr) {
    return new Role.AnyAddress(AddressSet.of(Cidr.parse(cidr)));
  }

  @Test
  void anAddressMayBeThatOfANodeWhichNoManifestHolds() {
    String nodes = """
        apiVersion: policy.networking.k8s.io/v1alpha1
        kind: AdminNetworkPolicy
        metadata: {name: nodes}
        spec:
          priority: 1
          subject: {namespaces: {}}
          egress:
          - {action: %s, to: [{nodes: {matchLabels: {pool: a}}}]}
          - {action: Deny, to: [{networks: [0.0.0.0/0]}]}
        """;
    String pod = DB.replace("kind: Node", "kind: ConfigMap");
    Role somewhere = new Role.AnyAddress(AddressSet.of(Cidr.parse("192.0.2.0/24")));
    assertThat(leaving(pod + nodes.formatted("Allow"), somewhere))
        .isInstanceOf(OpenOutcome.Undecided.class);
    assertThat(leaving(pod + nodes.formatted("Deny"), somewhere))
        .isInstanceOf(OpenOutcome.Never.class);
  }

  private static OpenOutcome leaving(String manifests, Role destination) {
    Plan plan = Plan.of(Manifests.read(Source.text("c.yaml", manifests)).cluster());
    return OpenWorld.of(plan).ask(db(plan), destination, Traffic.tcp(22), Limits.DEFAULT);
  }
}
