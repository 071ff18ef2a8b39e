package dev.postern.diff;

import static dev.postern.diff.RowsOfFlows.holds;
import static dev.postern.diff.RowsOfFlows.mayMeet;
import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.cluster.Cluster;
import dev.postern.manifest.Manifests;
import dev.postern.manifest.Source;
import dev.postern.meaning.End;
import dev.postern.meaning.Flow;
import dev.postern.meaning.FlowVerdict;
import dev.postern.meaning.Options;
import dev.postern.meaning.Reference;
import dev.postern.meaning.Undetermined;
import dev.postern.net.Protocol;
import dev.postern.plan.Plan;
import dev.postern.policy.Direction;
import dev.postern.policy.Policy;
import dev.postern.policy.PolicyKind;
import dev.postern.testing.ClusterFeature;
import dev.postern.testing.Clusters;
import dev.postern.testing.PolicyMutation;
import dev.postern.testing.Probes;
import dev.postern.testing.Profile;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.Size;
import net.jqwik.api.lifecycle.AfterContainer;
import org.junit.jupiter.api.Test;

class CommonTrafficTest {

  private static final AtomicInteger PASSING = new AtomicInteger();
  private static final AtomicInteger OTHERS = new AtomicInteger();

  private static final String PODS = """
      apiVersion: v1
      kind: Pod
      metadata: {name: web, namespace: shop, labels: {app: web}}
      spec: {containers: [{name: c}]}
      ---
      apiVersion: v1
      kind: Pod
      metadata: {name: db, namespace: shop, labels: {app: db}}
      spec: {containers: [{name: c}]}
      ---
      apiVersion: networking.k8s.io/v1
      kind: NetworkPolicy
      metadata: {name: db, namespace: shop}
      spec: {podSelector: {matchLabels: {app: db}}, policyTypes: [Ingress], %s}
      """;

  @Test
  void whatBothLetPassIsARowWhereTheFirstIsExplicit() {
    CommonTraffic common = CommonTraffic.between(
        cluster("ingress: [{from: [{podSelector: {}}], ports: [{port: 80}, {port: 81}]}]"),
        cluster("ingress: [{ports: [{port: 81}, {port: 82}]}]"),
        Options.DEFAULT);

    assertThat(common.certain())
        .extracting(Difference.DifferenceRow::toString)
        .containsExactly("shop/web -> shop/db on tcp/81");
    assertThat(common.possible()).isEqualTo(common.certain());
  }

  @Test
  void aSetThatIsolatesNobodyLetsNothingPassExplicitly() {
    Cluster none = cluster("ingress: []").withPolicies(List.of());

    assertThat(CommonTraffic.between(none, none, Options.DEFAULT).possible()).isEmpty();
  }

  /** The definition, flow by flow: a row holds a flow exactly where both let it pass and the first isolates an end for it. */
  @Property(tries = 300)
  void aFlowIsInARowExactlyIfBothLetItPassAndTheFirstIsExplicitAboutIt(
      @ForAll("certain") Cluster cluster,
      @ForAll @Size(min = 1, max = 3) List<PolicyMutation> mutations,
      @ForAll Random random) {
    Cluster edited = cluster;
    for (PolicyMutation mutation : mutations) {
      edited = mutation.of(edited, random).orElse(edited);
    }
    Options options = Options.DEFAULT.withNodeTrafficPasses(false);
    CommonTraffic common = CommonTraffic.between(cluster, edited, options);
    Reference before = new Reference(Undetermined.in(cluster), options);
    Reference after = new Reference(Undetermined.in(edited), options);
    Probes probes = Probes.of(cluster, random);
    List<End> ends = new ArrayList<>(Plan.of(cluster, options).classes().endpoints());
    probes.outside(cluster).forEach(address -> ends.add(new End.Outside(address)));
    for (int i = 0; i < 150 && !ends.isEmpty(); i++) {
      End source = ends.get(random.nextInt(ends.size()));
      End destination = ends.get(random.nextInt(ends.size()));
      if (!mayMeet(source, destination)) {
        continue;
      }
      int port = probes.ports().get(random.nextInt(probes.ports().size()));
      Flow flow = new Flow(source, destination, Protocol.TCP, port);
      FlowVerdict was = before.judge(flow).verdict();
      FlowVerdict is = after.judge(flow).verdict();
      boolean explicit = isolates(cluster, options, source, Direction.EGRESS)
          || isolates(cluster, options, destination, Direction.INGRESS);
      boolean passes = explicit && was == FlowVerdict.ALLOWED && is == FlowVerdict.ALLOWED;
      boolean mayPass = explicit && was != FlowVerdict.DENIED && is != FlowVerdict.DENIED;
      assertThat(holds(common.certain(), flow))
          .as("%s was %s, is %s, explicit %s", flow, was, is, explicit)
          .isEqualTo(passes);
      assertThat(holds(common.possible(), flow)).as("%s", flow).isEqualTo(mayPass);
      (passes ? PASSING : OTHERS).incrementAndGet();
    }
  }

  /** Else the property above would prove nothing. */
  @AfterContainer
  static void bothKindsOfFlowsWereTried() {
    assertThat(PASSING.get() == 0 && OTHERS.get() > 0).isFalse();
  }

  @Provide
  Arbitrary<Cluster> certain() {
    return Clusters.of(Profile.EVERYTHING.without(ClusterFeature.DOMAIN_NAMES));
  }

  /** By the definition of isolation: a NetworkPolicy of its namespace selects its labels and has the direction. */
  private static boolean isolates(Cluster cluster, Options options, End end, Direction direction) {
    if (!(end instanceof End.InPod pod)) {
      return false;
    }
    List<Policy> networkPolicies = cluster.policies().stream()
        .filter(policy -> policy.kind() == PolicyKind.NETWORK_POLICY)
        .toList();
    Plan plan = Plan.of(cluster.withPolicies(networkPolicies), options);
    return plan.isolated(direction).contains(plan.classes().classOf(pod));
  }

  private static Cluster cluster(String rest) {
    return Manifests.read(Source.text("set.yaml", PODS.formatted(rest))).cluster();
  }
}
