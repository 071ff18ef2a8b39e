package dev.postern.reach;

import dev.postern.net.Traffic;

/**
 * What passes from one end to another.
 *
 * @param allowed what passes for certain
 * @param possible what passes or may pass, depending on what the manifests do not say; contains {@code allowed}, mostly equal to it
 */
public record Reach(Traffic allowed, Traffic possible) {

  public static final Reach NOTHING = new Reach(Traffic.NONE, Traffic.NONE);
  public static final Reach EVERYTHING = new Reach(Traffic.ALL, Traffic.ALL);

  /** What is known for certain. */
  static Reach certain(Traffic traffic) {
    return new Reach(traffic, traffic);
  }

  /** What passes here or there. */
  public Reach union(Reach other) {
    return new Reach(allowed.union(other.allowed), possible.union(other.possible));
  }

  /** What passes both here and there. */
  public Reach intersect(Reach other) {
    return new Reach(allowed.intersect(other.allowed), possible.intersect(other.possible));
  }

  /** Whether not even by chance anything passes. */
  public boolean isNothing() {
    return possible.isEmpty();
  }
}
