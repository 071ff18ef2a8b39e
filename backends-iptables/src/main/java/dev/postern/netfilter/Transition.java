package dev.postern.netfilter;

import dev.postern.deadline.Deadline;
import dev.postern.net.Address;
import dev.postern.policy.Direction;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The way from one layout to another of the same family, in steps after each of which no more passes than one of the two lets pass, and
 * nothing is dropped that both let pass:
 *
 * <ol>
 *   <li>what no rule leads to yet is made: sets and groups that are new, and stand-ins;
 *   <li>all rules are switched at once, to those of {@link #middle} with the stand-ins;
 *   <li>pods come to and go from places that rules look up, one by one: the {@link #edits};
 *   <li>places that have a stand-in get their new members, which nothing sees;
 *   <li>all rules are switched at once to those of the new layout, which look up the same under other names;
 *   <li>what nothing leads to any more goes.
 * </ol>
 *
 * <p>That it is so is not taken on trust: every state of the third step is checked against both layouts ({@link TransitionProof}). Where a
 * state would not do, the places that the address in question is in get stand-ins, so that it changes with the rules, at once. In the end
 * that is possible for all, so there is always a way.
 *
 * @param before the layout in force
 * @param after the layout that shall be in force
 * @param standIns places that change at once, by a stand-in until the end
 * @param edits what changes one by one, in order
 * @param middle the new layout, with groups that pods are still to leave
 */
public record Transition(
    Layout before, Layout after, Set<Place> standIns, List<RuleEdit> edits, Layout middle) {

  private static final int RANKS = 10;
  /** Up to so many pairs of addresses are judged; a larger change is made at once. */
  private static final long LIMIT = 20_000_000;

  public Transition {
    standIns = Set.copyOf(standIns);
    edits = List.copyOf(edits);
  }

  /**
   * The way between two layouts.
   *
   * @param atOnce places that cannot change one by one
   * @param lookups whether a lookup is a place of its own; else its entries are sets
   */
  public static Transition of(Layout before, Layout after, Set<Place> atOnce, boolean lookups) {
    Contents old = Contents.of(before, lookups);
    Contents now = Contents.of(after, lookups);
    Set<Place> standIns = new HashSet<>();
    for (Place place : old.pods().keySet()) {
      if (now.pods().containsKey(place)
          && (atOnce.contains(place) ? !isSame(old, now, place) : !isOneByOne(old, now, place))) {
        standIns.add(place);
      }
    }
    while (true) {
      Deadline.current().check();
      List<RuleEdit> edits = edits(old, now, standIns);
      Layout middle = middle(old, now, edits);
      Transition transition = new Transition(before, after, standIns, edits, middle);
      TransitionProof proof = new TransitionProof(transition, old, now);
      if (proof.size() > LIMIT) {
        edits.forEach(edit -> standIns.add(edit.place()));
        continue;
      }
      Set<Place> wrong = new HashSet<>(leftBehind(transition));
      if (wrong.isEmpty()) {
        Set<Address> violated = new TreeSet<>(proof.violations(true));
        edits.stream()
            .filter(edit -> violated.contains(edit.address()))
            .forEach(edit -> wrong.add(edit.place()));
      }
      if (wrong.isEmpty()) {
        return transition;
      }
      standIns.addAll(wrong);
    }
  }

  /** How many states on the way were judged: after the switch, and after each edit. */
  public int states() {
    return edits.isEmpty() ? 0 : 1 + edits.size();
  }

  private static boolean isSame(Contents old, Contents now, Place place) {
    return old.at(place).equals(now.at(place)) && old.rest(place).equals(now.rest(place));
  }

  /** Whether what changes are single pods that come or go, and none that moves. */
  private static boolean isOneByOne(Contents old, Contents now, Place place) {
    Map<Address, String> later = now.at(place);
    return old.rest(place).equals(now.rest(place))
        && old.at(place).entrySet().stream()
            .allMatch(entry ->
                later.getOrDefault(entry.getKey(), entry.getValue()).equals(entry.getValue()));
  }

  /**
   * Pods come to a place in the order: exemption, dispatch, sets, the set of all pods; and go in the opposite order. So a pod that comes is
   * policed before others know it, and a peer that moves is always known to its old set or its new one.
   */
  private static List<RuleEdit> edits(Contents old, Contents now, Set<Place> standIns) {
    List<Place> places = new ArrayList<>(now.pods().keySet());
    places.retainAll(old.pods().keySet());
    places.removeAll(standIns);
    Set<String> last = new HashSet<>(last(old.layout()));
    last.addAll(last(now.layout()));
    places.sort((one, other) -> {
      int rank = Integer.compare(rank(one, last), rank(other, last));
      return rank != 0 ? rank : one.name().compareTo(other.name());
    });
    List<RuleEdit> edits = new ArrayList<>();
    for (Place place : places) {
      for (Address address : now.at(place).keySet()) {
        if (!old.at(place).containsKey(address)) {
          edits.add(new RuleEdit(true, place, address));
        }
      }
    }
    for (int i = places.size() - 1; i >= 0; i--) {
      Place place = places.get(i);
      for (Address address : old.at(place).keySet()) {
        if (!now.at(place).containsKey(address)) {
          edits.add(new RuleEdit(false, place, address));
        }
      }
    }
    return edits;
  }

  private static int rank(Place place, Set<String> last) {
    return 2 * place.kind().ordinal() + (last.contains(place.name()) ? 3 : 0);
  }

  /**
   * The edits in groups that can be made at once: those of one group are about different lookups of a packet's walk, or different packets.
   * The key is the group's place in the order, the same for both families.
   */
  public SortedMap<Integer, List<RuleEdit>> stages() {
    Set<String> last = new HashSet<>(last(before));
    last.addAll(last(after));
    SortedMap<Integer, List<RuleEdit>> stages = new TreeMap<>();
    for (RuleEdit edit : edits) {
      int rank = rank(edit.place(), last);
      stages
          .computeIfAbsent(edit.adds() ? rank : 2 * RANKS - rank, key -> new ArrayList<>())
          .add(edit);
    }
    return stages;
  }

  /** The sets that keep pods from ranges: those that are asked after others and let nothing pass. */
  private static Set<String> last(Layout layout) {
    Set<String> last = new HashSet<>();
    for (Direction direction : Direction.values()) {
      for (Group group : layout.groups(direction)) {
        for (PeerStep step : group.steps()) {
          if (step instanceof PeerStep.Match match
              && match.outcome().dropsAll()
              && match.peers().isPresent()) {
            last.add(match.peers().get().name());
          }
        }
      }
    }
    return last;
  }

  /** Groups that pods leave one by one are there until all have left. */
  private static Layout middle(Contents old, Contents now, List<RuleEdit> edits) {
    List<List<Group>> groups = new ArrayList<>();
    for (Direction direction : List.of(Direction.EGRESS, Direction.INGRESS)) {
      List<Group> all = new ArrayList<>(now.layout().groups(direction));
      Set<String> left = new TreeSet<>();
      edits.stream()
          .filter(edit -> !edit.adds() && edit.place().equals(Place.dispatch(direction)))
          .forEach(edit -> left.add(old.at(edit.place()).getOrDefault(edit.address(), "")));
      for (String name : left) {
        Optional<Group> vanished =
            old.group(direction, name).filter(g -> now.group(direction, name).isEmpty());
        vanished.ifPresent(all::add);
      }
      groups.add(all);
    }
    Layout after = now.layout();
    return new Layout(
        after.family(), groups.get(0), groups.get(1), after.hairpin(), after.ownNode());
  }

  /** Dispatches that lead to groups of before over places that have stand-ins: the names can't mean both. */
  private static Set<Place> leftBehind(Transition transition) {
    Set<Place> wrong = new HashSet<>();
    for (Direction direction : Direction.values()) {
      Set<String> kept = new HashSet<>();
      transition.after.groups(direction).forEach(group -> kept.add(group.name()));
      for (Group group : transition.middle.groups(direction)) {
        if (!kept.contains(group.name())
            && group.steps().stream().anyMatch(step -> standsIn(step, transition.standIns))) {
          wrong.add(Place.dispatch(direction));
        }
      }
    }
    return wrong;
  }

  private static boolean standsIn(PeerStep step, Set<Place> standIns) {
    if (step instanceof PeerStep.Match match) {
      return match.peers().filter(set -> standIns.contains(Place.of(set))).isPresent();
    }
    PeerStep.Lookup lookup = (PeerStep.Lookup) step;
    return standIns.contains(Place.of(lookup))
        || lookup.entries().stream().anyMatch(e -> standIns.contains(Place.of(e.peers())));
  }
}
