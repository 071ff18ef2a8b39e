package dev.postern.ovn;

import dev.postern.algebra.Region;
import dev.postern.cluster.Workload;
import dev.postern.plan.Classes;
import dev.postern.plan.Plan;
import dev.postern.policy.Direction;
import dev.postern.policy.Policy;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Gives each table a key that stays while pods come and go: the policies that made it, and where those are not enough its first workload. A
 * row named after the key is then changed in its members only. All pods of a workload have the same table, so a workload tells two tables
 * apart.
 */
final class GroupKeys {

  private final Plan plan;

  GroupKeys(Plan plan) {
    this.plan = plan;
  }

  /** The key of each of these tables; equal for no two of them. The order is that of the keys' making, the same for equal plans. */
  Map<Region, String> of(Direction direction, Collection<Region> tables) {
    List<StringBuilder> policies = policies(direction);
    Classes classes = plan.classes();
    Map<Region, String> keys = new HashMap<>();
    Map<Region, String> first = new HashMap<>();
    for (int number = 0; number < classes.inside(); number++) {
      Region table = plan.table(number, direction).allowed();
      if (tables.contains(table)) {
        String key = Names.digest(policies.get(number).toString());
        keys.merge(table, key, GroupKeys::lower);
        Workload workload = classes.representative(number).workload();
        first.merge(table, workload.id() + "/" + workload.kind(), GroupKeys::lower);
      }
    }
    SortedMap<String, List<Region>> byKey = new TreeMap<>();
    keys.forEach(
        (table, key) -> byKey.computeIfAbsent(key, k -> new ArrayList<>()).add(table));
    Map<Region, String> result = new LinkedHashMap<>();
    byKey.forEach((key, same) -> {
      if (same.size() == 1) {
        result.put(same.get(0), key);
      } else {
        SortedMap<String, Region> byWorkload = new TreeMap<>();
        for (Region table : same) {
          byWorkload.put(key + " " + first.get(table), table);
        }
        byWorkload.forEach((apart, table) -> result.put(table, apart));
      }
    });
    return Collections.unmodifiableMap(result);
  }

  private static String lower(String one, String other) {
    return one.compareTo(other) <= 0 ? one : other;
  }

  /** For each inside class the policies that speak of it, as text. */
  private List<StringBuilder> policies(Direction direction) {
    List<StringBuilder> result = new ArrayList<>();
    for (int number = 0; number < plan.classes().inside(); number++) {
      result.add(new StringBuilder(direction.name()));
    }
    for (Policy policy : plan.cluster().policies()) {
      if (policy.isolates().contains(direction) || !policy.rules(direction).isEmpty()) {
        String id = "\n" + policy.kind() + " " + policy.namespace() + "/" + policy.name();
        plan.targets(policy).forEach(number -> {
          if (number < result.size()) {
            result.get(number).append(id);
          }
        });
      }
    }
    return result;
  }
}
