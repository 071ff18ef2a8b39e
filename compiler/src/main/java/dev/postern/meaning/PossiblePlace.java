package dev.postern.meaning;

import dev.postern.meaning.Options.MissingAddress;
import dev.postern.net.Address;
import dev.postern.net.AddressRange;
import dev.postern.net.AddressSet;
import dev.postern.net.Family;
import dev.postern.policy.Direction;
import dev.postern.policy.Peer;
import dev.postern.policy.Peers;
import dev.postern.policy.Policy;
import dev.postern.policy.PolicyRule;
import dev.postern.selector.JointMatches;
import dev.postern.selector.Selector;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Supplier;

/**
 * Where a pod may be whose address or node the manifests do not say.
 *
 * @param address an address that it may have; empty if its own is known, or no policy asks for it
 * @param nodes which node selectors match the node that it may run on
 */
record PossiblePlace(Optional<Address> address, Set<Selector> nodes) {

  /**
   * All places that these policies can tell apart: an address of each stretch that no block cuts, or of each family in use where blocks
   * count as a whole only; and a node of each kind that selectors tell apart. One place, of which nothing is said, where nothing is missing.
   *
   * @param families the families that the cluster uses; asked for only where a block is mentioned
   * @return empty if selectors tell too many kinds of nodes apart
   */
  static Optional<List<PossiblePlace>> of(
      End.InPod end,
      boolean nodeIsKnown,
      List<Policy> policies,
      Direction direction,
      Options options,
      Supplier<Set<Family>> families) {
    List<Peer> peers = policies.stream()
        .flatMap(policy -> policy.rules(direction).stream())
        .flatMap(rule -> peers(rule).stream())
        .toList();
    List<Optional<Address>> addresses = new ArrayList<>();
    if (end.address().isEmpty()) {
      addresses(peers, options, families).forEach(address -> addresses.add(Optional.of(address)));
    }
    if (addresses.isEmpty()) {
      addresses.add(Optional.empty());
    }
    Optional<Set<Set<Selector>>> nodes = end.workload().hostNetwork() && !nodeIsKnown
        ? JointMatches.of(selectors(peers))
        : Optional.of(Set.of(Set.of()));
    return nodes.map(kinds -> addresses.stream()
        .flatMap(address -> kinds.stream().map(matching -> new PossiblePlace(address, matching)))
        .toList());
  }

  private static List<Peer> peers(PolicyRule rule) {
    return rule.peers() instanceof Peers.AnyOf any ? any.peers() : List.of();
  }

  /** None if there are no blocks. */
  private static SortedSet<Address> addresses(
      List<Peer> peers, Options options, Supplier<Set<Family>> families) {
    List<AddressSet> blocks =
        peers.stream().flatMap(peer -> block(peer).stream()).toList();
    SortedSet<Address> starts = new TreeSet<>();
    if (blocks.isEmpty()) {
      return starts;
    }
    AddressSet possible = options.missingAddress().possible(families.get());
    possible.ranges().forEach(range -> starts.add(range.first()));
    if (options.missingAddress() == MissingAddress.UNMATCHED) {
      return starts;
    }
    for (AddressSet block : blocks) {
      for (AddressRange range : block.intersect(possible).ranges()) {
        starts.add(range.first());
        if (!range.last().isLast() && possible.contains(range.last().next())) {
          starts.add(range.last().next());
        }
      }
    }
    return starts;
  }

  private static Optional<AddressSet> block(Peer peer) {
    if (peer instanceof Peer.Networks networks) {
      return Optional.of(networks.addresses());
    }
    return peer instanceof Peer.IpBlock ipBlock
        ? Optional.of(ipBlock.addresses())
        : Optional.empty();
  }

  private static List<Selector> selectors(List<Peer> peers) {
    return peers.stream()
        .filter(Peer.Nodes.class::isInstance)
        .map(peer -> ((Peer.Nodes) peer).nodes())
        .toList();
  }
}
