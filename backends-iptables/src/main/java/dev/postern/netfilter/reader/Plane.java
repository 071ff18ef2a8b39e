package dev.postern.netfilter.reader;

import dev.postern.enforced.EnforcedRules.Chain;
import dev.postern.enforced.EnforcedRules.Stage;
import java.util.List;
import java.util.Map;

/**
 * The rules of one of the kernel's ways to filter, as one tool prints them: nftables, iptables-nft or iptables-legacy. A packet passes the
 * hooks of all planes of a node, by priority.
 *
 * @param hooks the places where packets come by
 * @param chains by names that no other plane uses
 * @param translation what its nat tables do to packets that come in
 * @param ofNode what they do to packets that the node itself sends
 * @param sourcesOfInput whether they set sources of packets that are to the node itself
 */
public record Plane(
    List<Hook> hooks,
    Map<String, Chain> chains,
    Translation translation,
    Translation ofNode,
    boolean sourcesOfInput) {

  /** Where the nat tables set destinations, and where they set sources, as priorities of their hooks. */
  static final int DESTINATIONS = -100;

  static final int SOURCES = 100;

  public Plane {
    hooks = List.copyOf(hooks);
  }

  /** Where packets come by, in order; none comes by all. */
  public enum Point {
    INGRESS,
    PREROUTING,
    INPUT,
    FORWARD,
    OUTPUT,
    POSTROUTING,
    EGRESS
  }

  /** A stage at a hook. */
  public record Hook(Point point, int priority, Stage stage) {

    /** Whether it comes before the nat tables' chain at a point has set destinations, or may: at their own priority either comes first. */
    boolean isBeforeDestinations(Point where) {
      return point.compareTo(where) < 0 || point == where && priority <= DESTINATIONS;
    }

    /** Whether it comes after the nat tables' chain at a point has set sources, or may. */
    boolean isAfterSources(Point where) {
      return point.compareTo(where) > 0 || point == where && priority >= SOURCES;
    }

    boolean isBeside(Hook other) {
      return point == other.point && priority == other.priority;
    }
  }
}
