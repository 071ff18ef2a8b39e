package dev.postern.diff;

import static dev.postern.diff.RowsOfFlows.holds;
import static dev.postern.diff.RowsOfFlows.mayMeet;
import static dev.postern.diff.RowsOfFlows.traffic;
import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.cluster.Cluster;
import dev.postern.cluster.Workload;
import dev.postern.meaning.End;
import dev.postern.meaning.Flow;
import dev.postern.meaning.FlowVerdict;
import dev.postern.meaning.Options;
import dev.postern.net.Protocol;
import dev.postern.net.Traffic;
import dev.postern.plan.Plan;
import dev.postern.policy.Direction;
import dev.postern.policy.Policy;
import dev.postern.reach.Reach;
import dev.postern.reach.Reachability;
import dev.postern.testing.ClusterFeature;
import dev.postern.testing.Clusters;
import dev.postern.testing.PolicyMutation;
import dev.postern.testing.Probes;
import dev.postern.testing.Profile;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.Size;

/** The rows of a difference against the verdicts on single flows, over random clusters and edits of them. */
class DifferencePropertiesTest {

  @Property(tries = 500)
  void theRowsAreExactlyTheFlowsWhoseVerdictChanges(
      @ForAll Cluster cluster, @ForAll Random random) {
    List<Policy> fewer =
        cluster.policies().stream().filter(policy -> random.nextInt(3) > 0).toList();
    List<Workload> some =
        cluster.workloads().stream().filter(workload -> random.nextInt(6) > 0).toList();
    Cluster smaller = cluster.withPolicies(fewer).withWorkloads(some);
    boolean grows = random.nextBoolean();
    Cluster one = grows ? smaller : cluster;
    Cluster other = grows ? cluster : smaller;
    theRowsAreExact(
        one, other, Difference.between(Plan.of(one), Plan.of(other)), grows, cluster, random);
  }

  /** The same where policies alone differ, and only what may matter is looked at. */
  @Property(tries = 700)
  void theRowsOfEditedPoliciesAreExactlyTheFlowsWhoseVerdictChanges(
      @ForAll Cluster cluster,
      @ForAll @Size(min = 1, max = 3) List<PolicyMutation> mutations,
      @ForAll boolean backwards,
      @ForAll Options.HostNetwork hostNetwork,
      @ForAll Random random) {
    Cluster edited = cluster;
    for (PolicyMutation mutation : mutations) {
      edited = mutation.of(edited, random).orElse(edited);
    }
    Cluster one = backwards ? edited : cluster;
    Cluster other = backwards ? cluster : edited;
    Options options = Options.DEFAULT.withHostNetwork(hostNetwork);
    Difference difference = Difference.between(one, other, options);
    Difference whole = Difference.between(Plan.of(one, options), Plan.of(other, options));
    assertThat(difference.opened().isEmpty()).isEqualTo(whole.opened().isEmpty());
    assertThat(difference.closed().isEmpty()).isEqualTo(whole.closed().isEmpty());
    assertThat(difference.newlyIsolated()).isEqualTo(whole.newlyIsolated());
    assertThat(difference.added()).isEqualTo(whole.added());
    theRowsAreExact(one, other, difference, options, true, cluster, random);
  }

  private static void theRowsAreExact(
      Cluster one,
      Cluster other,
      Difference difference,
      boolean grows,
      Cluster cluster,
      Random random) {
    theRowsAreExact(one, other, difference, Options.DEFAULT, grows, cluster, random);
  }

  private static void theRowsAreExact(
      Cluster one,
      Cluster other,
      Difference difference,
      Options options,
      boolean grows,
      Cluster cluster,
      Random random) {
    RowCauseSearch turning = new RowCauseSearch(one, other, options);
    difference.opened().forEach(row -> assertTurned(turning.of(row), 1));
    difference.closed().forEach(row -> assertTurned(turning.of(row), -1));
    Options policiesOnly = options.withNodeTrafficPasses(false);
    Reachability before = Reachability.of(Plan.of(one, policiesOnly));
    Reachability after = Reachability.of(Plan.of(other, policiesOnly));
    Probes probes = Probes.of(cluster, random);
    List<End> ends = new ArrayList<>((grows ? after : before).plan().classes().endpoints());
    probes.outside(cluster).forEach(address -> ends.add(new End.Outside(address)));
    for (int i = 0; i < 150 && !ends.isEmpty(); i++) {
      End source = ends.get(random.nextInt(ends.size()));
      End destination = ends.get(random.nextInt(ends.size()));
      if (!mayMeet(source, destination)) {
        continue;
      }
      Protocol protocol = Protocol.values()[random.nextInt(4)];
      int port =
          protocol.hasPorts() ? probes.ports().get(random.nextInt(probes.ports().size())) : 0;
      Flow flow = new Flow(source, destination, protocol, port);
      FlowVerdict was = verdict(before, flow);
      FlowVerdict is = verdict(after, flow);
      assertThat(holds(difference.opened(), flow))
          .as("%s was %s, is %s", flow, was, is)
          .isEqualTo(rank(is) > rank(was));
      assertThat(holds(difference.closed(), flow))
          .as("%s was %s, is %s", flow, was, is)
          .isEqualTo(rank(is) < rank(was));
    }
  }

  /** What contradicts a relation is among the rows exactly where a flow does. */
  @Property(tries = 300)
  void aFlowAgainstARelationIsInARowThatSaysSo(
      @ForAll("certain") Cluster cluster,
      @ForAll @Size(min = 1, max = 3) List<PolicyMutation> mutations,
      @ForAll Random random) {
    Cluster edited = cluster;
    for (PolicyMutation mutation : mutations) {
      edited = mutation.of(edited, random).orElse(edited);
    }
    Options options = Options.DEFAULT.withNodeTrafficPasses(false);
    Difference difference = Difference.between(cluster, edited, options);
    Plan plan = Plan.of(cluster, options);
    Reachability before = Reachability.of(plan);
    Reachability after = Reachability.of(Plan.of(edited, options));
    List<Difference.DifferenceRow> contains =
        Relation.CONTAINS.against(difference, cluster, options);
    List<Difference.DifferenceRow> permits = Relation.PERMITS.against(difference, cluster, options);
    List<Difference.DifferenceRow> interferes =
        Relation.NO_INTERFERENCE.against(difference, cluster, options);
    assertThat(contains).containsAll(permits);
    assertThat(difference.opened()).containsAll(interferes);
    Probes probes = Probes.of(cluster, random);
    List<End> ends = new ArrayList<>(plan.classes().endpoints());
    probes.outside(cluster).forEach(address -> ends.add(new End.Outside(address)));
    for (int i = 0; i < 150 && !ends.isEmpty(); i++) {
      End source = ends.get(random.nextInt(ends.size()));
      End destination = ends.get(random.nextInt(ends.size()));
      if (!mayMeet(source, destination)) {
        continue;
      }
      int port = probes.ports().get(random.nextInt(probes.ports().size()));
      Flow flow = new Flow(source, destination, Protocol.TCP, port);
      int was = rank(verdict(before, flow));
      int is = rank(verdict(after, flow));
      boolean explicit = isolates(plan, source, Direction.EGRESS)
          || isolates(plan, destination, Direction.INGRESS);
      assertThat(holds(contains, flow)).isEqualTo(is < was);
      if (explicit) {
        assertThat(holds(permits, flow)).isEqualTo(is < was);
        assertThat(holds(interferes, flow)).isEqualTo(is > was);
      }
    }
  }

  private static boolean isolates(Plan plan, End end, Direction direction) {
    return end instanceof End.InPod
        && plan.isolated(direction).contains(plan.classes().classOf(end));
  }

  /** What is shown of a row is a flow that turned as the row says, with a side that did. */
  private static void assertTurned(Optional<RowCause> turned, int sign) {
    turned.filter(each -> each.before().isPresent() && each.after().isPresent()).ifPresent(each -> {
      FlowVerdict was = each.before().get().verdict();
      FlowVerdict is = each.after().get().verdict();
      assertThat(Integer.signum(rank(is) - rank(was))).isEqualTo(sign);
      assertThat(each.sides()).isNotEmpty();
    });
  }

  @Provide
  Arbitrary<Cluster> certain() {
    return Clusters.of(Profile.EVERYTHING.without(ClusterFeature.DOMAIN_NAMES));
  }

  /** To the last port of every pair, with all pods and both sides of every border of an address. */
  @Property(tries = 100)
  void theRowsReappliedToWhatPassedGiveWhatPasses(
      @ForAll("certain") Cluster cluster,
      @ForAll @Size(min = 1, max = 3) List<PolicyMutation> mutations,
      @ForAll Random random) {
    Cluster edited = cluster;
    for (PolicyMutation mutation : mutations) {
      edited = mutation.of(edited, random).orElse(edited);
    }
    Options policiesOnly = Options.DEFAULT.withNodeTrafficPasses(false);
    Difference difference = Difference.between(cluster, edited, policiesOnly);
    Reachability before = Reachability.of(Plan.of(cluster, policiesOnly));
    Reachability after = Reachability.of(Plan.of(edited, policiesOnly));
    List<End> ends = new ArrayList<>(before.plan().classes().endpoints());
    Stream.concat(
            Probes.of(cluster, random).outside(cluster).stream(),
            Probes.of(edited, random).outside(edited).stream())
        .distinct()
        .forEach(address -> ends.add(new End.Outside(address)));
    for (End from : ends) {
      for (End to : ends) {
        if (mayMeet(from, to)) {
          if (!isCertain(before.traffic(from, to)) || !isCertain(after.traffic(from, to))) {
            // What may pass is compared by itself.
            continue;
          }
          Traffic passed = before.traffic(from, to).allowed();
          Traffic passes = after.traffic(from, to).allowed();
          assertThat(passed
                  .minus(traffic(difference.closed(), from, to))
                  .union(traffic(difference.opened(), from, to)))
              .as("%s -> %s", from, to)
              .isEqualTo(passes);
          assertThat(traffic(difference.opened(), from, to).intersect(passed).isEmpty())
              .as("what is opened did not pass: %s -> %s", from, to)
              .isTrue();
        }
      }
    }
  }

  private static boolean isCertain(Reach reach) {
    return reach.allowed().equals(reach.possible());
  }

  /** A flow of a workload that is not there does not pass. */
  private static FlowVerdict verdict(Reachability reachability, Flow flow) {
    List<Workload> there = reachability.plan().cluster().workloads();
    boolean bothAreThere = Stream.of(flow.source(), flow.destination())
        .allMatch(end -> !(end instanceof End.InPod pod) || there.contains(pod.workload()));
    return bothAreThere ? reachability.verdict(flow) : FlowVerdict.DENIED;
  }

  private static int rank(FlowVerdict verdict) {
    return verdict == FlowVerdict.ALLOWED ? 2 : verdict == FlowVerdict.UNKNOWN ? 1 : 0;
  }
}
