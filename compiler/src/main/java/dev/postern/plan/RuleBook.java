package dev.postern.plan;

import dev.postern.algebra.ClassSet;
import dev.postern.algebra.Rectangle;
import dev.postern.net.Address;
import dev.postern.net.AddressRange;
import dev.postern.net.Protocol;
import dev.postern.net.Traffic;
import dev.postern.policy.Action;
import dev.postern.policy.Direction;
import dev.postern.policy.Policy;
import dev.postern.policy.Tier;
import dev.postern.selector.JointMatches;
import dev.postern.selector.Selector;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The rectangles of one direction in the order in which the tiers are worked through, and what they come to at one pair of classes. Each
 * line is one rectangle of one rule; rules that can do nothing are left out.
 */
final class RuleBook {

  /**
   * A rectangle as the tiers see it.
   *
   * @param policy the policy, whose tier and priority count
   * @param action what it does
   * @param targets the policy's classes
   * @param peers the other end
   * @param traffic the traffic
   * @param byName whether it covers only what DNS names may stand for
   * @param place where its peers must be for it to concern them, if that is not known of them
   */
  record Line(
      Policy policy,
      Action action,
      ClassSet targets,
      ClassSet peers,
      Traffic traffic,
      boolean byName,
      Optional<PeerPlace> place) {

    /** Whether a peer is among those it is about. */
    boolean concerns(int peer, boolean withNames) {
      return (withNames || !byName) && peers.contains(peer);
    }

    /** Whether another is made of the same rule over the same classes. */
    boolean isSame(Line other) {
      return policy == other.policy
          && action == other.action
          && targets == other.targets
          && peers == other.peers
          && traffic == other.traffic
          && byName == other.byName
          && place.equals(other.place);
    }

    /** Whether it is known that it concerns its peers. */
    boolean isCertain() {
      return !byName && place.isEmpty();
    }
  }

  private final Line[] lines;
  private final boolean isCertain;
  private final boolean hasPlaces;
  private final PodPlaces places;
  /** By the selectors that lines name, which of them can match one node together. */
  private final Map<Set<Selector>, Optional<Set<Set<Selector>>>> kindsOfNodes =
      new ConcurrentHashMap<>();
  /** By line the number of its traffic. */
  private final int[] trafficOf;

  private final PortAtoms ports;
  /** By tier the number of its first line. */
  private final int[] first = new int[Tier.values().length];

  /**
   * The lines of one direction.
   *
   * @param places where pods of unknown place may be
   */
  RuleBook(List<PlanRule> rules, Direction direction, PodPlaces places) {
    this.places = places;
    List<Line> all = new ArrayList<>();
    for (PlanRule rule : rules) {
      if (rule.rule().direction() == direction && rule.policy().appliesTo(direction)) {
        rule.rectangles()
            .forEach(rectangle -> all.add(line(rule, rectangle, false, Optional.empty())));
        rule.byName().forEach(rectangle -> all.add(line(rule, rectangle, true, Optional.empty())));
        rule.byPlace()
            .forEach(in -> all.add(line(rule, in.rectangle(), false, Optional.of(in.place()))));
      }
    }
    this.lines = all.toArray(new Line[0]);
    this.isCertain = all.stream().allMatch(Line::isCertain);
    this.hasPlaces = all.stream().anyMatch(line -> line.place().isPresent());
    this.trafficOf = new int[lines.length];
    Map<Traffic, Integer> numbers = new LinkedHashMap<>();
    for (int number = 0; number < trafficOf.length; number++) {
      trafficOf[number] = numbers.computeIfAbsent(line(number).traffic, t -> numbers.size());
    }
    this.ports = new PortAtoms(List.copyOf(numbers.keySet()));
    for (Tier tier : Tier.values()) {
      int number = 0;
      while (number < lines.length && line(number).policy.tier().compareTo(tier) < 0) {
        number++;
      }
      first[tier.ordinal()] = number;
    }
  }

  private static Line line(
      PlanRule rule, Rectangle rectangle, boolean byName, Optional<PeerPlace> place) {
    return new Line(
        rule.policy(),
        rule.action(),
        rectangle.targets(),
        rectangle.peers(),
        rectangle.traffic(),
        byName,
        place);
  }

  int size() {
    return lines.length;
  }

  /** Whether it is known of all lines that they concern their peers. */
  boolean isCertain() {
    return isCertain;
  }

  /** Whether some line depends on where its peers are. */
  boolean hasPlaces() {
    return hasPlaces;
  }

  /** Which traffic holds a port: the first argument for {@link #isHeld}. */
  long[] holding(Protocol protocol, int port) {
    return ports.holding(protocol, port);
  }

  /** Whether a line's traffic is among these. */
  boolean isHeld(long[] holding, int number) {
    int traffic = trafficOf[number];
    return (holding[traffic >> 6] & 1L << traffic) != 0;
  }

  /** The number of the first line of a tier or one after it. */
  int firstOf(Tier tier) {
    return first[tier.ordinal()];
  }

  Line line(int number) {
    return lines[number];
  }

  /**
   * What passes to or from a peer.
   *
   * @param matching the numbers of the lines that concern both ends, ascending
   * @param count how many of them
   * @param isolated whether a NetworkPolicy isolates the subject
   */
  Traffic passes(int[] matching, int count, boolean isolated) {
    int networkPolicies = firstOf(Tier.NETWORK_POLICY, matching, count);
    int baseline = firstOf(Tier.BASELINE, matching, count);
    Ordered admin = new Ordered();
    admin.work(matching, 0, networkPolicies);
    Traffic next;
    if (isolated) {
      next = union(matching, networkPolicies, baseline);
    } else {
      Ordered under = new Ordered();
      under.work(matching, baseline, count);
      next = under.allowed.union(under.undecided());
    }
    return admin.allowed.union(admin.undecided().intersect(next));
  }

  /**
   * What passes to or from a peer of which it is not known where it is.
   *
   * @param wherever whether only what passes wherever it is; else all that passes if it is in some place
   */
  Traffic passes(int[] matching, int count, boolean isolated, boolean wherever) {
    Optional<Set<BitSet>> placements = placements(matching, count);
    if (placements.isEmpty()) {
      return wherever ? Traffic.NONE : Traffic.ALL;
    }
    Optional<Traffic> result = Optional.empty();
    for (BitSet there : placements.get()) {
      int[] own = new int[count];
      int owned = 0;
      for (int i = 0; i < count; i++) {
        if (line(matching[i]).place.isEmpty() || there.get(i)) {
          own[owned++] = matching[i];
        }
      }
      Traffic here = passes(own, owned, isolated);
      result = Optional.of(result
          .map(before -> wherever ? before.intersect(here) : before.union(here))
          .orElse(here));
    }
    return result.orElse(Traffic.NONE);
  }

  /** Which of these lines concern the peer, for each place in which it may be; empty if these are too many. */
  private Optional<Set<BitSet>> placements(int[] matching, int count) {
    SortedSet<Address> starts = new TreeSet<>();
    Set<Selector> selectors = new HashSet<>();
    places.addresses().ranges().forEach(range -> starts.add(range.first()));
    for (int i = 0; i < count; i++) {
      line(matching[i]).place.ifPresent(place -> {
        selectors.addAll(place.nodes());
        for (AddressRange range :
            place.addresses().intersect(places.addresses()).ranges()) {
          starts.add(range.first());
          if (!range.last().isLast() && places.addresses().contains(range.last().next())) {
            starts.add(range.last().next());
          }
        }
      });
    }
    Optional<Set<Set<Selector>>> onNodes =
        kindsOfNodes.computeIfAbsent(selectors, JointMatches::of);
    if (onNodes.isEmpty()) {
      return Optional.empty();
    }
    Set<BitSet> placements = new LinkedHashSet<>();
    for (Address address : starts) {
      for (Set<Selector> node : onNodes.get()) {
        BitSet there = new BitSet(count);
        for (int i = 0; i < count; i++) {
          there.set(
              i,
              line(matching[i])
                  .place
                  .filter(place -> place.holds(address, node))
                  .isPresent());
        }
        placements.add(there);
      }
    }
    return Optional.of(placements);
  }

  /** The place of the first line of a tier or one after it. */
  private int firstOf(Tier tier, int[] matching, int count) {
    int place = 0;
    while (place < count && line(matching[place]).policy.tier().compareTo(tier) < 0) {
      place++;
    }
    return place;
  }

  /** What the first so many of these lines allow together: NetworkPolicies add. */
  Traffic union(int[] matching, int count) {
    return union(matching, 0, count);
  }

  private Traffic union(int[] matching, int from, int to) {
    Traffic union = Traffic.NONE;
    for (int i = from; i < to && !union.isAll(); i++) {
      union = union.union(line(matching[i]).traffic);
    }
    return union;
  }

  /** What the first so many of these lines, all of one ordered tier, come to. */
  Ordered ordered(int[] matching, int count) {
    Ordered ordered = new Ordered();
    ordered.work(matching, 0, count);
    return ordered;
  }

  /** One ordered tier at one pair of classes. */
  final class Ordered {
    private Traffic open = Traffic.ALL;
    private Traffic allowed = Traffic.NONE;
    private Traffic passed = Traffic.NONE;

    private Ordered() {}

    Traffic allowed() {
      return allowed;
    }

    /** What no rule matches, or a rule passes on to the next tier. */
    Traffic undecided() {
      return open.union(passed);
    }

    private void work(int[] matching, int from, int to) {
      int start = from;
      while (start < to && !open.isEmpty()) {
        int end = start;
        int priority = line(matching[start]).policy.priority();
        while (end < to && line(matching[end]).policy.priority() == priority) {
          end++;
        }
        equalPriority(matching, start, end);
        start = end;
      }
    }

    /** Each policy's first match speaks for it; among policies of one priority the strictest word counts. */
    private void equalPriority(int[] matching, int from, int to) {
      Traffic allow = Traffic.NONE;
      Traffic deny = Traffic.NONE;
      Traffic pass = Traffic.NONE;
      Traffic decided = Traffic.NONE;
      for (int i = from; i < to; i++) {
        Line line = line(matching[i]);
        if (i > from && line.policy != line(matching[i - 1]).policy) {
          decided = Traffic.NONE;
        }
        Traffic fresh = line.traffic.minus(decided);
        decided = decided.union(fresh);
        switch (line.action) {
          case ALLOW -> allow = allow.union(fresh);
          case DENY -> deny = deny.union(fresh);
          case PASS -> pass = pass.union(fresh);
        }
      }
      pass = pass.minus(deny);
      allow = allow.minus(deny).minus(pass);
      allowed = allowed.union(allow.intersect(open));
      passed = passed.union(pass.intersect(open));
      open = open.minus(allow).minus(deny).minus(pass);
    }
  }
}
