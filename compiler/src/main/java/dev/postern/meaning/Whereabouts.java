package dev.postern.meaning;

import dev.postern.cluster.Cluster;
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
import dev.postern.selector.Selector;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * Where a pod may be whose address or node the manifests do not say.
 *
 * @param address an address that it may have; empty if its own is known, or no policy asks for it
 * @param nodes which node selectors match the node that it may run on
 */
record Whereabouts(Optional<Address> address, Set<Selector> nodes) {

  /**
   * All places that these policies can tell apart: an address of each stretch that no block cuts, or of each family in use where blocks
   * count as a whole only; and each node that is known, one that no selector finds, one that a single selector finds, and one that all
   * find. One place, of which nothing is said, where nothing is missing.
   *
   * @param families the families that the cluster uses; asked for only where a block is mentioned
   */
  static List<Whereabouts> of(
      End.InPod end,
      boolean nodeIsKnown,
      List<Policy> policies,
      Direction direction,
      Cluster cluster,
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
    Set<Set<Selector>> nodes = end.workload().hostNetwork() && !nodeIsKnown
        ? nodes(peers, cluster)
        : Set.of(Set.<Selector>of());
    return addresses.stream()
        .flatMap(address -> nodes.stream().map(matching -> new Whereabouts(address, matching)))
        .toList();
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

  private static Set<Set<Selector>> nodes(List<Peer> peers, Cluster cluster) {
    Set<Selector> selectors = peers.stream()
        .filter(Peer.Nodes.class::isInstance)
        .map(peer -> ((Peer.Nodes) peer).nodes())
        .collect(Collectors.toSet());
    Set<Set<Selector>> nodes = new LinkedHashSet<>();
    nodes.add(Set.of());
    nodes.add(selectors);
    selectors.forEach(selector -> nodes.add(Set.of(selector)));
    cluster
        .nodes()
        .forEach(node -> nodes.add(selectors.stream()
            .filter(selector -> selector.matches(node.labels()))
            .collect(Collectors.toSet())));
    return nodes;
  }
}
