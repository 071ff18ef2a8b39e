package dev.postern.answer;

import dev.postern.meaning.Decision;
import dev.postern.meaning.FlowVerdict;
import dev.postern.meaning.Judgement;
import dev.postern.meaning.Reference;
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
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/** Finds what keeps those out that a list does not name. Ends of one class are judged once. */
final class KeptOutSearch {

  private record Classes(OptionalInt source, OptionalInt destination, Traffic asked) {}

  /** What those have in common who are kept out together. */
  private record Cause(Direction direction, boolean both, List<Decision.Cause> causes) {}

  private final Reachability reachability;
  private final Reference reference;
  private final boolean sourcesAsked;
  private final Map<Classes, Optional<Judgement>> judged = new HashMap<>();

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
    Map<Cause, List<String>> names = new LinkedHashMap<>();
    Map<Cause, Decision> decisions = new HashMap<>();
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
          Cause cause = cause(judgement.get());
          names.computeIfAbsent(cause, c -> new ArrayList<>()).add(other.name());
          decisions.putIfAbsent(cause, decision(judgement.get(), cause.direction()));
        }
      }
    }
    List<KeptOut> all = new ArrayList<>();
    names.forEach((cause, ends) ->
        all.add(new KeptOut(ends, cause.direction(), decisions.get(cause), cause.both())));
    all.sort(Comparator.comparingInt((KeptOut each) -> -each.names().size()));
    return all;
  }

  /** A flow that is denied; none if they cannot speak, or something else than policies keeps them apart. */
  private Optional<Judgement> judge(Site source, Destination target) {
    for (Cell from : source.cells()) {
      for (Cell to : target.site().orElseThrow().cells()) {
        if (from.speaksWith(to) && !from.isOnlyItself(to)) {
          return judged.computeIfAbsent(
              new Classes(from.number(), to.number(), target.asked()),
              classes -> denied(from, to, target));
        }
      }
    }
    return Optional.empty();
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
