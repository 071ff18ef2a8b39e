package dev.postern.lowering;

import dev.postern.algebra.ClassSet;
import dev.postern.algebra.Region;
import dev.postern.backend.Refusal;
import dev.postern.backend.Scope;
import dev.postern.meaning.End;
import dev.postern.net.Traffic;
import dev.postern.plan.Classes;
import dev.postern.plan.Plan;
import dev.postern.plan.PlanRule;
import dev.postern.plan.Table;
import dev.postern.policy.Direction;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * The pods that a target has to police in a scope, grouped by what may pass: turns a plan into the groups that share their rules. It refuses
 * plans that no target of addresses can enforce exactly. Immutable once made, and safe for use by several threads.
 */
public final class PolicedPods {

  /** What to do with pods of which no address is known. */
  public enum Unaddressed {
    /** A pod in the scope without an address is an error. */
    REFUSE,
    /** Pods without an address get no rules and are in no set: they are not policed until they have one. */
    SKIP
  }

  /**
   * Pods with the same table in one direction.
   *
   * @param direction which way
   * @param allowed what passes, from or to which classes; never everything
   * @param endpoints who, by namespace, workload, pod and address; all of them have an address
   */
  public record PodGroup(Direction direction, Region allowed, List<End.InPod> endpoints) {
    public PodGroup {
      endpoints = List.copyOf(endpoints);
    }
  }

  private final Map<Direction, List<PodGroup>> groups = new EnumMap<>(Direction.class);

  private PolicedPods(Plan plan, Scope scope) {
    for (Direction direction : Direction.values()) {
      groups.put(direction, List.copyOf(groups(plan, scope, direction)));
    }
  }

  /**
   * The policed pods of a plan in a scope.
   *
   * @throws Refusal if a pod's traffic depends on DNS names, or a policed pod in the scope has no address and that is not to be skipped
   */
  public static PolicedPods of(Plan plan, Scope scope, Unaddressed unaddressed) throws Refusal {
    List<String> reasons = new ArrayList<>();
    Classes classes = plan.classes();
    boolean certain = plan.rules().stream().allMatch(PlanRule::isCertain);
    ClassSet peers = certain ? ClassSet.EMPTY : withAddress(classes);
    boolean names = plan.rules().stream().anyMatch(rule -> !rule.byName().isEmpty());
    for (int i = 0; i < classes.endpoints().size(); i++) {
      End.InPod endpoint = classes.endpoints().get(i);
      if (!inScope(endpoint, scope)) {
        continue;
      }
      for (Direction direction : Direction.values()) {
        Table table = plan.table(classes.classOf(i), direction);
        if (!certain && !table.allowed().at(peers).equals(table.possible().at(peers))) {
          reasons.add(endpoint + ": its " + direction.name().toLowerCase(Locale.ROOT)
              + (names
                  ? " depends on `domainNames`, whose addresses are not known"
                  : " depends on the nodes of pods on the host network, which are not known"));
        }
      }
      if (endpoint.address().isEmpty() && unaddressed == Unaddressed.REFUSE) {
        reasons.add(endpoint + ": no address is known of it, so no rule can police it"
            + " (compile from a live cluster, or skip pods without an address)");
      }
    }
    if (!reasons.isEmpty()) {
      throw new Refusal(reasons);
    }
    return new PolicedPods(plan, scope);
  }

  /** The classes of peers that a packet can come from or go to: what is not known of other pods decides about none. */
  private static ClassSet withAddress(Classes classes) {
    int[] numbers = IntStream.range(0, classes.endpoints().size())
        .filter(i -> classes.endpoints().get(i).address().isPresent())
        .map(classes::classOf)
        .sorted()
        .distinct()
        .toArray();
    return ClassSet.of(numbers).union(classes.outsiders());
  }

  private static boolean inScope(End.InPod endpoint, Scope scope) {
    return endpoint.pod().map(scope::contains).orElse(scope.node().isEmpty());
  }

  private static List<PodGroup> groups(Plan plan, Scope scope, Direction direction) {
    Classes classes = plan.classes();
    Region everything = Region.of(classes.everyone(), Traffic.ALL);
    // Tables are shared: the same object comes again and again, and comparing it is dear only once.
    Map<Region, List<End.InPod>> shared = new IdentityHashMap<>();
    Map<Region, List<End.InPod>> byTable = new LinkedHashMap<>();
    for (int i = 0; i < classes.endpoints().size(); i++) {
      End.InPod endpoint = classes.endpoints().get(i);
      if (endpoint.address().isPresent() && inScope(endpoint, scope)) {
        shared
            .computeIfAbsent(
                plan.table(classes.classOf(i), direction).allowed(),
                region -> byTable.computeIfAbsent(region, key -> new ArrayList<>()))
            .add(endpoint);
      }
    }
    byTable.remove(everything);
    List<PodGroup> groups = new ArrayList<>();
    byTable.forEach(
        (allowed, endpoints) -> groups.add(new PodGroup(direction, allowed, endpoints)));
    return groups;
  }

  /** The groups of one direction, in the order of their first pod. Pods that everything may reach, or that may reach everything, are in none. */
  public List<PodGroup> groups(Direction direction) {
    return groups.getOrDefault(direction, List.of());
  }
}
