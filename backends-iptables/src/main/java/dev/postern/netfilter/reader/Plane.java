package dev.postern.netfilter.reader;

import dev.postern.enforced.EnforcedRules.Chain;
import dev.postern.enforced.EnforcedRules.Stage;
import java.util.List;
import java.util.Map;

/**
 * The rules of one of the kernel's ways to filter, as one tool prints them: nftables, iptables-nft or iptables-legacy. A packet passes the
 * hooks of all planes of a node, by priority.
 *
 * @param hooks the places where a forwarded packet comes by
 * @param chains by names that no other plane uses
 * @param translation what its nat tables do
 */
public record Plane(List<Hook> hooks, Map<String, Chain> chains, Translation translation) {

  /** Where the nat tables set destinations, and where they set sources, as priorities of their hooks. */
  static final int DESTINATIONS = -100;

  static final int SOURCES = 100;

  public Plane {
    hooks = List.copyOf(hooks);
  }

  /** Where a forwarded packet comes by, in order. */
  public enum Point {
    INGRESS,
    PREROUTING,
    FORWARD,
    POSTROUTING,
    EGRESS
  }

  /** A stage at a hook. */
  public record Hook(Point point, int priority, Stage stage) {

    /** Whether it may see packets as they were before their destinations were set: at the nat tables' own priority either comes first. */
    boolean isBeforeTranslation() {
      return point == Point.INGRESS || point == Point.PREROUTING && priority <= DESTINATIONS;
    }

    /** Whether it may see packets as they are after their sources were set. */
    boolean isAfterTranslation() {
      return point == Point.EGRESS || point == Point.POSTROUTING && priority >= SOURCES;
    }

    boolean isBeside(Hook other) {
      return point == other.point && priority == other.priority;
    }
  }
}
