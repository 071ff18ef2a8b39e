package dev.postern.netfilter;

import dev.postern.net.Traffic;

/**
 * What becomes of traffic with some peers: all of it passes, none does, or what a shared chain lets pass.
 *
 * @param traffic what passes
 * @param name the content name of the traffic
 */
public record PeerOutcome(Traffic traffic, String name) {

  public boolean passesAll() {
    return traffic.isAll();
  }

  public boolean dropsAll() {
    return traffic.isEmpty();
  }
}
