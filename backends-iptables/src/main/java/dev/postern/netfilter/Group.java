package dev.postern.netfilter;

import dev.postern.net.AddressSet;
import dev.postern.policy.Direction;
import java.util.List;

/**
 * Pods that share their decision in one direction.
 *
 * @param direction which way
 * @param number 1 and up, within the direction and family
 * @param name the content name of the direction and the steps
 * @param pods their addresses, of one family
 * @param steps what decides by the peer; a peer that no step knows is dropped
 */
public record Group(
    Direction direction, int number, String name, AddressSet pods, List<Step> steps) {
  public Group {
    steps = List.copyOf(steps);
  }
}
