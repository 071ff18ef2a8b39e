package dev.postern.netfilter;

import dev.postern.net.Address;
import dev.postern.policy.Direction;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A layout by address: which group a pod is in, which node it is on, what is in each place.
 *
 * @param pods what each place says of each single address: nothing but that it is there, or which group or entry it leads to
 * @param groups by direction and name
 * @param nodes by pod its own node
 * @param rests what is in each place besides
 */
record Contents(
    Layout layout,
    Map<Place, Map<Address, String>> pods,
    Map<Direction, Map<String, Group>> groups,
    Map<Address, Layout.OwnNode> nodes,
    Map<Place, Object> rests) {

  /** @param lookups whether a lookup is a place of its own; else its entries are sets */
  static Contents of(Layout layout, boolean lookups) {
    Map<Place, Map<Address, String>> pods = new LinkedHashMap<>();
    Map<Direction, Map<String, Group>> groups = new EnumMap<>(Direction.class);
    Map<Address, Layout.OwnNode> nodes = new HashMap<>();
    Map<Place, Object> rests = new HashMap<>();
    if (!layout.isEmpty()) {
      Map<Address, String> exempt = new LinkedHashMap<>();
      layout.hairpin().each().forEach(pod -> exempt.put(pod, ""));
      for (Layout.OwnNode own : layout.ownNode()) {
        own.pods().pods().each().forEach(pod -> {
          exempt.put(pod, own.name());
          nodes.put(pod, own);
        });
      }
      pods.put(Place.EXEMPTION, exempt);
      rests.put(
          Place.EXEMPTION,
          layout.ownNode().stream()
              .map(own -> own.name() + " " + own.node().pods())
              .toList());
    }
    for (Direction direction : Direction.values()) {
      Map<String, Group> byName = new LinkedHashMap<>();
      Map<Address, String> dispatch = new LinkedHashMap<>();
      for (Group group : layout.groups(direction)) {
        byName.put(group.name(), group);
        group.pods().each().forEach(pod -> dispatch.put(pod, group.name()));
      }
      groups.put(direction, byName);
      if (!dispatch.isEmpty()) {
        pods.put(Place.dispatch(direction), dispatch);
      }
    }
    List<PeerSet> sets = new ArrayList<>(layout.sets().values());
    for (PeerStep.Lookup lookup : layout.lookups().values()) {
      if (lookups) {
        Map<Address, String> entries = new LinkedHashMap<>();
        for (PeerStep.Lookup.Entry entry : lookup.entries()) {
          entry
              .peers()
              .pods()
              .each()
              .forEach(pod -> entries.put(pod, entry.peers().name()));
        }
        pods.put(Place.of(lookup), entries);
        rests.put(
            Place.of(lookup),
            lookup.entries().stream().map(entry -> entry.peers().ranges()).toList());
      } else {
        lookup.entries().forEach(entry -> sets.add(entry.peers()));
      }
    }
    for (PeerSet set : sets) {
      Map<Address, String> members = new LinkedHashMap<>();
      set.pods().each().forEach(pod -> members.put(pod, ""));
      pods.put(Place.of(set), members);
      rests.put(Place.of(set), set.ranges());
    }
    return new Contents(layout, pods, groups, nodes, rests);
  }

  Map<Address, String> at(Place place) {
    return pods.getOrDefault(place, Map.of());
  }

  Optional<Group> group(Direction direction, Address pod) {
    return Optional.ofNullable(at(Place.dispatch(direction)).get(pod))
        .flatMap(name -> group(direction, name));
  }

  Optional<Group> group(Direction direction, String name) {
    return Optional.ofNullable(groups.getOrDefault(direction, Map.of()).get(name));
  }

  Optional<Layout.OwnNode> node(Address pod) {
    return Optional.ofNullable(nodes.get(pod));
  }

  /** What is in a place besides single pods, to compare: this does not change one by one. */
  Object rest(Place place) {
    return rests.getOrDefault(place, "");
  }
}
