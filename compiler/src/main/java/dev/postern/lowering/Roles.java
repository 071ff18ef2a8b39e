package dev.postern.lowering;

import dev.postern.algebra.Rectangle;
import dev.postern.algebra.RunningTotals;
import dev.postern.plan.Plan;
import dev.postern.plan.PlanRule;
import dev.postern.policy.Direction;
import dev.postern.policy.Policy;
import dev.postern.policy.Ports;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;

/**
 * What a class is to the policies: which of them have rules about it. A role is said in terms of policies alone, never of pods, classes or
 * the rules' content. So it stays the same when pods come and go and when a rule is edited, and a target that names rules after roles
 * changes only what a change is about.
 *
 * <p>Classes of one role and direction have one table. Classes of different roles may have equal tables. Immutable once made, and safe for use by several threads.
 */
public final class Roles {

  private final Plan plan;
  private final List<Policy> policies;
  private final Map<Policy, List<PlanRule>> rules = new IdentityHashMap<>();
  private final Map<Direction, About> about = new EnumMap<>(Direction.class);

  /** By class the numbers of the policies with rules about it: those of class k are numbers[starts[k]] to numbers[starts[k + 1] - 1]. */
  private record About(int[] starts, int[] numbers) {}

  private Roles(Plan plan) {
    this.plan = plan;
    this.policies = plan.cluster().policies();
    plan.rules()
        .forEach(rule ->
            rules.computeIfAbsent(rule.policy(), p -> new ArrayList<>(2)).add(rule));
    for (Direction direction : Direction.values()) {
      about.put(direction, about(direction));
    }
  }

  public static Roles of(Plan plan) {
    return new Roles(plan);
  }

  private About about(Direction direction) {
    int[] starts = new int[plan.classes().inside() + 1];
    for (Policy policy : policies) {
      if (speaks(policy, direction)) {
        plan.targets(policy).forEach(number -> starts[number + 1]++);
      }
    }
    RunningTotals.sum(starts);
    int[] numbers = new int[starts[starts.length - 1]];
    int[] next = starts.clone();
    for (int i = 0; i < policies.size(); i++) {
      int own = i;
      if (speaks(policies.get(i), direction)) {
        plan.targets(policies.get(i)).forEach(number -> numbers[next[number]++] = own);
      }
    }
    return new About(starts, numbers);
  }

  /** Whether a policy's rules of a direction count. What isolates without a rule is the same whoever says it. */
  private static boolean speaks(Policy policy, Direction direction) {
    return !policy.rules(direction).isEmpty() && policy.appliesTo(direction);
  }

  /** The role of an inside class in a direction, as text: the policies, whether any isolates, and what named ports mean on its pods. */
  public String of(int insideClass, Direction direction) {
    StringBuilder role = new StringBuilder(direction.name());
    if (plan.isolated(direction).contains(insideClass)) {
      role.append(" isolated");
    }
    About here = known(direction);
    for (int i = here.starts[insideClass]; i < here.starts[insideClass + 1]; i++) {
      Policy policy = policies.get(here.numbers[i]);
      role.append('\n').append(policy);
      if (direction == Direction.INGRESS) {
        for (PlanRule rule : rules.getOrDefault(policy, List.of())) {
          if (rule.rule().direction() == direction && namesPorts(rule.rule().ports())) {
            rule.rectangles().stream()
                .filter(rectangle -> rectangle.targets().contains(insideClass))
                .forEach(rectangle ->
                    role.append(' ').append(rule.rule().field()).append(rectangle.traffic()));
          }
        }
      }
    }
    return role.toString();
  }

  private About known(Direction direction) {
    return about.getOrDefault(direction, new About(new int[1], new int[0]));
  }

  static boolean namesPorts(Ports ports) {
    return ports instanceof Ports.AnyOf any
        && any.matches().stream().anyMatch(Ports.Named.class::isInstance);
  }

  /**
   * A rectangle of a rule about a class.
   *
   * @param rule the rule
   * @param rectangle one of its rectangles
   */
  record Line(PlanRule rule, Rectangle rectangle) {}

  /** The rectangles of all rules about a class. */
  List<Line> lines(int insideClass, Direction direction) {
    List<Line> lines = new ArrayList<>();
    About here = known(direction);
    for (int i = here.starts[insideClass]; i < here.starts[insideClass + 1]; i++) {
      for (PlanRule rule : rules.getOrDefault(policies.get(here.numbers[i]), List.of())) {
        if (rule.rule().direction() == direction) {
          for (Rectangle rectangle : rule.rectangles()) {
            if (rectangle.targets().contains(insideClass)) {
              lines.add(new Line(rule, rectangle));
            }
          }
        }
      }
    }
    return lines;
  }
}
