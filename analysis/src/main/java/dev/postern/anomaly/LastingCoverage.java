package dev.postern.anomaly;

import dev.postern.cluster.Cluster;
import dev.postern.cluster.Namespace;
import dev.postern.net.AddressSet;
import dev.postern.net.PortSet;
import dev.postern.policy.Direction;
import dev.postern.policy.NamespaceSelection;
import dev.postern.policy.Peer;
import dev.postern.policy.Peers;
import dev.postern.policy.Policy;
import dev.postern.policy.PolicyKind;
import dev.postern.policy.PolicyRule;
import dev.postern.policy.Ports;
import dev.postern.policy.Tier;
import dev.postern.selector.Selector;
import java.util.List;
import java.util.stream.Stream;

/**
 * What selectors, blocks and ports show to hold for all pods that could ever come, while namespaces that exist keep their labels: one thing
 * is within another whoever comes. Sound: what is said to last does; where several together cover one peer, it may go unsaid.
 */
final class LastingCoverage {

  private final Cluster cluster;

  LastingCoverage(Cluster cluster) {
    this.cluster = cluster;
  }

  /** Whether other rules, one for each peer, allow all that a NetworkPolicy's rule allows. */
  boolean covers(List<PolicyAndRule> others, Policy policy, PolicyRule rule) {
    return peers(rule).stream()
        .allMatch(one -> others.stream()
            .anyMatch(other -> portsWithin(rule.ports(), other.rule.ports())
                && within(policy, other.policy)
                && peerWithin(policy.kind(), one, other.policy.kind(), other.rule.peers())));
  }

  /** A rule with its policy. */
  record PolicyAndRule(Policy policy, PolicyRule rule) {}

  /** The peers of a rule one by one. */
  private static List<Peers> peers(PolicyRule rule) {
    return rule.peers() instanceof Peers.AnyOf any
        ? any.peers().stream()
            .<Peers>map(peer -> new Peers.AnyOf(List.of(peer)))
            .toList()
        : List.of(rule.peers());
  }

  /** Whether one earlier rule of the same tier decides all that a rule matches. */
  boolean decidesBefore(PolicyAndRule earlier, Policy policy, PolicyRule rule) {
    boolean before = earlier.policy == policy
        ? earlier.rule.index() < rule.index()
        : earlier.policy.priority() < policy.priority();
    return before
        && policy.tier() != Tier.NETWORK_POLICY
        && earlier.policy.tier() == policy.tier()
        && covers(List.of(earlier), policy, rule);
  }

  /** Whether another NetworkPolicy isolates every pod that one isolates. */
  static boolean isolates(Policy other, Policy policy, Direction direction) {
    return other != policy
        && other.tier() == Tier.NETWORK_POLICY
        && other.isolates().contains(direction)
        && other.namespace().equals(policy.namespace())
        && LabelValues.implies(policy.subject().pods(), other.subject().pods());
  }

  /** Whether others do, whoever comes, all that a NetworkPolicy does. */
  boolean replaces(List<Policy> others, Policy policy) {
    return policy.tier() == Tier.NETWORK_POLICY
        && policy.isolates().stream()
            .allMatch(direction ->
                others.stream().anyMatch(other -> isolates(other, policy, direction))
                    && policy.rules(direction).stream()
                        .allMatch(rule -> covers(rules(others, direction), policy, rule)));
  }

  private static List<PolicyAndRule> rules(List<Policy> policies, Direction direction) {
    return policies.stream()
        .filter(policy -> policy.isolates().contains(direction))
        .flatMap(
            policy -> policy.rules(direction).stream().map(rule -> new PolicyAndRule(policy, rule)))
        .toList();
  }

  /** Whether an entry of a rule is within the rest of its rule, or within other rules. */
  boolean coversPeer(List<PolicyAndRule> others, Policy policy, PolicyRule rule, int entry) {
    List<Peer> all = ((Peers.AnyOf) rule.peers()).peers();
    Peers one = new Peers.AnyOf(List.of(all.get(entry)));
    Peers rest = new Peers.AnyOf(
        Stream.concat(all.subList(0, entry).stream(), all.subList(entry + 1, all.size()).stream())
            .toList());
    PolicyRule alone = with(rule, one, rule.ports());
    return covers(
        Stream.concat(
                others.stream().filter(other -> other.rule != rule),
                Stream.of(new PolicyAndRule(policy, with(rule, rest, rule.ports()))))
            .toList(),
        policy,
        alone);
  }

  /** Whether an entry of a rule's ports is within the rest of them, or within other rules. */
  boolean coversPort(List<PolicyAndRule> others, Policy policy, PolicyRule rule, int entry) {
    List<Ports.PortMatch> all = ((Ports.AnyOf) rule.ports()).matches();
    List<Ports.PortMatch> rest = Stream.concat(
            all.subList(0, entry).stream(), all.subList(entry + 1, all.size()).stream())
        .toList();
    PolicyRule alone = with(rule, rule.peers(), new Ports.AnyOf(List.of(all.get(entry))));
    return covers(
        Stream.concat(
                others.stream().filter(other -> other.rule != rule),
                Stream.of(
                    new PolicyAndRule(policy, with(rule, rule.peers(), new Ports.AnyOf(rest)))))
            .toList(),
        policy,
        alone);
  }

  private static PolicyRule with(PolicyRule rule, Peers peers, Ports ports) {
    return new PolicyRule(
        rule.direction(), rule.index(), rule.name(), rule.action(), peers, ports, rule.origin());
  }

  /** Whether some namespace that is here, or could come, can match. */
  boolean couldMatch(NamespaceSelection selection) {
    if (!(selection instanceof NamespaceSelection.Matching matching)) {
      return true;
    }
    Selector selector = matching.selector();
    if (LabelValues.contradiction(selector).isPresent()) {
      return false;
    }
    LabelValues names = LabelValues.of(selector, Namespace.NAME_LABEL);
    boolean newOne = names.others()
        || names.values().stream().anyMatch(name -> !cluster.namespaces().containsKey(name));
    return newOne
        || cluster.namespaces().values().stream()
            .anyMatch(namespace -> names.admits(namespace.name())
                // Of a namespace without a manifest only the name is known.
                && (!namespace.declared() || selector.matches(namespace.labels())));
  }

  private boolean within(Policy policy, Policy other) {
    return policy.kind().leavesHostNetworkOpen() == other.kind().leavesHostNetworkOpen()
        && namespacesWithin(policy.subject().namespaces(), other.subject().namespaces())
        && LabelValues.implies(policy.subject().pods(), other.subject().pods());
  }

  private boolean namespacesWithin(NamespaceSelection one, NamespaceSelection other) {
    if (other instanceof NamespaceSelection.Named named) {
      return one instanceof NamespaceSelection.Named same
          ? same.namespace().equals(named.namespace())
          : LabelValues.implies(
              ((NamespaceSelection.Matching) one).selector(),
              Selector.equal(Namespace.NAME_LABEL, named.namespace()));
    }
    Selector wanted = ((NamespaceSelection.Matching) other).selector();
    if (one instanceof NamespaceSelection.Matching matching) {
      return LabelValues.implies(matching.selector(), wanted);
    }
    String name = ((NamespaceSelection.Named) one).namespace();
    return wanted.isEverything()
        || (cluster.namespaces().containsKey(name)
            && wanted.matches(cluster.namespace(name).labels()));
  }

  private boolean peerWithin(PolicyKind kind, Peers one, PolicyKind otherKind, Peers others) {
    if (!(others instanceof Peers.AnyOf any)) {
      return true;
    }
    if (!(one instanceof Peers.AnyOf ones)
        || kind.leavesHostNetworkOpen() != otherKind.leavesHostNetworkOpen()) {
      return false;
    }
    return ones.peers().stream().allMatch(peer -> within(peer, any.peers()));
  }

  private boolean within(Peer peer, List<Peer> others) {
    if (peer instanceof Peer.Pods pods) {
      return others.stream()
          .anyMatch(other -> other instanceof Peer.Pods wide
              && namespacesWithin(pods.namespaces(), wide.namespaces())
              && LabelValues.implies(pods.pods(), wide.pods()));
    }
    if (peer instanceof Peer.IpBlock block) {
      return block.addresses().minus(addresses(others)).isEmpty();
    }
    if (peer instanceof Peer.Networks networks) {
      return networks.addresses().minus(addresses(others)).isEmpty();
    }
    if (peer instanceof Peer.Nodes nodes) {
      return others.stream()
          .anyMatch(other ->
              other instanceof Peer.Nodes wide && LabelValues.implies(nodes.nodes(), wide.nodes()));
    }
    return false;
  }

  private static AddressSet addresses(List<Peer> peers) {
    AddressSet all = AddressSet.EMPTY;
    for (Peer peer : peers) {
      if (peer instanceof Peer.IpBlock block) {
        all = all.union(block.addresses());
      } else if (peer instanceof Peer.Networks networks) {
        all = all.union(networks.addresses());
      }
    }
    return all;
  }

  private static boolean portsWithin(Ports one, Ports other) {
    if (!(other instanceof Ports.AnyOf wide)) {
      return true;
    }
    return one instanceof Ports.AnyOf narrow
        && narrow.matches().stream().allMatch(match -> within(match, wide.matches()));
  }

  private static boolean within(Ports.PortMatch match, List<Ports.PortMatch> others) {
    if (match instanceof Ports.Numbered numbered) {
      PortSet left = numbered.ports();
      for (Ports.PortMatch other : others) {
        if (other instanceof Ports.Numbered wide && wide.protocol() == numbered.protocol()) {
          left = left.minus(wide.ports());
        }
      }
      return left.isEmpty();
    }
    Ports.Named named = (Ports.Named) match;
    return others.stream()
        .anyMatch(other -> other instanceof Ports.Named same
            && same.name().equals(named.name())
            && (same.protocol().isEmpty() || same.protocol().equals(named.protocol())));
  }
}
