package dev.postern.replay;

import dev.postern.answer.Reason;
import dev.postern.answer.Uncertainty;
import dev.postern.deadline.Deadline;
import dev.postern.meaning.Decision;
import dev.postern.meaning.End;
import dev.postern.meaning.Flow;
import dev.postern.meaning.FlowVerdict;
import dev.postern.meaning.Judgement;
import dev.postern.meaning.Reference;
import dev.postern.net.Address;
import dev.postern.net.Protocol;
import dev.postern.policy.Action;
import dev.postern.policy.Direction;
import dev.postern.policy.Policy;
import dev.postern.policy.PolicyRule;
import dev.postern.reach.Reachability;
import dev.postern.reach.Unplaced;
import dev.postern.replay.Edges.Key;
import dev.postern.replay.RecordedEnd.NodeRelation;
import dev.postern.traffic.Count;
import dev.postern.traffic.LogPlace;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Stream;

/**
 * What a set of policies makes of traffic that was seen. Traffic between the same ends and on the same port is one row. A connection that
 * passed at its source but was dropped where it arrived did not pass; where a part of them passed and another was dropped, each has a row.
 *
 * @param rows what was seen, and how it is treated now: first what breaks, the most frequent first
 * @param unused the rules that allow something, and of which no traffic that was seen could make use; in the order of the policies
 */
public record Replay(List<ReplayRow> rows, List<Decision.Cause> unused) {

  /** How the policies treat recorded traffic. */
  public enum Fate {
    /** It passed and would be denied. */
    BREAKS,
    /** It was dropped and would pass. */
    OPENS,
    /** The policies or the manifests do not say. */
    UNDECIDED,
    /** Nothing changes. */
    SAME
  }

  /**
   * Traffic between the same ends and on the same port.
   *
   * @param source the caller's name: a workload, an address, or the smallest block around several addresses that no policy tells apart
   * @param destination who was called
   * @param port the destination port; 0 for a protocol without ports, and where it is not known which end opened the connection
   * @param flows how many connections or packets
   * @param bytes how many bytes; 0 if no log says it
   * @param place where the first record stands
   * @param first when it was first seen, if a log says it
   * @param last when it was last seen
   * @param judgement what the definition says of it; empty if an end is not known
   * @param reason why it cannot be judged, or why it passes though no policy was asked; empty if it was judged
   * @param assumed whether that it passed is known only from something that knows no policies
   */
  public record ReplayRow(
      String source,
      String destination,
      Protocol protocol,
      int port,
      long flows,
      long bytes,
      LogPlace place,
      Optional<Instant> first,
      Optional<Instant> last,
      Fate fate,
      Optional<Judgement> judgement,
      String reason,
      boolean assumed) {

    /** What tells two rows of the same ends and fate apart: why it is so. */
    private String why() {
      return reason + judgement.map(Reason::of).map(Object::toString).orElse("");
    }

    /** Both in one; of two reasons the same is told whichever came first. */
    private ReplayRow plus(ReplayRow more) {
      return more.why().compareTo(why()) < 0 ? more.with(this) : with(more);
    }

    private ReplayRow with(ReplayRow more) {
      return new ReplayRow(
          source,
          destination,
          protocol,
          port,
          Count.plus(flows, more.flows),
          Count.plus(bytes, more.bytes),
          place,
          Stream.concat(first.stream(), more.first.stream()).min(Comparator.naturalOrder()),
          Stream.concat(last.stream(), more.last.stream()).max(Comparator.naturalOrder()),
          fate,
          judgement,
          reason,
          assumed && more.assumed);
    }
  }

  public Replay {
    rows = List.copyOf(rows);
    unused = List.copyOf(unused);
  }

  /** The rows of one fate. */
  public List<ReplayRow> rows(Fate fate) {
    return rows.stream().filter(row -> row.fate == fate).toList();
  }

  /** How many flows have one fate. */
  public long flows(Fate fate) {
    return rows.stream()
        .filter(row -> row.fate == fate)
        .mapToLong(ReplayRow::flows)
        .reduce(0, Count::plus);
  }

  /**
   * Judges what was seen.
   *
   * @param policies those of the plan that the edges were made with
   */
  public static Replay of(Edges edges, Reachability policies) {
    return new Judge(edges.ends().policies(policies)).judge(edges);
  }

  /** The rows alone. */
  static List<ReplayRow> rows(Edges edges, Reachability policies) {
    return new Judge(edges.ends().policies(policies)).rows(edges);
  }

  /** The same names, port and fate. */
  private record Together(
      String source, String destination, Protocol protocol, int port, Fate fate) {}

  /** No packet goes between the two: a proxy or a translator stands between them, or a column was taken for another. */
  private static final String TWO_FAMILIES =
      "one end has an IPv4 address, and the other an IPv6 address";

  private static final class Judge {
    private final Reachability policies;
    private final Reference reference;
    private final Set<Address> nodeAddresses = new HashSet<>();
    private final Set<PolicyRule> used = Collections.newSetFromMap(new IdentityHashMap<>());

    Judge(Reachability policies) {
      this.policies = policies;
      this.reference = new Reference(policies.plan().cluster(), policies.plan().options());
      policies.plan().cluster().nodes().forEach(node -> nodeAddresses.addAll(node.addresses()));
    }

    List<ReplayRow> rows(Edges edges) {
      Map<Together, ReplayRow> together = new LinkedHashMap<>();
      edges.tallies().forEach((key, tally) -> {
        for (ReplayRow row : rows(key, tally)) {
          row.judgement().ifPresent(this::uses);
          together.merge(
              new Together(row.source, row.destination, row.protocol, row.port, row.fate),
              row,
              ReplayRow::plus);
        }
      });
      List<ReplayRow> rows = new ArrayList<>(together.values());
      rows.sort(Comparator.comparing(ReplayRow::fate)
          .thenComparing(ReplayRow::flows, Comparator.reverseOrder()));
      return rows;
    }

    Replay judge(Edges edges) {
      List<ReplayRow> rows = rows(edges);
      return new Replay(rows, unused());
    }

    private void uses(Judgement judgement) {
      for (Decision decision : List.of(judgement.egress(), judgement.ingress())) {
        if (decision.verdict() != FlowVerdict.DENIED) {
          decision.causes().forEach(cause -> cause.rule().ifPresent(used::add));
        }
      }
    }

    private List<Decision.Cause> unused() {
      List<Decision.Cause> unused = new ArrayList<>();
      for (Policy policy : policies.plan().cluster().policies()) {
        for (Direction direction : Direction.values()) {
          for (PolicyRule rule : policy.rules(direction)) {
            if (rule.action() == Action.ALLOW
                && policy.appliesTo(direction)
                && !used.contains(rule)) {
              unused.add(new Decision.Cause(policy, Optional.of(rule)));
            }
          }
        }
      }
      return unused;
    }

    /** What of an edge passed, and what was denied. */
    private List<ReplayRow> rows(Key key, Tally tally) {
      List<ReplayRow> rows = new ArrayList<>();
      if (tally.hasPassed()) {
        rows.add(row(key, tally, true));
      }
      if (tally.hasDenied()) {
        rows.add(row(key, tally, false));
      }
      return rows;
    }

    private ReplayRow row(Key key, Tally tally, boolean passed) {
      Deadline.current().check();
      Optional<Judgement> judgement = Optional.empty();
      String reason = "";
      Fate fate = Fate.UNDECIDED;
      Optional<RecordedEnd> stranger = Stream.of(key.source(), key.destination())
          .filter(party -> party.end().isEmpty())
          .findFirst();
      if (stranger.isPresent()) {
        reason = stranger.get().unknown();
      } else if (flow(key, tally).isOfTwoFamilies()) {
        reason = TWO_FAMILIES;
      } else if (!key.opened()) {
        reason = "neither the log nor the ports say which end opened it, and which one was called";
      } else if (nodePortOf(flow(key, tally)).isPresent()) {
        reason = nodePortOf(flow(key, tally)).get();
      } else if (isWithOwnNode(key)) {
        fate = passed ? Fate.SAME : Fate.OPENS;
        reason =
            "the log says that one end is the node of the other, and what a pod exchanges with its own node passes";
      } else {
        Flow flow = flow(key, tally);
        judgement = Optional.of(reference.judge(flow));
        FlowVerdict verdict = judgement.get().verdict();
        if (verdict != policies.verdict(flow)) {
          throw new IllegalStateException("the set engine says " + policies.verdict(flow)
              + ", the definition says " + verdict + " of " + flow);
        }
        boolean otherNode = stands(key, NodeRelation.OTHER_NODE);
        if (verdict == FlowVerdict.UNKNOWN) {
          reason = Uncertainty.of(judgement.get(), policies.plan().cluster())
              .orElse("the manifests do not say enough");
        } else if (otherNode && judgement.get().exemption() == Judgement.Exemption.OWN_NODE) {
          reason =
              "the log says that one end is another node than that of the other, and the manifests say that it is its own";
        } else if (verdict == FlowVerdict.DENIED
            && passed
            && !otherNode
            && policies.mayBeExempt(flow.source(), flow.destination())) {
          reason = Unplaced.reason(flow);
        } else if ((verdict == FlowVerdict.ALLOWED) == passed) {
          fate = Fate.SAME;
        } else {
          fate = passed ? Fate.BREAKS : Fate.OPENS;
        }
      }
      return new ReplayRow(
          name(key.source(), tally.sources()),
          name(key.destination(), tally.destinations()),
          key.protocol(),
          key.port(),
          passed ? tally.passed() : tally.denied(),
          // No log says which bytes were of what passed.
          passed || !tally.hasPassed() ? tally.bytes() : 0,
          tally.place(),
          tally.first(),
          tally.last(),
          fate,
          judgement,
          reason,
          passed && tally.assumed());
    }

    /** That a flow is to a node port, from where a Service leads it to pods that the log does not tell. */
    private Optional<String> nodePortOf(Flow flow) {
      if (!(flow.destination() instanceof End.Outside node)
          || !nodeAddresses.contains(node.address())) {
        return Optional.empty();
      }
      return policies.plan().cluster().services().stream()
          .filter(service -> service.ports().stream()
              .anyMatch(port -> port.protocol() == flow.protocol()
                  && port.nodePort().equals(OptionalInt.of(flow.port()))))
          .findFirst()
          .map(service -> flow.port() + " is the node port of Service " + service.id()
              + ", and the log does not say which pod it chose");
    }

    private static Flow flow(Key key, Tally tally) {
      return new Flow(
          end(key.source(), tally.sources()),
          end(key.destination(), tally.destinations()),
          key.opened() ? key.protocol() : Protocol.OTHER,
          key.port());
    }

    /** Of addresses that no policy tells apart, the lowest that was seen stands for all. */
    private static End end(RecordedEnd named, Optional<AddressCover> seen) {
      Optional<Address> lowest = seen.map(AddressCover::lowest);
      return named.isRange() && lowest.isPresent()
          ? new End.Outside(lowest.get())
          : named.end().orElseThrow();
    }

    private static String name(RecordedEnd named, Optional<AddressCover> seen) {
      return named.isRange() ? seen.map(AddressCover::toString).orElse("") : named.name();
    }

    private boolean isWithOwnNode(Key key) {
      return policies.plan().options().nodeTrafficPasses()
          && stands(key, NodeRelation.OWN_NODE)
          && Stream.of(key.source(), key.destination())
              .anyMatch(party -> party.end().orElseThrow() instanceof End.InPod);
    }

    private static boolean stands(Key key, NodeRelation relation) {
      return key.source().relation() == relation || key.destination().relation() == relation;
    }
  }
}
