package dev.postern.answer;

import dev.postern.answer.Answer.Verdict;
import dev.postern.cluster.Pod;
import dev.postern.meaning.End;
import dev.postern.meaning.Flow;
import dev.postern.meaning.Judgement;
import dev.postern.meaning.Reference;
import dev.postern.net.AddressRange;
import dev.postern.net.PortSet;
import dev.postern.net.Protocol;
import dev.postern.net.Traffic;
import dev.postern.question.Quantifier;
import dev.postern.reach.Reach;
import dev.postern.reach.Reachability;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Judges sources against targets: every pair of ends that can speak with each other, then as many of the pods as the sentence means. A pod's
 * calls to itself are left out unless nothing else was asked: they always pass. Only those through a Service can be stopped, and count.
 */
final class PairEvaluation {

  private final Reachability reachability;
  private final Reference reference;
  private final TranslatedTraffic crossings;
  private final boolean apart;
  private final boolean existential;
  private final int samples;

  /**
   * A judge.
   *
   * @param reference judges the calls of a pod to itself
   * @param crossings judges what comes through Services by way of other addresses
   * @param apart whether each end is in a cell of its own, since traffic with a pod's own node passes whatever its class
   * @param existential whether one part of the asked traffic is enough
   * @param samples how many connections that pass to keep a sample of
   */
  PairEvaluation(
      Reachability reachability,
      Reference reference,
      TranslatedTraffic crossings,
      boolean apart,
      boolean existential,
      int samples) {
    this.reachability = reachability;
    this.reference = reference;
    this.crossings = crossings;
    this.apart = apart;
    this.existential = existential;
    this.samples = samples;
  }

  PairFindings judge(
      List<Site> sources, Quantifier ofSources, List<Destination> targets, Quantifier ofTargets) {
    PairFindings findings = new PairFindings();
    Set<Verdict> bySource = EnumSet.noneOf(Verdict.class);
    boolean itself = false;
    for (Site source : sources) {
      List<CellWays> cells = new ArrayList<>();
      source.cells().forEach(cell -> cells.add(new CellWays()));
      PodVerdicts pods = new PodVerdicts(source, ofTargets);
      for (Destination target : targets) {
        if (mayStop(findings) && pods.rows().stream().allMatch(row -> isSettled(ofTargets, row))) {
          break;
        }
        itself |= judge(source, target, cells, pods, findings);
      }
      for (int i = 0; i < cells.size(); i++) {
        Set<Locality> toNobody = cells.get(i).toNobody();
        if (!toNobody.isEmpty()) {
          pods.add(i, Verdict.DENIED);
          findings.nobodyOnItsNode |= toNobody.contains(Locality.CLIENTS_NODE);
        }
      }
      pods.rows().stream()
          .filter(row -> !row.isEmpty())
          .forEach(row -> bySource.addAll(
              ofSources == Quantifier.EVERY && ofTargets == Quantifier.EVERY
                  // Of every pair one that passes and one that does not say enough, whatever the
                  // others do.
                  ? row
                  : Set.of(fold(ofTargets, row))));
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

  /**
   * Where a Service led one cell of a source.
   *
   * @param elsewhere the ways on which some pods are on another node than the way leads to
   * @param led the ways that led to a pod
   */
  private record CellWays(Set<Locality> elsewhere, Set<Locality> led) {

    CellWays() {
      this(new HashSet<>(), new HashSet<>());
    }

    /** The ways that lead to nobody, all pods behind them being elsewhere. */
    Set<Locality> toNobody() {
      Set<Locality> ways = new HashSet<>(elsewhere);
      ways.removeAll(led);
      return ways;
    }
  }

  /** Whether the verdict is all that still matters; never to who asked for a list. */
  private boolean mayStop(PairFindings findings) {
    return samples == 1 && findings.isFull();
  }

  /** Whether nothing that is still to come can change the fold. */
  private static boolean isSettled(Quantifier quantifier, Set<Verdict> seen) {
    return quantifier == Quantifier.ANY
        ? seen.contains(Verdict.ALLOWED)
        : fold(quantifier, seen) == Verdict.PARTIAL;
  }

  /** Adds verdicts to the rows of the source's pods; says whether a pod was left out since it would call itself. */
  private boolean judge(
      Site source,
      Destination target,
      List<CellWays> cells,
      PodVerdicts pods,
      PairFindings findings) {
    Locality locality = target.crossing().locality();
    if (target.site().isEmpty()) {
      for (int i = 0; i < cells.size(); i++) {
        if (target.clients().include(source.cells().get(i).first())) {
          pods.add(i, Verdict.DENIED);
        }
      }
      return false;
    }
    if (!target.clients().include(source)) {
      return false;
    }
    Site destination = target.site().get();
    Row row = new Row(target, findings);
    PodVerdicts.ToTarget verdicts = pods.to(destination);
    boolean itself = false;
    boolean elsewhere = false;
    for (int i = 0; i < cells.size(); i++) {
      Cell from = source.cells().get(i);
      for (int k = 0; k < destination.cells().size(); k++) {
        Cell to = destination.cells().get(k);
        if (!target.isCalledBy(from, to)) {
          continue;
        }
        if (crossings.isElsewhere(from, to, target)) {
          cells.get(i).elsewhere().add(locality);
          elsewhere = true;
          continue;
        }
        cells.get(i).led().add(locality);
        if (from.isOnlyItself(to)) {
          itself = true;
        } else {
          verdicts.take(i, k, row.take(from, source.range(), to));
        }
        Optional<Cell> subject = target.throughService() ? subject(from, to) : Optional.empty();
        if (subject.isPresent()) {
          Cell alone = subject.get();
          Reach toItself = toItself(alone.first(), target.asked());
          verdicts.take(i, k, row.take(alone, alone, toItself, toItself));
        }
      }
    }
    verdicts.close();
    if (row.spoken) {
      findings.list(row.connection(source, destination), samples > 1);
    } else if (!itself && !elsewhere && source.cells().stream().noneMatch(target::leadsElsewhere)) {
      findings.familiesDiffer = true;
      pods.add(Verdict.DENIED);
    }
    return itself;
  }

  /** What passes between the cells of a source and a destination. */
  private final class Row {
    private final Destination target;
    private final PairFindings findings;
    private final int passing;
    private Traffic everywhere;
    private Traffic somewhere = Traffic.NONE;
    private Traffic maybe = Traffic.NONE;
    private boolean spoken;

    Row(Destination target, PairFindings findings) {
      this.target = target;
      this.findings = findings;
      this.passing = findings.passing.size();
      this.everywhere = target.asked();
    }

    Verdict take(Cell from, Optional<AddressRange> range, Cell to) {
      Reach direct = reach(from, to);
      Reach reach = crossings.between(from, range, to, target, direct);
      if (apart
          && !reach.allowed().equals(Traffic.ALL)
          && reachability.mayBeExempt(from.first(), to.first())) {
        findings.unplaced = findings.unplaced.or(() -> unplaced(from.first(), to.first()));
        reach = new Reach(reach.allowed(), Traffic.ALL);
      }
      return take(from, to, reach, direct);
    }

    /**
     * Takes what passes between two cells.
     *
     * @param direct what would pass if neither address were changed: the definition shows by it whatever it can show
     */
    Verdict take(Cell from, Cell to, Reach reach, Reach direct) {
      spoken = true;
      Traffic allowed = target.asked().intersect(reach.allowed());
      Traffic unknown = target.asked().intersect(reach.possible()).minus(allowed);
      Traffic denied = target.asked().minus(reach.possible());
      everywhere = everywhere.intersect(allowed);
      somewhere = somewhere.union(allowed);
      maybe = maybe.union(unknown);
      if (passing == findings.passing.size() && passing < samples) {
        sample(from, to, allowed.intersect(direct.allowed()))
            .or(() -> crossings.shown(from, to, target, allowed, true))
            .ifPresent(findings.passing::add);
      }
      if (somewhere.isEmpty() && !denied.isEmpty() && findings.apart.isEmpty()) {
        findings.apart = apart(from, to);
      }
      Traffic stopped = denied.minus(direct.possible());
      Traffic sent =
          stopped.intersect(reachability.leaving(from.first(), to.first()).allowed());
      findings.stopped = findings
          .stopped
          .or(() -> sample(from, to, sent.isEmpty() ? stopped : sent))
          .or(() -> crossings.shown(from, to, target, denied, false));
      Traffic shown = unknown.intersect(direct.possible().minus(direct.allowed()));
      findings.undecided = findings.undecided.or(() -> sample(from, to, shown));
      return verdict(allowed, unknown, denied);
    }

    /** What each side lets pass where they have nothing in common. */
    private Optional<PairFindings.NoCommonPort> apart(Cell from, Cell to) {
      Traffic sent =
          reachability.leaving(from.first(), to.first()).possible().intersect(target.asked());
      Traffic taken =
          reachability.entering(from.first(), to.first()).possible().intersect(target.asked());
      return sent.isEmpty() || taken.isEmpty() || !sent.intersect(taken).isEmpty()
          ? Optional.empty()
          : Optional.of(new PairFindings.NoCommonPort(from.first(), sent, to.first(), taken));
    }

    private Optional<Sample> sample(Cell from, Cell to, Traffic traffic) {
      return traffic.isEmpty()
          ? Optional.empty()
          : Optional.of(new Sample(from, to, traffic, target.throughService()));
    }

    Connection connection(Site source, Site destination) {
      return new Connection(
          source.name(),
          destination.name(),
          target.asked(),
          everywhere,
          somewhere.minus(everywhere),
          maybe.minus(somewhere),
          source.range(),
          destination.range());
    }
  }

  /** A pod of both cells that policies can keep from itself; nothing tells the cell's other pods from it. */
  private Optional<Cell> subject(Cell from, Cell to) {
    return reference.isSubjectToItself(from.first())
        ? from.ends().stream()
            .filter(end -> to.ends().stream().anyMatch(other -> Cell.samePod(end, other)))
            .findFirst()
            .map(end -> new Cell(List.of(end), from.number()))
        : Optional.empty();
  }

  private static Optional<End> unplaced(End from, End to) {
    return Stream.of(to, from)
        .filter(
            end -> end instanceof End.InPod pod && pod.pod().flatMap(Pod::node).isEmpty())
        .findFirst();
  }

  /** What passes of a pod's calls to itself through a Service, which leads to ports, one at a time. */
  private Reach toItself(End end, Traffic asked) {
    Traffic allowed = Traffic.NONE;
    Traffic possible = Traffic.NONE;
    for (Protocol protocol : Protocol.values()) {
      if (!protocol.hasPorts()) {
        continue;
      }
      for (PortSet.Interval ports : asked.ports(protocol).intervals()) {
        for (int port = ports.first(); port <= ports.last(); port++) {
          Traffic one = Traffic.of(protocol, PortSet.of(port));
          Judgement judgement = reference.judge(new Flow(end, end, protocol, port, true));
          allowed = judgement.verdict() == dev.postern.meaning.FlowVerdict.ALLOWED
              ? allowed.union(one)
              : allowed;
          possible = judgement.verdict() == dev.postern.meaning.FlowVerdict.DENIED
              ? possible
              : possible.union(one);
        }
      }
    }
    return new Reach(allowed, possible);
  }

  private Reach reach(Cell from, Cell to) {
    return !apart && from.number().isPresent() && to.number().isPresent()
        ? reachability.between(from.number().getAsInt(), to.number().getAsInt())
        : reachability.traffic(from.first(), to.first());
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
}
