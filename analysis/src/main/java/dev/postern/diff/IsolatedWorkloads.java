package dev.postern.diff;

import dev.postern.cluster.Workload;
import dev.postern.plan.Plan;
import dev.postern.policy.Direction;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/** About whose traffic a set of policies is explicit: the workloads that a NetworkPolicy of it isolates. */
public final class IsolatedWorkloads {

  private IsolatedWorkloads() {}

  /** The ids of workloads of which some pod is isolated, by direction. */
  public static Map<Direction, Set<String>> of(Plan plan) {
    Map<Direction, Set<String>> isolated = new EnumMap<>(Direction.class);
    for (Direction direction : Direction.values()) {
      Set<String> names = new HashSet<>();
      for (int i = 0; i < plan.classes().endpoints().size(); i++) {
        if (plan.isolated(direction).contains(plan.classes().classOf(i))) {
          Workload workload = plan.classes().endpoints().get(i).workload();
          names.add(workload.id());
        }
      }
      isolated.put(direction, names);
    }
    return isolated;
  }
}
