package dev.postern.netfilter;

import dev.postern.net.AddressSet;
import dev.postern.policy.Direction;
import java.util.List;

/**
 * Pods with one role in one direction: the same policies have rules about them, so that they share their decision.
 *
 * @param direction which way
 * @param name the name of the role; it stays when pods come and go and when rules are edited
 * @param body the content name of the direction and the steps, which groups of different roles may share
 * @param pods their addresses, of one family
 * @param steps what decides by the peer; a peer that no step knows is dropped
 */
public record Group(
    Direction direction, String name, String body, AddressSet pods, List<PeerStep> steps) {
  public Group {
    steps = List.copyOf(steps);
  }
}
