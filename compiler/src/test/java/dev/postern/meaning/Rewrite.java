package dev.postern.meaning;

import dev.postern.cluster.Cluster;
import dev.postern.net.Address;
import dev.postern.net.AddressSet;
import dev.postern.net.Cidr;
import dev.postern.net.Family;
import dev.postern.net.PortSet;
import dev.postern.policy.Action;
import dev.postern.policy.Direction;
import dev.postern.policy.Peer;
import dev.postern.policy.Peers;
import dev.postern.policy.Policy;
import dev.postern.policy.PolicyKind;
import dev.postern.policy.PolicyRule;
import dev.postern.policy.Ports;
import dev.postern.selector.Requirement;
import dev.postern.selector.Selector;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Other ways to write the same policies. */
enum Rewrite {
  /** A rule of several peers or ports is a rule for each pair of them. */
  A_RULE_FOR_EACH_PEER_AND_PORT(cluster -> rules(cluster, Rewrite::split)),
  /** A block is its two halves, each with the excepts that lie in it. */
  EACH_BLOCK_IN_HALVES(cluster -> peers(cluster, Rewrite::halves)),
  /** A range of ports is two. */
  EACH_RANGE_IN_TWO(cluster ->
      rules(cluster, rule -> Stream.of(with(rule, rule.peers(), inTwo(rule.ports()))))),
  /** {@code In} with two values is two peers. */
  A_PEER_FOR_EACH_VALUE(cluster -> peers(cluster, Rewrite::values)),
  /** NetworkPolicies of one subject are one policy. */
  ONE_POLICY_A_SUBJECT(Rewrite::merged),
  /** A NetworkPolicy is one policy a rule. */
  A_POLICY_FOR_EACH_RULE(Rewrite::apart),
  /** Priorities are wider apart, in the same order. */
  PRIORITIES_SPREAD(Rewrite::spread);

  private final UnaryOperator<Cluster> rewrite;

  Rewrite(UnaryOperator<Cluster> rewrite) {
    this.rewrite = rewrite;
  }

  Cluster of(Cluster cluster) {
    return rewrite.apply(cluster);
  }

  private static Stream<PolicyRule> split(PolicyRule rule) {
    // A pass closes as a whole if one of its peers is unknown.
    if (rule.action() == Action.PASS && rule.hasUnknownPeer()) {
      return Stream.of(rule);
    }
    // Blocks that leave out no address only together are what holds an unknown address for certain.
    List<Peers> peers = rule.peers() instanceof Peers.AnyOf some && !holdsAFamilyOnlyTogether(rule)
        ? some.peers().stream()
            .map(peer -> (Peers) new Peers.AnyOf(List.of(peer)))
            .toList()
        : List.of(rule.peers());
    List<Ports> ports = rule.ports() instanceof Ports.AnyOf some
        ? some.matches().stream()
            .map(match -> (Ports) new Ports.AnyOf(List.of(match)))
            .toList()
        : List.of(rule.ports());
    return peers.stream().flatMap(peer -> ports.stream().map(port -> with(rule, peer, port)));
  }

  private static boolean holdsAFamilyOnlyTogether(PolicyRule rule) {
    List<AddressSet> apart = rule.peers() instanceof Peers.AnyOf some
        ? some.peers().stream()
            .map(
                peer -> with(rule, new Peers.AnyOf(List.of(peer)), rule.ports()).blocks())
            .toList()
        : List.of();
    return Arrays.stream(Family.values())
        .map(AddressSet::all)
        .anyMatch(family -> rule.blocks().containsAll(family)
            && apart.stream().noneMatch(blocks -> blocks.containsAll(family)));
  }

  private static Stream<Peer> halves(Peer peer) {
    if (peer instanceof Peer.IpBlock block) {
      return halves(block.cidr())
          .filter(half -> !block.except().contains(half))
          .map(half -> new Peer.IpBlock(
              half, block.except().stream().filter(half::contains).toList(), block.origin()));
    }
    return peer instanceof Peer.Networks networks
        ? Stream.of(new Peer.Networks(
            networks.cidrs().stream().flatMap(Rewrite::halves).toList(), networks.origin()))
        : Stream.of(peer);
  }

  private static Stream<Cidr> halves(Cidr cidr) {
    // A whole family stays whole: in one piece it is what admits an unknown ingress controller for
    // certain.
    if (cidr.prefix() == 0 || cidr.prefix() == cidr.family().bits()) {
      return Stream.of(cidr);
    }
    Address last = cidr.last();
    return Stream.of(new Cidr(cidr.first(), cidr.prefix() + 1), new Cidr(last, cidr.prefix() + 1));
  }

  private static Ports inTwo(Ports ports) {
    if (!(ports instanceof Ports.AnyOf some)) {
      return ports;
    }
    return new Ports.AnyOf(some.matches().stream()
        .flatMap(match -> {
          if (match instanceof Ports.Numbered numbered && numbered.ports().size() > 1) {
            PortSet.Interval interval = numbered.ports().intervals().get(0);
            PortSet lower =
                PortSet.range(interval.first(), (interval.first() + interval.last()) / 2);
            return Stream.of(lower, numbered.ports().minus(lower)).map(part ->
                (Ports.PortMatch) new Ports.Numbered(numbered.protocol(), part, numbered.origin()));
          }
          return Stream.of(match);
        })
        .toList());
  }

  private static Stream<Peer> values(Peer peer) {
    if (peer instanceof Peer.Pods pods) {
      for (Requirement requirement : pods.pods().requirements()) {
        if (requirement.operator() == Requirement.Operator.IN
            && requirement.values().size() > 1) {
          return requirement.values().stream()
              .map(value -> new Peer.Pods(
                  pods.namespaces(),
                  replace(pods.pods(), requirement, Requirement.equal(requirement.key(), value)),
                  pods.origin()));
        }
      }
    }
    return Stream.of(peer);
  }

  private static Selector replace(Selector selector, Requirement before, Requirement after) {
    return new Selector(
        selector.requirements().stream().map(r -> r.equals(before) ? after : r).toList());
  }

  private static Cluster merged(Cluster cluster) {
    Map<Object, Policy> merged = new LinkedHashMap<>();
    for (Policy policy : cluster.policies()) {
      Object key = policy.kind() == PolicyKind.NETWORK_POLICY
          ? List.of(policy.subject(), policy.isolates())
          : policy;
      merged.merge(
          key,
          policy,
          (one, other) -> with(
              one,
              Stream.concat(one.ingress().stream(), other.ingress().stream()).toList(),
              Stream.concat(one.egress().stream(), other.egress().stream()).toList()));
    }
    return cluster.withPolicies(merged.values());
  }

  private static Cluster apart(Cluster cluster) {
    List<Policy> policies = new ArrayList<>();
    for (Policy policy : cluster.policies()) {
      if (policy.kind() == PolicyKind.NETWORK_POLICY) {
        policies.add(with(policy, List.of(), List.of()));
        policy.ingress().forEach(rule -> policies.add(with(policy, List.of(rule), List.of())));
        policy.egress().forEach(rule -> policies.add(with(policy, List.of(), List.of(rule))));
      } else {
        policies.add(policy);
      }
    }
    return cluster.withPolicies(policies);
  }

  private static Cluster spread(Cluster cluster) {
    return cluster.withPolicies(cluster.policies().stream()
        .map(p -> new Policy(
            p.kind(),
            p.namespace(),
            p.name(),
            p.tier(),
            3 * p.priority() + 1,
            p.subject(),
            p.isolates(),
            p.ingress(),
            p.egress(),
            p.origin()))
        .toList());
  }

  private static Cluster peers(Cluster cluster, Function<Peer, Stream<Peer>> rewrite) {
    return rules(
        cluster,
        rule -> Stream.of(
            rule.peers() instanceof Peers.AnyOf some
                ? with(
                    rule,
                    new Peers.AnyOf(some.peers().stream().flatMap(rewrite).toList()),
                    rule.ports())
                : rule));
  }

  private static Cluster rules(Cluster cluster, Function<PolicyRule, Stream<PolicyRule>> rewrite) {
    return cluster.withPolicies(cluster.policies().stream()
        .map(policy -> with(
            policy,
            policy.ingress().stream().flatMap(rewrite).toList(),
            policy.egress().stream().flatMap(rewrite).toList()))
        .toList());
  }

  private static PolicyRule with(PolicyRule rule, Peers peers, Ports ports) {
    return new PolicyRule(
        rule.direction(), rule.index(), rule.name(), rule.action(), peers, ports, rule.origin());
  }

  private static Policy with(Policy policy, List<PolicyRule> ingress, List<PolicyRule> egress) {
    return new Policy(
        policy.kind(),
        policy.namespace(),
        policy.name(),
        policy.tier(),
        policy.priority(),
        policy.subject(),
        policy.isolates(),
        numbered(Direction.INGRESS, ingress),
        numbered(Direction.EGRESS, egress),
        policy.origin());
  }

  private static List<PolicyRule> numbered(Direction direction, List<PolicyRule> rules) {
    return IntStream.range(0, rules.size())
        .mapToObj(i -> {
          PolicyRule rule = rules.get(i);
          return new PolicyRule(
              direction, i, rule.name(), rule.action(), rule.peers(), rule.ports(), rule.origin());
        })
        .toList();
  }
}
