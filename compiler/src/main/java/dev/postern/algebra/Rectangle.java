package dev.postern.algebra;

import dev.postern.net.Traffic;

/**
 * What one rule covers: this traffic between any of these targets and any of these peers. A rule is one rectangle, or a few where named
 * ports mean other numbers on other pods.
 *
 * @param targets the classes that the policy selects
 * @param peers the classes at the other end
 * @param traffic the traffic, by the destination's port
 */
public record Rectangle(ClassSet targets, ClassSet peers, Traffic traffic) {

  public boolean isEmpty() {
    return targets.isEmpty() || peers.isEmpty() || traffic.isEmpty();
  }
}
