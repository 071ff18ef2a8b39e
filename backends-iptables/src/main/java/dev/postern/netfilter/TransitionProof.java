package dev.postern.netfilter;

import dev.postern.deadline.Deadline;
import dev.postern.net.Address;
import dev.postern.net.AddressRange;
import dev.postern.net.AddressSet;
import dev.postern.net.Traffic;
import dev.postern.policy.Direction;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Judges every state of a transition: that no more passes than before or after, and at least what passes both before and after.
 *
 * <p>It is a proof by induction over the edits, of every packet. After the switch of all rules, only packets from or to an address that an
 * edit is still to come for can be treated otherwise than after all; they are judged against every other address that any set, before or after,
 * tells from its neighbours: two addresses between the same borders are treated alike. An edit then changes what one address is looked up as: of
 * a set, only packets between it and pods whose group looks that set up can be treated otherwise than before the edit; of a dispatch, only its
 * own in that direction. All traffic between two addresses is compared at once, as a set.
 */
final class TransitionProof {

  private final Transition transition;
  private final Contents old;
  private final Contents now;
  /** When an address comes to a place, or leaves it: the number of the edit, from 1. */
  private final Map<Place, Map<Address, Integer>> times = new HashMap<>();

  private final List<Address> borders;
  /** By place the groups that look it up, before or after. */
  private final Map<Place, List<Group>> users = new HashMap<>();

  TransitionProof(Transition transition, Contents old, Contents now) {
    this.transition = transition;
    this.old = old;
    this.now = now;
    List<RuleEdit> edits = transition.edits();
    for (int i = 0; i < edits.size(); i++) {
      times
          .computeIfAbsent(edits.get(i).place(), place -> new HashMap<>())
          .put(edits.get(i).address(), i + 1);
    }
    this.borders = edits.isEmpty() ? List.of() : borders();
    for (Layout layout : List.of(transition.before(), transition.after())) {
      for (Direction direction : Direction.values()) {
        for (Group group : layout.groups(direction)) {
          Deadline.current().check();
          for (PeerStep step : group.steps()) {
            if (step instanceof PeerStep.Match match) {
              match.peers().ifPresent(set -> use(Place.of(set), group));
            } else if (step instanceof PeerStep.Lookup lookup) {
              use(Place.of(lookup), group);
              lookup.entries().forEach(entry -> use(Place.of(entry.peers()), group));
            }
          }
        }
      }
    }
  }

  private void use(Place place, Group group) {
    if (times.containsKey(place)) {
      users.computeIfAbsent(place, key -> new ArrayList<>(2)).add(group);
    }
  }

  /** How many pairs of addresses are to be judged at most. */
  long size() {
    Set<Address> open = new HashSet<>();
    Map<Place, Long> widths = new HashMap<>();
    users.forEach((place, groups) ->
        widths.put(place, groups.stream().mapToLong(g -> g.pods().each().size()).sum()));
    long size = 0;
    for (RuleEdit edit : transition.edits()) {
      open.add(edit.address());
      size += edit.place().kind() == Place.Kind.DISPATCH
          ? borders.size()
          : widths.getOrDefault(edit.place(), 1L);
    }
    return size + 2L * open.size() * borders.size();
  }

  private List<Address> borders() {
    Set<Address> found = new HashSet<>();
    found.add(Address.first(transition.after().family()));
    // Each has a time of its own.
    transition.edits().forEach(edit -> cut(found, edit.address()));
    for (Layout layout : List.of(transition.before(), transition.after())) {
      for (Direction direction : Direction.values()) {
        layout.groups(direction).forEach(group -> cut(found, group.pods()));
      }
      Set<PeerSet> sets = Collections.newSetFromMap(new IdentityHashMap<>());
      sets.addAll(layout.peers());
      layout.ownNode().forEach(own -> {
        sets.add(own.node());
        sets.add(own.pods());
      });
      for (PeerSet set : sets) {
        cut(found, set.pods());
        cut(found, set.ranges());
      }
    }
    return List.copyOf(found);
  }

  private static void cut(Set<Address> found, AddressSet set) {
    for (AddressRange range : set.ranges()) {
      found.add(range.first());
      if (!range.last().isLast()) {
        found.add(range.last().next());
      }
    }
  }

  private static void cut(Set<Address> found, Address address) {
    found.add(address);
    if (!address.isLast()) {
      found.add(address.next());
    }
  }

  /**
   * The addresses whose packets are treated wrongly in some state; none if the transition is as it should be.
   *
   * @param first whether to stop at the first
   */
  List<Address> violations(boolean first) {
    List<Address> violations = new ArrayList<>();
    List<RuleEdit> edits = transition.edits();
    // After the switch: whoever the edits are still to come for.
    Set<Address> open = new HashSet<>();
    edits.forEach(edit -> open.add(edit.address()));
    for (Address address : open) {
      if (isWrong(address, 0)) {
        violations.add(address);
      }
    }
    for (int i = 0; i < edits.size() && (violations.isEmpty() || !first); i++) {
      if (isWrong(edits.get(i), i + 1)) {
        violations.add(edits.get(i).address());
      }
    }
    return violations;
  }

  /** Whether some packet of an address is treated wrongly at a time. */
  private boolean isWrong(Address address, int time) {
    for (Address other : borders) {
      if (isWrong(address, other, time) || isWrong(other, address, time)) {
        return true;
      }
    }
    return isWrong(address, address, time);
  }

  /** Whether some packet is treated wrongly of which an edit decides, just after it. */
  private boolean isWrong(RuleEdit edit, int time) {
    Address address = edit.address();
    return switch (edit.place().kind()) {
      case EXEMPTION -> isWrong(address, time);
      case DISPATCH ->
        isWrong(address, Direction.valueOf(edit.place().name()), borders, time)
            || isWrong(address, address, time);
      case SET, LOOKUP ->
        users.getOrDefault(edit.place(), List.of()).stream()
            .anyMatch(group -> isWrong(
                address,
                group.direction() == Direction.EGRESS ? Direction.INGRESS : Direction.EGRESS,
                group.pods().each(),
                time));
    };
  }

  /** Whether some packet between an address and others is treated wrongly: to them, or from them. */
  private boolean isWrong(Address address, Direction direction, List<Address> others, int time) {
    for (Address other : others) {
      if (direction == Direction.EGRESS
          ? isWrong(address, other, time)
          : isWrong(other, address, time)) {
        return true;
      }
    }
    return false;
  }

  private boolean isWrong(Address source, Address destination, int time) {
    Traffic before = passes(old, source, destination);
    Traffic after = passes(now, source, destination);
    Traffic here = passes(source, destination, time);
    if (here.equals(before) || here.equals(after)) {
      return false;
    }
    return !before.union(after).containsAll(here) || !here.containsAll(before.intersect(after));
  }

  // --- before and after

  private static Traffic passes(Contents layout, Address source, Address destination) {
    if (isExempt(layout, source, destination)) {
      return Traffic.ALL;
    }
    return decide(layout, Direction.EGRESS, source, destination)
        .intersect(decide(layout, Direction.INGRESS, destination, source));
  }

  private static boolean isExempt(Contents layout, Address source, Address destination) {
    return layout.at(Place.EXEMPTION).containsKey(source)
            && (source.equals(destination) || isNode(layout, source, destination))
        || layout.at(Place.EXEMPTION).containsKey(destination)
            && isNode(layout, destination, source);
  }

  private static boolean isNode(Contents layout, Address pod, Address other) {
    return layout.node(pod).filter(own -> own.node().pods().contains(other)).isPresent();
  }

  private static Traffic decide(Contents layout, Direction direction, Address pod, Address peer) {
    return layout
        .group(direction, pod)
        .map(group -> steps(group, set -> contains(set, peer)))
        .orElse(Traffic.ALL);
  }

  private interface Membership {
    /** @param lookup the lookup that the set is an entry of, if it is */
    boolean has(PeerSet set, Optional<PeerStep.Lookup> lookup);
  }

  private interface SetMembership {
    boolean has(PeerSet set);
  }

  private static Traffic steps(Group group, SetMembership membership) {
    return steps(group, (set, lookup) -> membership.has(set));
  }

  /** What the first step that knows the peer lets pass. */
  private static Traffic steps(Group group, Membership membership) {
    for (PeerStep step : group.steps()) {
      if (step instanceof PeerStep.Match match) {
        if (match.peers().isEmpty() || membership.has(match.peers().get(), Optional.empty())) {
          return match.outcome().traffic();
        }
      } else if (step instanceof PeerStep.Lookup lookup) {
        Optional<PeerStep.Lookup> in = Optional.of(lookup);
        for (PeerStep.Lookup.Entry entry : lookup.entries()) {
          if (membership.has(entry.peers(), in)) {
            return entry.outcome().traffic();
          }
        }
      }
    }
    return Traffic.NONE;
  }

  private static boolean contains(PeerSet set, Address address) {
    return set.pods().contains(address) || set.ranges().contains(address);
  }

  // --- after the switch, and so many edits

  private Traffic passes(Address source, Address destination, int time) {
    if (isExempt(source, destination, time)) {
      return Traffic.ALL;
    }
    return decide(Direction.EGRESS, source, destination, time)
        .intersect(decide(Direction.INGRESS, destination, source, time));
  }

  /** Empty where no edit is about an address and a place; else whether it is there at a time. */
  private Optional<Boolean> edited(Place place, Address address, int time) {
    Integer at = times.getOrDefault(place, Map.of()).get(address);
    return at == null
        ? Optional.empty()
        : Optional.of(transition.edits().get(at - 1).adds() == (time >= at));
  }

  private boolean isExempt(Address source, Address destination, int time) {
    return isExempt(source, source, destination, time)
        || isExempt(destination, source, destination, time);
  }

  private boolean isExempt(Address pod, Address source, Address destination, int time) {
    Address other = pod.equals(source) ? destination : source;
    Optional<Boolean> edited = edited(Place.EXEMPTION, pod, time);
    if (edited.isPresent()) {
      return edited.get()
          && (pod.equals(other) || isNode(now, pod, other) || isNode(old, pod, other));
    }
    return now.at(Place.EXEMPTION).containsKey(pod)
        && (pod.equals(other) || isNode(now, pod, other));
  }

  private Traffic decide(Direction direction, Address pod, Address peer, int time) {
    Optional<Boolean> edited = edited(Place.dispatch(direction), pod, time);
    Optional<Group> group = now.group(direction, pod);
    if (edited.isPresent()) {
      Optional<Group> left =
          old.group(direction, pod).map(own -> now.group(direction, own.name()).orElse(own));
      group = edited.get() ? group.or(() -> left) : Optional.empty();
    }
    return group
        .map(own -> steps(
            own,
            (set, lookup) -> lookup
                .flatMap(whole -> edited(Place.of(whole), peer, time)
                    .map(there -> there && contains(set, peer, whole)))
                .or(() -> edited(Place.of(set), peer, time))
                .orElseGet(() -> contains(set, peer))))
        .orElse(Traffic.ALL);
  }

  /** Whether a peer that comes to a lookup, or leaves it, is or was in this entry. */
  private boolean contains(PeerSet set, Address peer, PeerStep.Lookup lookup) {
    Place place = Place.of(lookup);
    String entry = now.at(place).getOrDefault(peer, old.at(place).getOrDefault(peer, ""));
    return entry.equals(set.name());
  }
}
