package dev.postern.iptables;

import dev.postern.net.Address;
import dev.postern.netfilter.Group;
import dev.postern.netfilter.Layout;
import dev.postern.netfilter.Numbering;
import dev.postern.policy.Direction;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The numbers that marks bear.
 *
 * @param groups by direction and name of a group, from 1
 * @param pods by address, from 1: for a pod's traffic to itself
 */
record MarkNumbers(Map<Direction, Map<String, Integer>> groups, Map<String, Integer> pods) {

  static final MarkNumbers NONE = new MarkNumbers(Map.of(), Map.of());

  /** @param reserved how many of the highest numbers have another meaning */
  static MarkNumbers of(Layout layout, MarkField field, int reserved) {
    Map<Direction, Map<String, Integer>> groups = new EnumMap<>(Direction.class);
    List<String> pods = layout.hairpin().each().stream().map(Address::toString).toList();
    long end = 1L << 16;
    while (end <= 2L * pods.size()) {
      end *= 2;
    }
    int most = (int) Math.min((1L << field.bits()) - reserved, end);
    for (Direction direction : Direction.values()) {
      List<String> names = layout.groups(direction).stream().map(Group::name).toList();
      groups.put(direction, Numbering.of(names, most));
    }
    return new MarkNumbers(groups, Numbering.inPlaces(pods, most));
  }

  int group(Group group) {
    return groups.getOrDefault(group.direction(), Map.of()).getOrDefault(group.name(), 0);
  }

  int pod(Address pod) {
    return pods.getOrDefault(pod.toString(), 0);
  }

  /** Both at once, if no number means two groups of a direction. */
  Optional<Map<String, Integer>> joined(MarkNumbers later, Direction direction) {
    return join(
        groups.getOrDefault(direction, Map.of()), later.groups.getOrDefault(direction, Map.of()));
  }

  /** Whether no number means two pods, and no pod has two. */
  boolean agreesOnPods(MarkNumbers later) {
    return join(pods, later.pods).isPresent();
  }

  private static Optional<Map<String, Integer>> join(
      Map<String, Integer> one, Map<String, Integer> other) {
    Map<String, Integer> all = new HashMap<>(one);
    for (Map.Entry<String, Integer> entry : other.entrySet()) {
      Integer known = all.putIfAbsent(entry.getKey(), entry.getValue());
      if (known != null && !known.equals(entry.getValue())) {
        return Optional.empty();
      }
    }
    Set<Integer> distinct = all.values().stream().collect(Collectors.toSet());
    return distinct.size() == all.size() ? Optional.of(all) : Optional.empty();
  }

  /** The same with other numbers of the groups of one direction. */
  MarkNumbers with(Direction direction, Map<String, Integer> numbers) {
    Map<Direction, Map<String, Integer>> others = new EnumMap<>(Direction.class);
    others.putAll(groups);
    others.put(direction, numbers);
    return new MarkNumbers(others, pods);
  }
}
