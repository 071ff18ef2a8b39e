package dev.postern.openflow.reader;

import dev.postern.enforced.Condition;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;

/**
 * The ordinary flows of one priority that packets of a state can match. A table may have a flow for each pod of which all do the same, and be met by
 * packets in a state for each pod: those flows are one rule then, and not as many in each state.
 *
 * @param conditions what each wants of the packet itself, by the flow as that object
 * @param groups all of them, together where they do the same
 * @param takesAll whether some flow takes every packet
 */
record MetFlows(Map<FlowEntry, Condition> conditions, List<Group> groups, boolean takesAll) {

  /** Fewer flows than this that do the same stay rules of their own. */
  private static final int MANY = 8;

  /**
   * Flows that do the same.
   *
   * @param steps what they do, as the same object for all that do it
   * @param condition that a packet matches one of them
   * @param first the first of them
   * @param text how a walk shows them
   */
  record Group(List<FlowStep> steps, Condition condition, FlowEntry first, String text) {}

  /**
   * Puts flows together.
   *
   * @param flows in their order
   * @param conditions what each wants of the packet itself, by the flow as that object
   * @param steps what each flow does, as the same object for all that do it
   */
  static MetFlows of(
      List<FlowEntry> flows,
      Map<FlowEntry, Condition> conditions,
      Map<FlowEntry, List<FlowStep>> steps) {
    Map<List<FlowStep>, List<FlowEntry>> alike = new IdentityHashMap<>();
    flows.forEach(flow -> alike
        .computeIfAbsent(steps.getOrDefault(flow, flow.steps()), same -> new ArrayList<>())
        .add(flow));
    List<Group> groups = new ArrayList<>();
    for (FlowEntry flow : flows) {
      Condition condition = conditions.getOrDefault(flow, Condition.NEVER);
      List<FlowStep> same = steps.getOrDefault(flow, flow.steps());
      List<FlowEntry> others = alike.getOrDefault(same, List.of());
      if (others.size() < MANY) {
        groups.add(new Group(same, condition, flow, flow.text()));
      } else if (others.get(0) == flow) {
        Condition any = Condition.any(others.stream()
            .map(other -> conditions.getOrDefault(other, Condition.NEVER))
            .toArray(Condition[]::new));
        String text = "one of " + others.size() + " flows that do the same, as " + flow.text();
        groups.add(new Group(same, any, flow, text));
      }
    }
    boolean takesAll = flows.stream()
        .anyMatch(flow -> conditions.getOrDefault(flow, Condition.NEVER).equals(Condition.ALWAYS));
    return new MetFlows(conditions, groups, takesAll);
  }
}
