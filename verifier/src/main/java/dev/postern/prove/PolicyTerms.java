package dev.postern.prove;

import com.microsoft.z3.BoolExpr;
import dev.postern.cluster.Cluster;
import dev.postern.cluster.ContainerPort;
import dev.postern.cluster.Node;
import dev.postern.cluster.Pod;
import dev.postern.cluster.Workload;
import dev.postern.meaning.Options;
import dev.postern.net.Address;
import dev.postern.net.AddressSet;
import dev.postern.net.PortSet;
import dev.postern.net.Protocol;
import dev.postern.policy.Action;
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
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

/**
 * What policies let pass at a workload, as a sentence about a packet. Read straight from the policies, with nothing of the plan, so that it
 * is a witness of its own.
 */
final class PolicyTerms {

  private final Cluster cluster;
  private final Options options;
  private final Terms terms;
  /** Whether a DNS name may be any address outside; else it is none. */
  private final boolean names;

  private final Memory memory;
  private final Map<Key, BoolExpr> known = new HashMap<>();

  private record Key(Direction direction, List<Integer> policies, List<ContainerPort> ports) {}

  /** Whom policies select and whom peers match, kept from one question to the next. */
  static final class Memory {
    private final Map<Object, AddressSet> podSets = new HashMap<>();
    private final Map<Peers, Map<Object, AddressSet>> peers = new IdentityHashMap<>();
    private final Map<Workload, List<Integer>> selecting = new IdentityHashMap<>();
    private final Map<Object, Map<ContainerPort, AddressSet>> holders = new HashMap<>();
  }

  PolicyTerms(Cluster cluster, Options options, Terms terms, boolean names, Memory memory) {
    this.cluster = cluster;
    this.options = options;
    this.terms = terms;
    this.names = names;
    this.memory = memory;
  }

  private AddressSet addresses(Predicate<Workload> workloads, Predicate<Pod> pods) {
    List<Address> found = new ArrayList<>();
    for (Workload workload : cluster.workloads()) {
      if (workloads.test(workload)) {
        workload.pods().stream().filter(pods).forEach(pod -> found.addAll(pod.addresses()));
      }
    }
    return AddressSet.ofAddresses(found).in(terms.family);
  }

  private boolean isNode(Workload workload, PolicyKind kind) {
    return workload.hostNetwork()
        && (kind != PolicyKind.NETWORK_POLICY || options.hostNetwork() == Options.HostNetwork.NODE);
  }

  private boolean matches(
      NamespaceSelection namespaces, Selector pods, Workload workload, PolicyKind kind) {
    if (isNode(workload, kind)) {
      return false;
    }
    boolean there = namespaces instanceof NamespaceSelection.Matching matching
        ? matching.selector().matches(cluster.namespace(workload.namespace()).labels())
        : ((NamespaceSelection.Named) namespaces).namespace().equals(workload.namespace());
    return there && pods.matches(workload.labels());
  }

  /** A packet into or out of a workload's pods passes; the other end's address is the peer. */
  BoolExpr passes(Workload workload, Direction direction) {
    List<Integer> selecting = memory.selecting.computeIfAbsent(workload, this::selecting);
    List<ContainerPort> ports = direction == Direction.INGRESS ? workload.ports() : List.of();
    return known.computeIfAbsent(
        new Key(direction, selecting, ports), key -> decide(workload, direction, selecting));
  }

  private List<Integer> selecting(Workload workload) {
    List<Integer> selecting = new ArrayList<>();
    for (int i = 0; i < cluster.policies().size(); i++) {
      Policy policy = cluster.policies().get(i);
      if (matches(
          policy.subject().namespaces(), policy.subject().pods(), workload, policy.kind())) {
        selecting.add(i);
      }
    }
    return selecting;
  }

  private BoolExpr decide(Workload workload, Direction direction, List<Integer> selecting) {
    List<Policy> policies = selecting.stream().map(cluster.policies()::get).toList();
    Side side = new Side(workload, direction);
    BoolExpr last = side.ordered(policies, Tier.BASELINE, terms.yes());
    List<Policy> isolating = policies.stream()
        .filter(p -> p.tier() == Tier.NETWORK_POLICY && p.isolates().contains(direction))
        .toList();
    BoolExpr middle = isolating.isEmpty()
        ? last
        : terms.or(isolating.stream()
            .flatMap(
                policy -> policy.rules(direction).stream().map(rule -> side.matches(policy, rule)))
            .toList());
    return side.ordered(policies, Tier.ADMIN, middle);
  }

  /** One direction of one workload. */
  private final class Side {
    private final Workload subject;
    private final Direction direction;
    private final boolean peerIsSource;

    Side(Workload subject, Direction direction) {
      this.subject = subject;
      this.direction = direction;
      this.peerIsSource = direction == Direction.INGRESS;
    }

    /** An ordered tier: what it allows, denies and leaves to the next. */
    BoolExpr ordered(List<Policy> policies, Tier tier, BoolExpr next) {
      BoolExpr result = next;
      List<Policy> ofTier = policies.stream().filter(p -> p.tier() == tier).toList();
      int to = ofTier.size();
      while (to > 0) {
        int from = to;
        while (from > 0 && ofTier.get(from - 1).priority() == ofTier.get(to - 1).priority()) {
          from--;
        }
        result = equalPriority(ofTier.subList(from, to), result, next);
        to = from;
      }
      return result;
    }

    private BoolExpr equalPriority(List<Policy> policies, BoolExpr rest, BoolExpr next) {
      Map<Action, List<BoolExpr>> words = new HashMap<>();
      for (Policy policy : policies) {
        List<BoolExpr> before = new ArrayList<>();
        for (PolicyRule rule : policy.rules(direction)) {
          BoolExpr match = matches(policy, rule);
          List<BoolExpr> first = new ArrayList<>(before);
          first.add(match);
          words.computeIfAbsent(word(rule), w -> new ArrayList<>()).add(terms.and(first));
          before.add(terms.not(match));
        }
      }
      BoolExpr deny = terms.or(words.getOrDefault(Action.DENY, List.of()));
      BoolExpr pass = terms.or(words.getOrDefault(Action.PASS, List.of()));
      BoolExpr allow = terms.or(words.getOrDefault(Action.ALLOW, List.of()));
      // The strictest word counts: deny, then pass, then allow.
      BoolExpr undenied =
          terms.or(terms.and(pass, next), terms.and(terms.not(pass), terms.or(allow, rest)));
      return terms.and(terms.not(deny), undenied);
    }

    private Action word(PolicyRule rule) {
      boolean unknown = rule.peers() instanceof Peers.AnyOf any
          && any.peers().stream().anyMatch(Peer.Unknown.class::isInstance);
      return rule.action() == Action.PASS && unknown ? Action.DENY : rule.action();
    }

    BoolExpr matches(Policy policy, PolicyRule rule) {
      BoolExpr who = rule.peers() instanceof Peers.AnyOf
          ? terms.in(peerIsSource, peers(policy, rule))
          : terms.yes();
      return terms.and(who, ports(policy, rule));
    }

    private BoolExpr ports(Policy policy, PolicyRule rule) {
      if (!(rule.ports() instanceof Ports.AnyOf any)) {
        return terms.yes();
      }
      List<BoolExpr> parts = new ArrayList<>();
      for (Ports.PortMatch match : any.matches()) {
        if (match instanceof Ports.Numbered numbered) {
          for (PortSet.Interval run : numbered.ports().intervals()) {
            parts.add(terms.and(
                terms.protocol(numbered.protocol().number()),
                terms.between(terms.destinationPort, run.first(), run.last())));
          }
        } else if (direction == Direction.INGRESS) {
          portsNamed(policy.kind(), (Ports.Named) match, subject)
              .forEach(port -> parts.add(port(port, terms.yes())));
        } else {
          holders(policy.kind(), (Ports.Named) match)
              .forEach((port, holders) -> parts.add(port(port, terms.in(false, holders))));
        }
      }
      return terms.or(parts);
    }

    private BoolExpr port(ContainerPort port, BoolExpr where) {
      return terms.and(
          where,
          terms.protocol(port.protocol().number()),
          terms.is(terms.destinationPort, port.number()));
    }
  }

  /** The ports of a workload that a name means. */
  private List<ContainerPort> portsNamed(PolicyKind kind, Ports.Named named, Workload workload) {
    return isNode(workload, kind)
        ? List.of()
        : workload.ports().stream()
            .filter(port -> port.name().equals(named.name())
                && (named.protocol().isEmpty() || named.protocol().get() == port.protocol())
                && port.protocol() != Protocol.OTHER)
            .toList();
  }

  /** The addresses of the pods that have a port of that name, by the port. */
  private Map<ContainerPort, AddressSet> holders(PolicyKind kind, Ports.Named named) {
    return memory.holders.computeIfAbsent(
        List.of(named.name(), named.protocol(), kind == PolicyKind.NETWORK_POLICY), key -> {
          Map<ContainerPort, List<Address>> found = new LinkedHashMap<>();
          for (Workload workload : cluster.workloads()) {
            for (ContainerPort port : portsNamed(kind, named, workload)) {
              workload
                  .pods()
                  .forEach(pod ->
                      found.computeIfAbsent(port, p -> new ArrayList<>()).addAll(pod.addresses()));
            }
          }
          Map<ContainerPort, AddressSet> sets = new LinkedHashMap<>();
          found.forEach((port, addresses) -> sets.put(port, AddressSet.ofAddresses(addresses)));
          return sets;
        });
  }

  /** The addresses that a rule's peers match. */
  private AddressSet peers(Policy policy, PolicyRule rule) {
    return memory
        .peers
        .computeIfAbsent(rule.peers(), p -> new HashMap<>())
        .computeIfAbsent(
            List.of(policy.kind(), rule.action(), names, terms.family),
            key -> computePeers(policy.kind(), rule));
  }

  private AddressSet computePeers(PolicyKind kind, PolicyRule rule) {
    AddressSet all = AddressSet.EMPTY;
    for (Peer peer : ((Peers.AnyOf) rule.peers()).peers()) {
      all = all.union(peer.on(new Peer.Cases<AddressSet>() {
        @Override
        public AddressSet pods(Peer.Pods pods) {
          return memory.podSets.computeIfAbsent(
              List.of(
                  pods.namespaces(), pods.pods(), kind == PolicyKind.NETWORK_POLICY, terms.family),
              key -> addresses(
                  workload -> matches(pods.namespaces(), pods.pods(), workload, kind),
                  pod -> true));
        }

        @Override
        public AddressSet ipBlock(Peer.IpBlock block) {
          return options.ipBlockMatchesPods()
              ? block.addresses()
              : block
                  .addresses()
                  .minus(memory.podSets.computeIfAbsent(
                      List.of(kind, terms.family),
                      k -> addresses(workload -> !isNode(workload, kind), pod -> true)));
        }

        @Override
        public AddressSet networks(Peer.Networks networks) {
          return networks.addresses();
        }

        @Override
        public AddressSet nodes(Peer.Nodes nodes) {
          return nodeAddresses(nodes.nodes());
        }

        @Override
        public AddressSet domainNames(Peer.DomainNames domainNames) {
          return names ? podAddresses().complement() : AddressSet.EMPTY;
        }

        @Override
        public AddressSet unknown(Peer.Unknown unknown) {
          return rule.action() == Action.ALLOW ? AddressSet.EMPTY : AddressSet.ALL;
        }
      }));
    }
    return all.in(terms.family);
  }

  private AddressSet podAddresses() {
    return memory.podSets.computeIfAbsent(
        terms.family, family -> addresses(workload -> true, pod -> true));
  }

  private AddressSet nodeAddresses(Selector selector) {
    List<Node> nodes =
        cluster.nodes().stream().filter(node -> selector.matches(node.labels())).toList();
    Set<String> matching = new HashSet<>(nodes.stream().map(Node::name).toList());
    AddressSet own = AddressSet.ofAddresses(
            nodes.stream().flatMap(n -> n.addresses().stream()).toList())
        .minus(podAddresses());
    AddressSet onHost = addresses(
        Workload::hostNetwork, pod -> pod.node().filter(matching::contains).isPresent());
    return own.union(onHost);
  }
}
