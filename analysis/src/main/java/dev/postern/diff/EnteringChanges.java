package dev.postern.diff;

import dev.postern.meaning.End;
import dev.postern.net.AddressSet;
import dev.postern.net.Family;
import dev.postern.net.Traffic;
import dev.postern.plan.Plan;
import dev.postern.policy.Direction;
import dev.postern.reach.ControllerTraffic;
import dev.postern.reach.Endpoint;
import dev.postern.reach.Reach;
import dev.postern.reach.Reachability;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/** What a change opens and closes to the ingress controller, where the manifests do not hold its pods: it has no class of its own. */
final class EnteringChanges {

  private static final Endpoint CONTROLLER = new Endpoint.IngressController();

  /** What comes in at one workload, over the families of its pods. */
  private record Entered(Reach reach, Set<Family> families) {
    static final Entered NOTHING = new Entered(Reach.NOTHING, Set.of());

    Entered with(Entered other) {
      Set<Family> both = EnumSet.noneOf(Family.class);
      both.addAll(families);
      both.addAll(other.families);
      return new Entered(reach.union(other.reach), both);
    }
  }

  private EnteringChanges() {}

  /** What comes in with the second plan and does not with the first. */
  static List<Difference.DifferenceRow> opened(Plan without, Plan with) {
    SortedMap<String, Entered> was = entered(without);
    List<Difference.DifferenceRow> rows = new ArrayList<>();
    entered(with).forEach((workload, is) -> {
      Reach before = was.getOrDefault(workload, Entered.NOTHING).reach();
      Traffic more = is.reach()
          .allowed()
          .minus(before.allowed())
          .union(is.reach().possible().minus(before.possible()));
      if (!more.isEmpty()) {
        rows.add(
            new Difference.DifferenceRow(who(CONTROLLER.id()), who(workload), more, is.families()));
      }
    });
    return rows;
  }

  /** What comes in with both plans at workloads that a NetworkPolicy isolates for ingress in the first. */
  static List<Difference.DifferenceRow> commonWhereIsolated(
      Plan before, Plan after, boolean possible) {
    SortedMap<String, Entered> is = entered(after);
    Set<String> isolated = IsolatedWorkloads.of(before).getOrDefault(Direction.INGRESS, Set.of());
    List<Difference.DifferenceRow> rows = new ArrayList<>();
    entered(before).forEach((workload, was) -> {
      Reach both =
          was.reach().intersect(is.getOrDefault(workload, Entered.NOTHING).reach());
      Traffic common = possible ? both.possible() : both.allowed();
      if (isolated.contains(workload) && !common.isEmpty()) {
        rows.add(new Difference.DifferenceRow(
            who(CONTROLLER.id()), who(workload), common, was.families()));
      }
    });
    return rows;
  }

  private static SortedMap<String, Entered> entered(Plan plan) {
    SortedMap<String, Entered> entered = new TreeMap<>();
    ControllerTraffic.of(Reachability.of(plan))
        .forEach((pod, reach) ->
            entered.merge(pod.workload().id(), new Entered(reach, families(pod)), Entered::with));
    return entered;
  }

  private static Set<Family> families(End.InPod pod) {
    return pod.address()
        .map(address -> EnumSet.of(address.family()))
        .orElse(EnumSet.allOf(Family.class));
  }

  private static RowSide who(String name) {
    return new RowSide(
        () -> new RowSide.Inside(List.of(name), () -> new TreeMap<>(Map.of(name, name))),
        AddressSet.EMPTY);
  }
}
