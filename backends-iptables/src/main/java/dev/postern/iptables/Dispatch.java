package dev.postern.iptables;

import dev.postern.netfilter.Group;
import dev.postern.netfilter.PeerStep;
import dev.postern.policy.Direction;
import java.util.function.Function;

/** A way to find what belongs to an address among many. */
interface Dispatch {

  /** Adds the rules to a chain that bring a packet to its pod's group, if it has one, and go on after it if not. */
  void groups(Chains chains, String chain, Direction direction, Function<Group, String> chainOf);

  /** Adds the rules to a chain that bring a packet to the outcome of its peer, and go on if the lookup does not know it. */
  void lookup(
      Chains chains,
      String chain,
      Direction direction,
      PeerStep.Lookup lookup,
      Function<PeerStep.Lookup.Entry, String> actionOf);

  /**
   * Adds the rules to a chain that return a packet from a pod to itself and deny every other.
   *
   * @param denial what denies it, such as {@code -j DROP}
   */
  void hairpin(Chains chains, String chain, String denial);

  /** Adds what leaves the packet as it came. */
  void leave(Chains chains, String chain);

  /** How many rules find a group in the worst case. */
  int depth();

  /** How many rules find a group on average. */
  double usualDepth();
}
