package dev.postern.verify;

import dev.postern.meaning.End;
import dev.postern.net.Traffic;
import dev.postern.question.Quantifier;
import dev.postern.verify.Answer.Verdict;
import dev.postern.verify.reach.Reach;
import dev.postern.verify.reach.Reachability;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Judges sources against targets: every pair of ends that can speak with each other, then as many of them as the sentence means. A pod's
 * calls to itself always pass and are left out unless nothing else was asked.
 */
final class Judge {

  private final Reachability reachability;
  private final boolean apart;
  private final boolean existential;
  private final int samples;

  /**
   * A judge.
   *
   * @param apart whether each end is in a cell of its own, since traffic with a pod's own node passes whatever its class
   * @param existential whether one part of the asked traffic is enough
   * @param samples how many connections that pass to keep a sample of
   */
  Judge(Reachability reachability, boolean apart, boolean existential, int samples) {
    this.reachability = reachability;
    this.apart = apart;
    this.existential = existential;
    this.samples = samples;
  }

  /** Ends between which something happens, and the traffic to which it happens. */
  record Sample(Cell source, Cell destination, Traffic traffic) {}

  /** What was found. */
  static final class Findings {
    Verdict verdict = Verdict.DENIED;
    final List<Connection> connections = new ArrayList<>();
    long unlisted;
    long judged;
    boolean onlyItself;
    boolean familiesDiffer;
    final List<Sample> passing = new ArrayList<>();
    Optional<Sample> stopped = Optional.empty();
    Optional<Sample> undecided = Optional.empty();

    /** Takes more sources, of which one is enough. */
    void add(Findings more) {
      Set<Verdict> both = EnumSet.of(verdict, more.verdict);
      verdict = fold(Quantifier.ANY, both);
      connections.addAll(more.connections);
      passing.addAll(more.passing);
      unlisted += more.unlisted;
      undecided = undecided.or(() -> more.undecided);
    }

    /** Whether more pairs were judged than a person wants to see: the verdict is all that still matters. */
    boolean isFull() {
      return judged >= Answer.LIMIT;
    }

    /**
     * Takes a pair into the list.
     *
     * @param passingOnly whether pairs between which nothing passes are of no interest
     */
    void list(Connection connection, boolean passingOnly) {
      boolean passes = !connection.isDenied() || !connection.unknown().isEmpty();
      boolean wanted = passes ? connections.size() < 2 * Answer.LIMIT : !passingOnly && !isFull();
      judged++;
      if (wanted) {
        connections.add(connection);
      } else if (passes || !passingOnly) {
        unlisted++;
      }
    }
  }

  Findings judge(
      List<Site> sources, Quantifier ofSources, List<Target> targets, Quantifier ofTargets) {
    Findings findings = new Findings();
    Set<Verdict> bySource = EnumSet.noneOf(Verdict.class);
    boolean itself = false;
    for (Site source : sources) {
      List<Set<Verdict>> rows = new ArrayList<>();
      source.cells().forEach(cell -> rows.add(EnumSet.noneOf(Verdict.class)));
      for (Target target : targets) {
        if (mayStop(findings) && rows.stream().allMatch(row -> isSettled(ofTargets, row))) {
          break;
        }
        itself |= judge(source, target, rows, findings);
      }
      for (Set<Verdict> row : rows) {
        if (!row.isEmpty()) {
          bySource.add(fold(ofTargets, row));
        }
      }
      if (mayStop(findings) && isSettled(ofSources, bySource)) {
        break;
      }
    }
    if (mayStop(findings)) {
      findings.unlisted = (long) sources.size() * targets.size() - findings.connections.size();
    }
    findings.onlyItself = bySource.isEmpty() && itself;
    findings.verdict = findings.onlyItself ? Verdict.ALLOWED : fold(ofSources, bySource);
    return findings;
  }

  /** Whether the verdict is all that still matters; never to who asked for a list. */
  private boolean mayStop(Findings findings) {
    return samples == 1 && findings.isFull();
  }

  /** Whether nothing that is still to come can change the fold. */
  private static boolean isSettled(Quantifier quantifier, Set<Verdict> seen) {
    return quantifier == Quantifier.ANY
        ? seen.contains(Verdict.ALLOWED)
        : fold(quantifier, seen) == Verdict.PARTIAL;
  }

  /** Adds a verdict to the row of each source cell; says whether a pod was left out since it would call itself. */
  private boolean judge(Site source, Target target, List<Set<Verdict>> rows, Findings findings) {
    if (target.site().isEmpty()) {
      rows.forEach(row -> row.add(Verdict.DENIED));
      return false;
    }
    Site destination = target.site().get();
    Traffic everywhere = target.asked();
    Traffic somewhere = Traffic.NONE;
    Traffic maybe = Traffic.NONE;
    boolean itself = false;
    boolean spoken = false;
    int passing = findings.passing.size();
    for (int i = 0; i < rows.size(); i++) {
      Cell from = source.cells().get(i);
      for (Cell to : destination.cells()) {
        if (!from.speaksWith(to)) {
          continue;
        }
        if (from.isOnlyItself(to)) {
          itself = true;
          continue;
        }
        spoken = true;
        Reach reach = reach(from, to);
        Traffic allowed = target.asked().intersect(reach.allowed());
        Traffic unknown = target.asked().intersect(reach.possible()).minus(allowed);
        Traffic denied = target.asked().minus(reach.possible());
        rows.get(i).add(verdict(allowed, unknown, denied));
        everywhere = everywhere.intersect(allowed);
        somewhere = somewhere.union(allowed);
        maybe = maybe.union(unknown);
        if (!allowed.isEmpty() && passing == findings.passing.size() && passing < samples) {
          findings.passing.add(new Sample(from, to, allowed));
        }
        sample(findings, from, to, unknown, denied);
      }
    }
    if (spoken) {
      findings.list(
          new Connection(
              source.name(),
              destination.name(),
              target.asked(),
              everywhere,
              somewhere.minus(everywhere),
              maybe.minus(somewhere),
              source.range(),
              destination.range()),
          samples > 1);
    } else if (!itself) {
      findings.familiesDiffer = true;
      rows.forEach(row -> row.add(Verdict.DENIED));
    }
    return itself;
  }

  private Reach reach(Cell from, Cell to) {
    return !apart && from.number().isPresent() && to.number().isPresent()
        ? reachability.between(from.number().getAsInt(), to.number().getAsInt())
        : reachability.traffic(from.first(), to.first());
  }

  private static void sample(
      Findings findings, Cell from, Cell to, Traffic unknown, Traffic denied) {
    if (findings.stopped.isEmpty() && !denied.isEmpty()) {
      findings.stopped = Optional.of(new Sample(from, to, denied));
    }
    if (findings.undecided.isEmpty() && !unknown.isEmpty()) {
      findings.undecided = Optional.of(new Sample(from, to, unknown));
    }
  }

  private Verdict verdict(Traffic allowed, Traffic unknown, Traffic denied) {
    Set<Verdict> parts = EnumSet.noneOf(Verdict.class);
    if (!allowed.isEmpty()) {
      parts.add(Verdict.ALLOWED);
    }
    if (!unknown.isEmpty()) {
      parts.add(Verdict.UNKNOWN);
    }
    if (!denied.isEmpty()) {
      parts.add(Verdict.DENIED);
    }
    return fold(existential ? Quantifier.ANY : Quantifier.EVERY, parts);
  }

  /** Nothing at all is denied. */
  static Verdict fold(Quantifier quantifier, Set<Verdict> seen) {
    if (seen.isEmpty()) {
      return Verdict.DENIED;
    }
    if (quantifier == Quantifier.ANY) {
      for (Verdict best : List.of(Verdict.ALLOWED, Verdict.UNKNOWN, Verdict.PARTIAL)) {
        if (seen.contains(best)) {
          return best;
        }
      }
      return Verdict.DENIED;
    }
    if (seen.size() == 1) {
      return seen.iterator().next();
    }
    return seen.contains(Verdict.PARTIAL)
            || (seen.contains(Verdict.ALLOWED) && seen.contains(Verdict.DENIED))
        ? Verdict.PARTIAL
        : Verdict.UNKNOWN;
  }

  /** Two ends of a sample that are not the same pod. */
  static List<End> ends(Sample sample) {
    End source = sample.source().first();
    for (End destination : sample.destination().ends()) {
      if (!Cell.samePod(source, destination)) {
        return List.of(source, destination);
      }
    }
    End destination = sample.destination().first();
    for (End other : sample.source().ends()) {
      if (!Cell.samePod(other, destination)) {
        return List.of(other, destination);
      }
    }
    return List.of(source, destination);
  }
}
