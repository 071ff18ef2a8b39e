package dev.postern.answer;

import dev.postern.meaning.End;
import dev.postern.meaning.Flow;
import dev.postern.meaning.FlowVerdict;
import dev.postern.meaning.Judgement;
import dev.postern.meaning.Reference;
import dev.postern.net.Traffic;
import dev.postern.plan.Plan;
import dev.postern.reach.Connectivity;
import dev.postern.reach.Endpoint;
import dev.postern.reach.Reach;
import dev.postern.reach.Reachability;
import dev.postern.reach.ReachedPair;
import dev.postern.why.Explanation;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.BiPredicate;
import java.util.stream.Stream;

/**
 * Reasons for every pair of a matrix: for what passes, what may pass and what does not, one flow that the definition judges. The pairs come one
 * by one, so that no matrix is held.
 */
public final class PairReasons {

  private final Plan plan;
  private final Reachability reachability;
  private final Reference reference;
  private final Map<Endpoint, List<Cell>> cells = new HashMap<>();

  PairReasons(Reachability reachability) {
    this.plan = reachability.plan();
    this.reachability = reachability;
    this.reference = new Reference(plan.cluster(), plan.options());
  }

  /**
   * The pairs of a matrix with their reasons, in its order.
   *
   * @param matrix every pair, whatever passes between them
   * @param deniedOnly whether only what does not pass is wanted
   */
  Stream<PairReason> of(Connectivity matrix, boolean deniedOnly) {
    Traffic asked = matrix.traffic();
    return matrix
        .pairs()
        .map(pair -> reason(pair, asked, deniedOnly))
        .filter(reason -> !reason.parts().isEmpty());
  }

  private PairReason reason(ReachedPair pair, Traffic asked, boolean deniedOnly) {
    Traffic allowed = asked.intersect(pair.reach().allowed());
    Traffic possible = asked.intersect(pair.reach().possible());
    List<PairReason.Part> parts = new ArrayList<>();
    if (!deniedOnly) {
      add(parts, pair, FlowVerdict.ALLOWED, allowed);
      add(parts, pair, FlowVerdict.UNKNOWN, possible.minus(allowed));
    }
    add(parts, pair, FlowVerdict.DENIED, asked.minus(possible));
    return new PairReason(pair.source().id(), pair.destination().id(), asked, parts);
  }

  private void add(
      List<PairReason.Part> parts, ReachedPair pair, FlowVerdict verdict, Traffic traffic) {
    if (traffic.isEmpty()) {
      return;
    }
    judged(pair, verdict, traffic, policed())
        // What policies deny is not known, either, where one end may be the other's own node.
        .or(() -> verdict == FlowVerdict.UNKNOWN
            ? judged(pair, FlowVerdict.DENIED, traffic, reachability::mayBeExempt)
            : Optional.empty())
        // It passes to pods whose own node the other end is.
        .or(() -> verdict == FlowVerdict.DENIED ? Optional.empty() : exempt(pair, traffic))
        .ifPresent(judgement -> parts.add(new PairReason.Part(
            verdict, traffic, Explanation.reasons(judgement, plan.cluster(), plan.options()))));
  }

  private BiPredicate<End, End> policed() {
    return (source, destination) -> !reachability.isExempt(source, destination);
  }

  /** A flow of this traffic in which policies have no say. */
  private Optional<Judgement> exempt(ReachedPair pair, Traffic traffic) {
    for (Cell from : cells(pair.source())) {
      for (Cell to : cells(pair.destination())) {
        for (End source : from.speaksWith(to) ? from.ends() : List.<End>of()) {
          for (End destination : to.ends()) {
            if (reachability.isExempt(source, destination)) {
              return Optional.of(reference.judge(flow(source, from, destination, to, traffic)));
            }
          }
        }
      }
    }
    return Optional.empty();
  }

  private static Flow flow(End source, Cell from, End destination, Cell to, Traffic traffic) {
    return new Sample(
            new Cell(List.of(source), from.number()),
            new Cell(List.of(destination), to.number()),
            traffic,
            false)
        .flow();
  }

  /** A flow of this traffic with this verdict between ends of which this holds. */
  private Optional<Judgement> judged(
      ReachedPair pair, FlowVerdict verdict, Traffic traffic, BiPredicate<End, End> which) {
    for (Cell from : cells(pair.source())) {
      for (Cell to : cells(pair.destination())) {
        if (!from.speaksWith(to)) {
          continue;
        }
        Traffic here = part(reach(from, to), verdict).intersect(traffic);
        if (here.isEmpty()) {
          continue;
        }
        for (End source : from.ends()) {
          for (End destination : to.ends()) {
            if (!which.test(source, destination)) {
              continue;
            }
            Flow flow = flow(source, from, destination, to, here);
            Judgement judgement = reference.judge(flow);
            if (judgement.verdict() != verdict) {
              throw new IllegalStateException("the set engine says " + verdict
                  + ", the definition says " + judgement.verdict() + " of " + flow);
            }
            return Optional.of(judgement);
          }
        }
      }
    }
    return Optional.empty();
  }

  private Reach reach(Cell from, Cell to) {
    return from.number().isPresent() && to.number().isPresent()
        ? reachability.between(from.number().getAsInt(), to.number().getAsInt())
        : reachability.traffic(from.first(), to.first());
  }

  private static Traffic part(Reach reach, FlowVerdict verdict) {
    return switch (verdict) {
      case ALLOWED -> reach.allowed();
      case UNKNOWN -> reach.possible().minus(reach.allowed());
      case DENIED -> reach.possible().complement();
    };
  }

  private List<Cell> cells(Endpoint endpoint) {
    return cells.computeIfAbsent(endpoint, this::cellsOf);
  }

  private List<Cell> cellsOf(Endpoint endpoint) {
    if (endpoint instanceof Endpoint.External external) {
      End end = new End.Outside(external.range().first());
      return List.of(new Cell(List.of(end), OptionalInt.of(plan.classes().classOf(end))));
    }
    if (!(endpoint instanceof Endpoint.Pods pods)) {
      return List.of(new Cell(List.of(new End.IngressController()), OptionalInt.empty()));
    }
    record Alike(int number, Object family) {}
    Map<Alike, List<End>> alike = new LinkedHashMap<>();
    List<End.InPod> all = plan.classes().endpoints();
    for (int i = 0; i < all.size(); i++) {
      End.InPod end = all.get(i);
      if (end.workload() == pods.workload()
          && (end.pod().isEmpty() || pods.pods().contains(end.pod().get()))) {
        alike
            .computeIfAbsent(
                new Alike(plan.classes().classOf(i), Cell.familyOf(end)), key -> new ArrayList<>())
            .add(end);
      }
    }
    List<Cell> found = new ArrayList<>();
    alike.forEach((key, ends) -> found.add(new Cell(ends, OptionalInt.of(key.number()))));
    return found;
  }
}
