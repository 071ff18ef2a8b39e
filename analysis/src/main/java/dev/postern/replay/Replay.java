package dev.postern.replay;

import dev.postern.answer.Uncertainty;
import dev.postern.deadline.Deadline;
import dev.postern.meaning.End;
import dev.postern.meaning.Flow;
import dev.postern.meaning.FlowVerdict;
import dev.postern.meaning.Judgement;
import dev.postern.meaning.Reference;
import dev.postern.net.Family;
import dev.postern.net.Protocol;
import dev.postern.reach.Reachability;
import dev.postern.reach.Unplaced;
import dev.postern.replay.RecordedEnds.Named;
import dev.postern.replay.RecordedEnds.Standing;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What a set of policies makes of recorded traffic. Entries about the same ends and port are one row. A connection that passed at its
 * source but was dropped where it arrived did not pass.
 *
 * @param rows what was recorded, as it fares now: first what breaks, the most frequent first
 */
public record Replay(List<Row> rows) {

  /** How recorded traffic fares under the policies. */
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
   * Entries about the same ends and port.
   *
   * @param source the caller's name: a workload, or an address
   * @param destination who was called
   * @param times how many entries
   * @param first the first of them
   * @param judgement what the definition says of it; empty if an end is not known
   * @param reason why it cannot be judged, or why it passes though no policy was asked; empty if it was judged
   */
  public record Row(
      String source,
      String destination,
      Protocol protocol,
      int port,
      int times,
      Recorded first,
      Fate fate,
      Optional<Judgement> judgement,
      String reason) {

    private Row plus(int more) {
      return new Row(
          source, destination, protocol, port, times + more, first, fate, judgement, reason);
    }
  }

  public Replay {
    rows = List.copyOf(rows);
  }

  /** The rows of one fate. */
  public List<Row> rows(Fate fate) {
    return rows.stream().filter(row -> row.fate == fate).toList();
  }

  /** Judges what was recorded. */
  public static Replay of(List<Recorded> log, Reachability policies) {
    return new Judge(policies).judge(log);
  }

  /** The same ends and port. */
  private record Key(Named source, Named destination, Protocol protocol, int port) {}

  /** The same names, port and fate. */
  private record Together(
      String source, String destination, Protocol protocol, int port, Fate fate) {}

  /** Entries of one row. */
  private static final class Seen {
    private final Recorded first;
    private int times;
    private boolean passed;
    private boolean arrived;
    private boolean dropped;

    Seen(Recorded first) {
      this.first = first;
    }

    void add(Recorded entry) {
      times++;
      passed |= entry.passed();
      arrived |= entry.passed() && entry.arriving();
      dropped |= !entry.passed();
    }

    boolean got() {
      return arrived || (passed && !dropped);
    }
  }

  private static final class Judge {
    private final RecordedEnds ends;
    private Reachability policies;
    private Reference reference;

    Judge(Reachability policies) {
      this.policies = policies;
      this.reference = new Reference(policies.plan().cluster(), policies.plan().options());
      this.ends = new RecordedEnds(policies.plan());
    }

    Replay judge(List<Recorded> log) {
      Map<Key, Seen> seen = new LinkedHashMap<>();
      for (Recorded entry : log) {
        Optional<Family> family = entry
            .source()
            .address()
            .or(entry.destination()::address)
            .map(address -> address.family());
        Named source = ends.named(entry.source(), family);
        Named destination = ends.named(entry.destination(), family);
        seen.computeIfAbsent(
                new Key(source, destination, entry.protocol(), entry.port()),
                key -> new Seen(entry))
            .add(entry);
      }
      policies = ends.policies(policies);
      reference = new Reference(policies.plan().cluster(), policies.plan().options());
      Map<Together, Row> together = new LinkedHashMap<>();
      seen.forEach((key, entries) -> {
        Row row = row(key, entries);
        together.merge(
            new Together(row.source, row.destination, row.protocol, row.port, row.fate),
            row,
            (one, more) -> one.plus(more.times));
      });
      List<Row> rows = new ArrayList<>(together.values());
      rows.sort(
          Comparator.comparing(Row::fate).thenComparing(Row::times, Comparator.reverseOrder()));
      return new Replay(rows);
    }

    private Row row(Key key, Seen seen) {
      Deadline.current().check();
      Optional<Judgement> judgement = Optional.empty();
      String reason = "";
      Fate fate = Fate.UNDECIDED;
      Optional<Named> stranger = Stream.of(key.source, key.destination)
          .filter(party -> party.end().isEmpty())
          .findFirst();
      if (stranger.isPresent()) {
        reason = stranger.get().unknown();
      } else if (isWithOwnNode(key)) {
        fate = seen.got() ? Fate.SAME : Fate.OPENS;
        reason =
            "the log says that one end is the node of the other, and what a pod exchanges with its own node passes";
      } else {
        Flow flow = new Flow(
            key.source.end().orElseThrow(),
            key.destination.end().orElseThrow(),
            key.protocol,
            key.port);
        judgement = Optional.of(reference.judge(flow));
        FlowVerdict verdict = judgement.get().verdict();
        if (verdict != policies.verdict(flow)) {
          throw new IllegalStateException("the set engine says " + policies.verdict(flow)
              + ", the definition says " + verdict + " of " + flow);
        }
        boolean otherNode = stands(key, Standing.OTHER_NODE);
        if (verdict == FlowVerdict.UNKNOWN) {
          reason = Uncertainty.of(judgement.get(), policies.plan().cluster())
              .orElse("the manifests do not say enough");
        } else if (otherNode && judgement.get().exemption() == Judgement.Exemption.OWN_NODE) {
          reason =
              "the log says that one end is another node than that of the other, and the manifests say that it is its own";
        } else if (verdict == FlowVerdict.DENIED
            && seen.got()
            && !otherNode
            && policies.mayBeExempt(flow.source(), flow.destination())) {
          reason = Unplaced.reason(flow);
        } else if ((verdict == FlowVerdict.ALLOWED) == seen.got()) {
          fate = Fate.SAME;
        } else {
          fate = seen.got() ? Fate.BREAKS : Fate.OPENS;
        }
      }
      return new Row(
          key.source.name(),
          key.destination.name(),
          key.protocol,
          key.port,
          seen.times,
          seen.first,
          fate,
          judgement,
          reason);
    }

    private boolean isWithOwnNode(Key key) {
      return policies.plan().options().nodeTrafficPasses()
          && stands(key, Standing.OWN_NODE)
          && Stream.of(key.source, key.destination)
              .anyMatch(party -> party.end().orElseThrow() instanceof End.InPod);
    }

    private static boolean stands(Key key, Standing standing) {
      return key.source.standing() == standing || key.destination.standing() == standing;
    }
  }
}
