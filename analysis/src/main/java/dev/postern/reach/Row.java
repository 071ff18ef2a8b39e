package dev.postern.reach;

import dev.postern.algebra.Region;

/**
 * What passes from the endpoints of one class to those of every class. A pod's calls to itself and traffic with its own node pass besides.
 *
 * @param source the class of the sources
 * @param allowed what passes for certain, by destination class
 * @param possible what passes or may pass; contains {@code allowed}, mostly equal to it
 */
public record Row(int source, Region allowed, Region possible) {

  /** What passes to the endpoints of one class. */
  public Reach to(int destination) {
    return new Reach(allowed.traffic(destination), possible.traffic(destination));
  }
}
