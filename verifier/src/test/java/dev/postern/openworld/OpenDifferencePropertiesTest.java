package dev.postern.openworld;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.cluster.Cluster;
import dev.postern.cluster.Namespace;
import dev.postern.cluster.Node;
import dev.postern.cluster.Workload;
import dev.postern.diagnostic.Origin;
import dev.postern.diff.Difference;
import dev.postern.meaning.Decision;
import dev.postern.meaning.End;
import dev.postern.meaning.FamiliesInUse;
import dev.postern.meaning.Flow;
import dev.postern.meaning.FlowVerdict;
import dev.postern.meaning.Judgement;
import dev.postern.meaning.Options;
import dev.postern.meaning.Reference;
import dev.postern.net.Address;
import dev.postern.net.Protocol;
import dev.postern.openworld.OpenDifference.ChangedShare;
import dev.postern.openworld.OpenDifference.OpenRow;
import dev.postern.openworld.OpenDifference.Witness;
import dev.postern.plan.Classes;
import dev.postern.plan.Plan;
import dev.postern.policy.Direction;
import dev.postern.selector.Labels;
import dev.postern.solver.Limits;
import dev.postern.testing.PolicyMutation;
import dev.postern.testing.Probes;
import dev.postern.testing.Tries;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.lifecycle.AfterContainer;

/** Open differences against the definition, with pods of other random clusters come to both. */
class OpenDifferencePropertiesTest {

  private static final Options OPTIONS = Options.DEFAULT.withNodeTrafficPasses(false);
  private static final Map<PolicyMutation, int[]> SEEN = new EnumMap<>(PolicyMutation.class);

  /** All rows together hold just the flows whose verdict changes: none is missing, none is invented. */
  @Property(tries = 100)
  void theRowsAreExactlyTheFlowsWhoseVerdictChangesForPodsThatCome(
      @ForAll Cluster placed,
      @ForAll Cluster others,
      @ForAll PolicyMutation mutation,
      @ForAll boolean backwards,
      @ForAll Random random) {
    // Pods on the host network of nodes that no manifest tells of.
    Cluster cluster = random.nextInt(3) == 0 ? withoutNodes(placed) : placed;
    PolicyMutation applied = mutation;
    Optional<Cluster> mutant = Optional.empty();
    // Of those that come after it the first that the cluster allows.
    for (int i = 0; mutant.isEmpty() && i < PolicyMutation.values().length; i++) {
      applied = PolicyMutation.values()[(mutation.ordinal() + i) % PolicyMutation.values().length];
      mutant = applied.of(cluster, random);
    }
    if (mutant.isEmpty()) {
      return;
    }
    // What an open picture leaves unknown is no difference.
    Cluster before = (backwards ? mutant.get() : cluster).closed();
    Cluster after = (backwards ? cluster : mutant.get()).closed();
    OpenDifference difference =
        OpenDifference.between(before, after, OPTIONS, Limits.of(Duration.ofSeconds(60)));
    // Of the addresses of names and nodes nothing is known in some clusters.
    assertThat(difference
            .undecided()
            .filter(why -> !why.startsWith("changed policies name domains")
                && !why.startsWith("changed policies select nodes")))
        .isEmpty();
    SEEN.computeIfAbsent(applied, m -> new int[2])[difference.isEmpty() ? 0 : 1]++;
    if (!Difference.between(Plan.of(before, OPTIONS), Plan.of(after, OPTIONS)).isEmpty()) {
      assertThat(difference.isEmpty()).as("what is there differs").isFalse();
    }
    difference.opened().forEach(row -> theWitnessIsSound(row, true));
    difference.closed().forEach(row -> theWitnessIsSound(row, false));

    List<Workload> workloads = new ArrayList<>(cluster.workloads());
    others.workloads().stream()
        // A pod that comes has an address.
        .filter(workload -> !workload.hostNetwork()
            && !workload.pods().isEmpty()
            && workload.pods().stream().noneMatch(pod -> pod.addresses().isEmpty()))
        .map(workload -> new Workload(
            workload.namespace(),
            "come-" + workload.name(),
            workload.kind(),
            workload.labels(),
            workload.ports(),
            false,
            workload.pods(),
            workload.origin()))
        .forEach(workloads::add);
    Cluster old = grown(before, others, workloads);
    Cluster now = grown(after, others, workloads);
    Reference was = new Reference(old, OPTIONS);
    Reference is = new Reference(now, OPTIONS);
    Probes probes = Probes.of(old, random);
    Probes probesNow = Probes.of(now, random);
    List<Integer> ports = new ArrayList<>(probes.ports());
    ports.addAll(probesNow.ports());
    List<End> ends = new ArrayList<>(Classes.of(old, OPTIONS).endpoints());
    int pods = ends.size();
    probes.outside(old).forEach(address -> ends.add(new End.Outside(address)));
    probesNow.outside(now).forEach(address -> ends.add(new End.Outside(address)));
    for (int i = 0; i < 250 && pods > 0; i++) {
      End one = ends.get(random.nextInt(pods));
      End other = ends.get(random.nextInt(ends.size()));
      boolean turned = random.nextBoolean();
      Protocol protocol = Protocol.values()[random.nextInt(4)];
      int port = protocol.hasPorts() ? ports.get(random.nextInt(ports.size())) : 0;
      Flow flow = new Flow(turned ? other : one, turned ? one : other, protocol, port);
      if (mayMeet(flow) && !familyIsOpen(flow, old) && !familyIsOpen(flow, now)) {
        rowsSay(difference, flow, now, was.judge(flow), is.judge(flow));
      }
    }
  }

  private static Cluster withoutNodes(Cluster cluster) {
    return new Cluster(
        cluster.namespaces(),
        cluster.workloads(),
        cluster.services(),
        List.of(new Node("elsewhere", Labels.NONE, List.of(), Origin.NONE)),
        cluster.entrances(),
        cluster.policies());
  }

  private static Cluster grown(Cluster cluster, Cluster others, List<Workload> workloads) {
    SortedMap<String, Namespace> namespaces = new TreeMap<>(others.namespaces());
    namespaces.putAll(cluster.namespaces());
    return new Cluster(
        namespaces, workloads, List.of(), cluster.nodes(), List.of(), cluster.policies());
  }

  private static void rowsSay(
      OpenDifference difference, Flow flow, Cluster now, Judgement was, Judgement is) {
    for (boolean opened : new boolean[] {true, false}) {
      boolean changes = opened ? rank(is) > rank(was) : rank(is) < rank(was);
      List<OpenRow> rows = (opened ? difference.opened() : difference.closed())
          .stream().filter(row -> row.holds(now, flow)).toList();
      String text = flow + " was " + was.verdict() + ", is " + is.verdict() + ": " + rows;
      assertThat(changes && rows.isEmpty()).as(text).isFalse();
      for (OpenRow row : rows) {
        if (row.extent() == ChangedShare.WHOLE) {
          assertThat(changes).as(text).isTrue();
        } else if (row.extent() == ChangedShare.WHERE_ADMITTED) {
          Decision otherSide = side(opened ? is : was, row.side() == Direction.EGRESS);
          assertThat(changes || otherSide.verdict() != FlowVerdict.ALLOWED)
              .as(text)
              .isTrue();
        }
      }
    }
  }

  private static Decision side(Judgement judgement, boolean ingress) {
    return ingress ? judgement.ingress() : judgement.egress();
  }

  private static void theWitnessIsSound(OpenRow row, boolean opened) {
    Witness witness = row.witness();
    Flow flow = witness.is().flow();
    Judgement was = new Reference(witness.before(), OPTIONS).judge(flow);
    Judgement is = new Reference(witness.after(), OPTIONS).judge(flow);
    assertThat(opened ? rank(is) > rank(was) : rank(is) < rank(was))
        .as(row.toString())
        .isTrue();
    assertThat(row.holds(witness.after(), flow)).as(row + " holds " + flow).isTrue();
  }

  private static int rank(Judgement judgement) {
    return judgement.verdict() == FlowVerdict.ALLOWED
        ? 2
        : judgement.verdict() == FlowVerdict.UNKNOWN ? 1 : 0;
  }

  private static boolean mayMeet(Flow flow) {
    if (flow.source() instanceof End.InPod a
        && flow.destination() instanceof End.InPod b
        && a.workload().equals(b.workload())
        && a.pod().equals(b.pod())) {
      return false;
    }
    Optional<Address> from = address(flow.source());
    Optional<Address> to = address(flow.destination());
    return from.isEmpty() || to.isEmpty() || from.get().family() == to.get().family();
  }

  /** The definition does not know that a pod without an address has one of the other end's family. */
  private static boolean familyIsOpen(Flow flow, Cluster cluster) {
    return address(flow.source()).isPresent() != address(flow.destination()).isPresent()
        && FamiliesInUse.of(cluster).size() > 1;
  }

  private static Optional<Address> address(End end) {
    return end instanceof End.InPod pod
        ? pod.address()
        : Optional.of(((End.Outside) end).address());
  }

  @AfterContainer
  static void bothHappened() {
    SEEN.forEach((mutation, counts) -> System.out.println(
        "open differences: " + mutation + " " + counts[1] + " seen, " + counts[0] + " equal"));
    assertThat(SEEN.values().stream().mapToInt(counts -> counts[0]).sum())
        .isGreaterThanOrEqualTo(Tries.share(1));
    assertThat(SEEN.values().stream().mapToInt(counts -> counts[1]).sum())
        .isGreaterThanOrEqualTo(Tries.share(1));
  }
}
