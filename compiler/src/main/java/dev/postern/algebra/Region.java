package dev.postern.algebra;

import dev.postern.net.Traffic;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BinaryOperator;

/**
 * Which traffic passes to or from which peers: a function from classes to traffic, grouped by traffic. Canonical: every class is in at
 * most one part, no two parts have the same traffic, no part is empty, parts are in order of their lowest class.
 *
 * @param parts the groups
 */
public record Region(List<Part> parts) {

  /**
   * Peers that share their traffic.
   *
   * @param peers who; not empty
   * @param traffic what; not empty
   */
  public record Part(ClassSet peers, Traffic traffic) {}

  public static final Region EMPTY = new Region(List.of());

  public Region {
    parts = List.copyOf(parts);
  }

  /** The same traffic for all these peers. */
  public static Region of(ClassSet peers, Traffic traffic) {
    return peers.isEmpty() || traffic.isEmpty()
        ? EMPTY
        : new Region(List.of(new Part(peers, traffic)));
  }

  /** Collects disjoint parts. For one thread. */
  public static final class Builder {
    private final Map<Traffic, List<ClassSet>> byTraffic = new HashMap<>(4);

    /** Adds peers of which none was added before. */
    public Builder add(ClassSet peers, Traffic traffic) {
      if (!peers.isEmpty() && !traffic.isEmpty()) {
        byTraffic.computeIfAbsent(traffic, t -> new ArrayList<>(2)).add(peers);
      }
      return this;
    }

    public Region build() {
      List<Part> parts = new ArrayList<>(byTraffic.size());
      byTraffic.forEach((traffic, peers) -> parts.add(new Part(ClassSet.union(peers), traffic)));
      parts.sort(Comparator.comparing(Part::peers));
      return new Region(parts);
    }
  }

  /** Groups disjoint parts, some of which may have equal or no traffic. */
  private static Region grouped(List<Part> disjoint) {
    Builder builder = new Builder();
    for (Part part : disjoint) {
      builder.add(part.peers, part.traffic);
    }
    return builder.build();
  }

  public boolean isEmpty() {
    return parts.isEmpty();
  }

  /** The traffic of one class. */
  public Traffic traffic(int peer) {
    for (Part part : parts) {
      if (part.peers.contains(peer)) {
        return part.traffic;
      }
    }
    return Traffic.NONE;
  }

  /** All classes that have any traffic. */
  public ClassSet peers() {
    return parts.stream().map(Part::peers).reduce(ClassSet.EMPTY, ClassSet::union);
  }

  public Region union(Region other) {
    return isEmpty() ? other : other.isEmpty() ? this : combine(other, Traffic::union, true, true);
  }

  public Region intersect(Region other) {
    return isEmpty() || other.isEmpty() ? EMPTY : combine(other, Traffic::intersect, false, false);
  }

  /** What is in this region and not in the other. */
  public Region minus(Region other) {
    return isEmpty() || other.isEmpty() ? this : combine(other, Traffic::minus, true, false);
  }

  /** The part of this region that concerns these peers. */
  public Region at(ClassSet peers) {
    List<Part> kept = new ArrayList<>(parts.size());
    for (Part part : parts) {
      kept.add(new Part(part.peers.intersect(peers), part.traffic));
    }
    return grouped(kept);
  }

  private Region combine(
      Region other, BinaryOperator<Traffic> operator, boolean keepHere, boolean keepThere) {
    List<Part> result = new ArrayList<>();
    for (Part here : parts) {
      ClassSet rest = here.peers;
      for (Part there : other.parts) {
        ClassSet common = rest.intersect(there.peers);
        if (!common.isEmpty()) {
          result.add(new Part(common, operator.apply(here.traffic, there.traffic)));
          rest = rest.minus(common);
          if (rest.isEmpty()) {
            break;
          }
        }
      }
      if (keepHere) {
        result.add(new Part(rest, here.traffic));
      }
    }
    if (keepThere) {
      ClassSet mine = peers();
      for (Part there : other.parts) {
        result.add(new Part(there.peers.minus(mine), there.traffic));
      }
    }
    return grouped(result);
  }
}
