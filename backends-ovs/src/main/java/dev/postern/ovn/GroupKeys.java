package dev.postern.ovn;

import dev.postern.cluster.Workload;
import dev.postern.plan.Classes;
import dev.postern.plan.Plan;
import dev.postern.policy.Direction;
import dev.postern.policy.Policy;
import dev.postern.policy.Tier;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.IntFunction;
import java.util.stream.Collectors;

/**
 * Gives each table a key that stays while pods come and go: the policies that made it, and where those are not enough its first workload. A
 * row named after the key is then changed in its members only. All pods of a workload have the same table, so a workload tells two tables
 * apart.
 */
final class GroupKeys {

  private final Plan plan;

  /**
   * A key.
   *
   * @param text the same for the same table
   * @param policies those that made it, as {@code shop/web,monitored}
   */
  record Key(String text, String policies) {}

  GroupKeys(Plan plan) {
    this.plan = plan;
  }

  /**
   * The key of each of these tables; equal for no two of them. The order is that of the keys' making, the same for equal plans.
   *
   * @param tiers whose policies made the tables
   * @param tableOf the table of an inside class
   */
  <T> Map<T, Key> of(
      Direction direction, Set<Tier> tiers, IntFunction<T> tableOf, Collection<T> tables) {
    List<StringBuilder> policies = policies(direction, tiers);
    Classes classes = plan.classes();
    Map<T, String> keys = new HashMap<>();
    Map<String, String> ids = new HashMap<>();
    Map<T, String> first = new HashMap<>();
    for (int number = 0; number < classes.inside(); number++) {
      T table = tableOf.apply(number);
      if (tables.contains(table)) {
        String said = policies.get(number).toString();
        String key = RowNames.digest(said);
        ids.putIfAbsent(key, ids(said));
        keys.merge(table, key, GroupKeys::lower);
        Workload workload = classes.representative(number).workload();
        first.merge(table, workload.id() + "/" + workload.kind(), GroupKeys::lower);
      }
    }
    SortedMap<String, List<T>> byKey = new TreeMap<>();
    keys.forEach(
        (table, key) -> byKey.computeIfAbsent(key, k -> new ArrayList<>()).add(table));
    Map<T, Key> result = new LinkedHashMap<>();
    byKey.forEach((key, same) -> {
      String made = ids.getOrDefault(key, "");
      if (same.size() == 1) {
        result.put(same.get(0), new Key(key, made));
      } else {
        SortedMap<String, T> byWorkload = new TreeMap<>();
        for (T table : same) {
          byWorkload.put(key + " " + first.get(table), table);
        }
        byWorkload.forEach((apart, table) -> result.put(table, new Key(apart, made)));
      }
    });
    return Collections.unmodifiableMap(result);
  }

  /** The names in lines of a kind and a name each, after the direction. */
  private static String ids(String said) {
    return said.lines()
        .skip(1)
        .map(line -> line.substring(line.indexOf(' ') + 1))
        .collect(Collectors.joining(","));
  }

  private static String lower(String one, String other) {
    return one.compareTo(other) <= 0 ? one : other;
  }

  /** For each inside class the policies that speak of it, as text. */
  private List<StringBuilder> policies(Direction direction, Set<Tier> tiers) {
    List<StringBuilder> result = new ArrayList<>();
    for (int number = 0; number < plan.classes().inside(); number++) {
      result.add(new StringBuilder(direction.name()));
    }
    for (Policy policy : plan.cluster().policies()) {
      boolean speaks =
          policy.isolates().contains(direction) || !policy.rules(direction).isEmpty();
      if (speaks && tiers.contains(policy.tier())) {
        String id = "\n" + policy.kind() + " " + policy.id();
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
