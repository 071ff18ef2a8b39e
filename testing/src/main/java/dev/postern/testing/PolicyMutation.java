package dev.postern.testing;

import dev.postern.cluster.Cluster;
import dev.postern.cluster.Namespace;
import dev.postern.cluster.Node;
import dev.postern.diagnostic.Origin;
import dev.postern.net.Cidr;
import dev.postern.net.PortSet;
import dev.postern.policy.Direction;
import dev.postern.policy.NamespaceSelection;
import dev.postern.policy.Peer;
import dev.postern.policy.Peers;
import dev.postern.policy.Policy;
import dev.postern.policy.PolicyRule;
import dev.postern.policy.Ports;
import dev.postern.policy.Subject;
import dev.postern.policy.Tier;
import dev.postern.selector.Labels;
import dev.postern.selector.Requirement;
import dev.postern.selector.Requirement.Operator;
import dev.postern.selector.Selector;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;

/** Small changes of policies, such as are made by mistake. Most, but not all, change a verdict. */
public enum PolicyMutation {
  DROP_POLICY,
  DROP_RULE,
  WIDEN_CIDR_BY_A_BIT,
  MOVE_PORT_BY_ONE,
  IN_FOR_NOT_IN,
  SWAP_PRIORITIES,
  SWAP_RULES,
  WIDEN_SUBJECT,
  RELABEL_NAMESPACE,
  RELABEL_NODE;

  /** The cluster with one such change, or nothing if none of its policies allows one. */
  public Optional<Cluster> of(Cluster cluster, Random random) {
    if (this == RELABEL_NAMESPACE) {
      return relabelledNamespace(cluster, random);
    }
    if (this == RELABEL_NODE) {
      return relabelledNode(cluster);
    }
    List<Policy> shuffled = new ArrayList<>(cluster.policies());
    Collections.shuffle(shuffled, random);
    for (Policy policy : shuffled) {
      List<Policy> policies = new ArrayList<>(cluster.policies());
      policies.remove(policy);
      Optional<List<Policy>> changed = change(policy, policies, random);
      if (changed.isPresent()) {
        return Optional.of(cluster.withPolicies(changed.get()));
      }
    }
    return Optional.empty();
  }

  private static Optional<Cluster> relabelledNamespace(Cluster cluster, Random random) {
    if (cluster.namespaces().isEmpty()) {
      return Optional.empty();
    }
    SortedMap<String, Namespace> namespaces = new TreeMap<>(cluster.namespaces());
    String name = List.copyOf(namespaces.keySet()).get(random.nextInt(namespaces.size()));
    Namespace old = cluster.namespace(name);
    Labels labels =
        old.labels().with("team", old.labels().get("team").equals(Optional.of("a")) ? "b" : "a");
    namespaces.put(name, new Namespace(name, labels, true, Origin.NONE));
    return Optional.of(new Cluster(
        namespaces,
        cluster.workloads(),
        cluster.services(),
        cluster.nodes(),
        cluster.entrances(),
        cluster.policies()));
  }

  private static Optional<Cluster> relabelledNode(Cluster cluster) {
    if (cluster.nodes().isEmpty()) {
      return Optional.empty();
    }
    List<Node> nodes = new ArrayList<>(cluster.nodes());
    Node old = nodes.get(0);
    nodes.set(0, new Node(old.name(), Labels.NONE, old.addresses(), Origin.NONE));
    return Optional.of(new Cluster(
        cluster.namespaces(),
        cluster.workloads(),
        cluster.services(),
        nodes,
        cluster.entrances(),
        cluster.policies()));
  }

  private Optional<List<Policy>> change(Policy policy, List<Policy> others, Random random) {
    switch (this) {
      case DROP_POLICY:
        return Optional.of(others);
      case WIDEN_SUBJECT:
        if (policy.subject().pods().isEverything()) {
          return Optional.empty();
        }
        return with(
            others,
            policy(
                policy,
                policy.priority(),
                new Subject(policy.subject().namespaces(), Selector.EVERYTHING),
                policy.ingress(),
                policy.egress()));
      case SWAP_PRIORITIES:
        return swapPriorities(policy, others);
      default:
        for (Direction direction : Direction.values()) {
          Optional<List<PolicyRule>> rules = rules(policy.rules(direction), random);
          if (rules.isPresent()) {
            boolean in = direction == Direction.INGRESS;
            return with(
                others,
                policy(
                    policy,
                    policy.priority(),
                    policy.subject(),
                    in ? rules.get() : policy.ingress(),
                    in ? policy.egress() : rules.get()));
          }
        }
        return Optional.empty();
    }
  }

  private static Optional<List<Policy>> swapPriorities(Policy policy, List<Policy> others) {
    for (Policy other : others) {
      if (policy.tier() != Tier.NETWORK_POLICY
          && other.tier() == policy.tier()
          && other.priority() != policy.priority()) {
        List<Policy> rest = new ArrayList<>(others);
        rest.remove(other);
        rest.add(
            policy(other, policy.priority(), other.subject(), other.ingress(), other.egress()));
        rest.add(
            policy(policy, other.priority(), policy.subject(), policy.ingress(), policy.egress()));
        return Optional.of(rest);
      }
    }
    return Optional.empty();
  }

  private static Optional<List<Policy>> with(List<Policy> others, Policy policy) {
    others.add(policy);
    return Optional.of(others);
  }

  private static Policy policy(
      Policy policy,
      int priority,
      Subject subject,
      List<PolicyRule> ingress,
      List<PolicyRule> egress) {
    return new Policy(
        policy.kind(),
        policy.namespace(),
        policy.name(),
        policy.tier(),
        priority,
        subject,
        policy.isolates(),
        ingress,
        egress,
        policy.origin());
  }

  private Optional<List<PolicyRule>> rules(List<PolicyRule> rules, Random random) {
    List<PolicyRule> all = new ArrayList<>(rules);
    if (this == DROP_RULE) {
      if (all.isEmpty()) {
        return Optional.empty();
      }
      all.remove(random.nextInt(all.size()));
      return Optional.of(all);
    }
    if (this == SWAP_RULES) {
      if (all.size() < 2) {
        return Optional.empty();
      }
      Collections.swap(all, 0, 1);
      return Optional.of(all);
    }
    for (int i = 0; i < all.size(); i++) {
      PolicyRule rule = all.get(i);
      Optional<Peers> peers = peers(rule.peers());
      Optional<Ports> ports = ports(rule.ports());
      if (peers.isPresent() || ports.isPresent()) {
        all.set(
            i,
            new PolicyRule(
                rule.direction(),
                rule.index(),
                rule.name(),
                rule.action(),
                peers.orElse(rule.peers()),
                ports.orElse(rule.ports()),
                rule.origin()));
        return Optional.of(all);
      }
    }
    return Optional.empty();
  }

  private Optional<Peers> peers(Peers peers) {
    if (peers instanceof Peers.AnyOf any) {
      List<Peer> all = new ArrayList<>(any.peers());
      for (int i = 0; i < all.size(); i++) {
        Optional<Peer> peer = peer(all.get(i));
        if (peer.isPresent()) {
          all.set(i, peer.get());
          return Optional.of(new Peers.AnyOf(all));
        }
      }
    }
    return Optional.empty();
  }

  private Optional<Peer> peer(Peer peer) {
    if (this == WIDEN_CIDR_BY_A_BIT
        && peer instanceof Peer.IpBlock block
        && block.cidr().prefix() > 0) {
      return Optional.of(new Peer.IpBlock(wider(block.cidr()), block.except(), Origin.NONE));
    }
    if (this == WIDEN_CIDR_BY_A_BIT
        && peer instanceof Peer.Networks networks
        && networks.cidrs().get(0).prefix() > 0) {
      List<Cidr> cidrs = new ArrayList<>(networks.cidrs());
      cidrs.set(0, wider(cidrs.get(0)));
      return Optional.of(new Peer.Networks(cidrs, Origin.NONE));
    }
    if (this == IN_FOR_NOT_IN && peer instanceof Peer.Pods pods) {
      Optional<Selector> labels = turned(pods.pods());
      if (labels.isPresent()) {
        return labels.map(turned -> new Peer.Pods(pods.namespaces(), turned, Origin.NONE));
      }
      if (pods.namespaces() instanceof NamespaceSelection.Matching matching) {
        return turned(matching.selector())
            .map(turned ->
                new Peer.Pods(new NamespaceSelection.Matching(turned), pods.pods(), Origin.NONE));
      }
    }
    return Optional.empty();
  }

  private static Cidr wider(Cidr cidr) {
    return new Cidr(cidr.network(), cidr.prefix() - 1);
  }

  private static Optional<Selector> turned(Selector selector) {
    List<Requirement> requirements = new ArrayList<>(selector.requirements());
    for (int i = 0; i < requirements.size(); i++) {
      Requirement requirement = requirements.get(i);
      if (requirement.operator().takesValues()) {
        Operator other = requirement.operator() == Operator.IN ? Operator.NOT_IN : Operator.IN;
        requirements.set(i, new Requirement(requirement.key(), other, requirement.values()));
        return Optional.of(new Selector(requirements));
      }
    }
    return Optional.empty();
  }

  private Optional<Ports> ports(Ports ports) {
    if (this == MOVE_PORT_BY_ONE && ports instanceof Ports.AnyOf any) {
      List<Ports.PortMatch> all = new ArrayList<>(any.matches());
      for (int i = 0; i < all.size(); i++) {
        if (all.get(i) instanceof Ports.Numbered numbered && numbered.ports().size() == 1) {
          int port = numbered.ports().intervals().get(0).first();
          PortSet moved = PortSet.of(port == PortSet.MAX ? port - 1 : port + 1);
          all.set(i, new Ports.Numbered(numbered.protocol(), moved, Origin.NONE));
          return Optional.of(new Ports.AnyOf(all));
        }
      }
    }
    return Optional.empty();
  }
}
