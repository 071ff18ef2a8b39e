package dev.postern.answer;

import dev.postern.meaning.Decision;
import dev.postern.meaning.FlowVerdict;
import dev.postern.meaning.Judgement;
import dev.postern.meaning.Reference;
import dev.postern.net.Family;
import dev.postern.net.Traffic;
import dev.postern.policy.Direction;
import dev.postern.reach.Reachability;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/**
 * Finds what keeps those out that a list does not name, and over which family those of both families that it names. Ends of one class are
 * judged once.
 */
final class KeptOutSearch {

  private record Classes(OptionalInt source, OptionalInt destination, Traffic asked) {}

  /** What those have in common who are kept out together. */
  private record Cause(Direction direction, boolean both, List<Decision.Cause> causes) {}

  private final Reachability reachability;
  private final Reference reference;
  private final boolean sourcesAsked;
  private final Map<Classes, Optional<Judgement>> judged = new HashMap<>();
  private final Map<Classes, Boolean> passing = new HashMap<>();

  /**
   * A search.
   *
   * @param sourcesAsked whether the list is one of sources
   */
  KeptOutSearch(Reachability reachability, Reference reference, boolean sourcesAsked) {
    this.reachability = reachability;
    this.reference = reference;
    this.sourcesAsked = sourcesAsked;
  }

  List<KeptOut> among(List<Site> sources, List<Destination> targets, Answer answer) {
    Set<String> listed = new HashSet<>();
    answer
        .connections()
        .forEach(each -> listed.add(sourcesAsked ? each.source() : each.destination()));
    Causes causes = new Causes();
    Set<String> seen = new HashSet<>(listed);
    for (Site source : sources) {
      for (Destination target : targets) {
        if (target.site().isEmpty()) {
          continue;
        }
        Site other = sourcesAsked ? source : target.site().get();
        if (source.name().equals(target.site().get().name()) || seen.contains(other.name())) {
          continue;
        }
        Optional<Judgement> judgement = judge(source, target);
        if (judgement.isPresent()) {
          seen.add(other.name());
          causes.add(other.name(), judgement.get());
        }
      }
    }
    for (Family family : Family.values()) {
      overOneFamily(family, sources, targets, listed)
          .forEach((name, judgement) -> causes.add(name + " over " + family.word(), judgement));
    }
    return causes.all();
  }

  /** Who is kept out by what. */
  private final class Causes {
    private final Map<Cause, List<String>> names = new LinkedHashMap<>();
    private final Map<Cause, Decision> decisions = new HashMap<>();

    void add(String name, Judgement judgement) {
      Cause cause = cause(judgement);
      names.computeIfAbsent(cause, c -> new ArrayList<>()).add(name);
      decisions.putIfAbsent(cause, decision(judgement, cause.direction()));
    }

    /** The most common first. */
    List<KeptOut> all() {
      List<KeptOut> all = new ArrayList<>();
      names.forEach((cause, ends) -> all.add(new KeptOut(
          ends, cause.direction(), Objects.requireNonNull(decisions.get(cause)), cause.both())));
      all.sort(Comparator.comparingInt((KeptOut each) -> -each.names().size()));
      return all;
    }
  }

  /** Those on the list that have addresses of both families and pass over the other one only, each with a denial. */
  private Map<String, Judgement> overOneFamily(
      Family family, List<Site> sources, List<Destination> targets, Set<String> listed) {
    Map<String, Judgement> denied = new LinkedHashMap<>();
    Set<String> passing = new HashSet<>();
    for (Site source : sources) {
      for (Destination target : targets) {
        Optional<Site> other = sourcesAsked ? Optional.of(source) : target.site();
        if (target.site().isEmpty()
            || !listed.contains(other.orElseThrow().name())
            || !isOfBothFamilies(other.get())
            || source.name().equals(target.site().get().name())) {
          continue;
        }
        String name = other.get().name();
        for (Cell from : source.cells()) {
          for (Cell to : target.site().get().cells()) {
            if (passing.contains(name) || !isOver(family, from, to)) {
              continue;
            }
            if (passes(from, to, target)) {
              passing.add(name);
            } else if (!denied.containsKey(name)) {
              judge(from, to, target).ifPresent(judgement -> denied.put(name, judgement));
            }
          }
        }
      }
    }
    denied.keySet().removeAll(passing);
    return denied;
  }

  private static boolean isOfBothFamilies(Site site) {
    return site.cells().stream()
            .flatMap(cell -> cell.family().stream())
            .distinct()
            .count()
        > 1;
  }

  private static boolean isOver(Family family, Cell from, Cell to) {
    return from.speaksWith(to)
        && !from.isOnlyItself(to)
        && from.family().or(to::family).equals(Optional.of(family));
  }

  /** Whether something passes, or may. */
  private boolean passes(Cell from, Cell to, Destination target) {
    return passing.computeIfAbsent(
        new Classes(from.number(), to.number(), target.asked()),
        classes -> !reachability
            .traffic(from.first(), to.first())
            .possible()
            .intersect(target.asked())
            .isEmpty());
  }

  /** A flow that is denied; none if they cannot speak, or something else than policies keeps them apart. */
  private Optional<Judgement> judge(Site source, Destination target) {
    for (Cell from : source.cells()) {
      for (Cell to : target.site().orElseThrow().cells()) {
        if (from.speaksWith(to) && !from.isOnlyItself(to)) {
          return judge(from, to, target);
        }
      }
    }
    return Optional.empty();
  }

  private Optional<Judgement> judge(Cell from, Cell to, Destination target) {
    return judged.computeIfAbsent(
        new Classes(from.number(), to.number(), target.asked()),
        classes -> denied(from, to, target));
  }

  private Optional<Judgement> denied(Cell from, Cell to, Destination target) {
    Traffic denied =
        target.asked().minus(reachability.traffic(from.first(), to.first()).possible());
    if (denied.isEmpty()) {
      return Optional.empty();
    }
    Judgement judgement =
        reference.judge(new Sample(from, to, denied, target.throughService()).flow());
    return Optional.of(judgement).filter(each -> each.verdict() == FlowVerdict.DENIED);
  }

  /** The side that all have in common comes first: that of the end that was asked about. */
  private Cause cause(Judgement judgement) {
    Direction common = sourcesAsked ? Direction.INGRESS : Direction.EGRESS;
    Direction other = sourcesAsked ? Direction.EGRESS : Direction.INGRESS;
    boolean byCommon = decision(judgement, common).verdict() == FlowVerdict.DENIED;
    boolean byOther = decision(judgement, other).verdict() == FlowVerdict.DENIED;
    Direction direction = byCommon ? common : other;
    return new Cause(
        direction, byCommon && byOther, decision(judgement, direction).causes());
  }

  private static Decision decision(Judgement judgement, Direction direction) {
    return direction == Direction.EGRESS ? judgement.egress() : judgement.ingress();
  }
}
