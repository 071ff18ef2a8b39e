package dev.postern.prove;

import static dev.postern.prove.Sentence.all;
import static dev.postern.prove.Sentence.any;
import static dev.postern.prove.Sentence.in;

import dev.postern.cluster.Cluster;
import dev.postern.cluster.ContainerPort;
import dev.postern.cluster.Node;
import dev.postern.cluster.Pod;
import dev.postern.cluster.Workload;
import dev.postern.deadline.Deadline;
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
import dev.postern.prove.Sentence.Field;
import dev.postern.selector.Labels;
import dev.postern.selector.Selector;
import dev.postern.tier.TierEvaluation;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * What policies let pass at a workload, as a sentence about a packet. Read straight from the policies, with nothing of the plan, so that it
 * is a witness of its own.
 */
final class PolicyTerms {

  private final Cluster cluster;
  private final Options options;
  private final Packets packets;
  /** Whether a DNS name may be any address outside; else it is none. */
  private final boolean names;

  private final Memory memory;
  private final Map<Key, Sentence> known = new HashMap<>();

  /** All that decides over a workload's packets in a direction. */
  record Key(Direction direction, List<Integer> policies, List<ContainerPort> ports) {}

  /** Whom policies select and whom peers match, kept from one question to the next, for all threads. */
  static final class Memory {
    private final Map<String, List<Workload>> workloads = new HashMap<>();
    /** Policies by the namespace they are for; those for namespaces of some kind are under none. */
    private final Map<Optional<String>, List<Integer>> policies = new HashMap<>();

    private final Map<Object, AddressSet> podSets = new ConcurrentHashMap<>();
    private final Map<Peers, Map<Object, AddressSet>> peers =
        Collections.synchronizedMap(new IdentityHashMap<>());
    private final Map<Workload, List<Integer>> selecting =
        Collections.synchronizedMap(new IdentityHashMap<>());
    /** What passes, where nothing is known of the other end: then it is the same in each question. */
    private final Map<Boolean, Map<Key, Sentence>> passes =
        Map.of(true, new ConcurrentHashMap<>(), false, new ConcurrentHashMap<>());

    Memory(Cluster cluster) {
      for (Workload workload : cluster.workloads()) {
        workloads.computeIfAbsent(workload.namespace(), n -> new ArrayList<>()).add(workload);
      }
      for (int i = 0; i < cluster.policies().size(); i++) {
        NamespaceSelection where = cluster.policies().get(i).subject().namespaces();
        Optional<String> name = where instanceof NamespaceSelection.Named named
            ? Optional.of(named.namespace())
            : Optional.empty();
        policies.computeIfAbsent(name, n -> new ArrayList<>()).add(i);
      }
    }

    private final Map<Object, Map<ContainerPort, AddressSet>> holders = new ConcurrentHashMap<>();
  }

  PolicyTerms(Cluster cluster, Options options, Packets packets, boolean names, Memory memory) {
    this.cluster = cluster;
    this.options = options;
    this.packets = packets;
    this.names = names;
    this.memory = memory;
  }

  private AddressSet addresses(
      List<Workload> among, Predicate<Workload> workloads, Predicate<Pod> pods) {
    List<Address> found = new ArrayList<>();
    for (Workload workload : among) {
      if (workloads.test(workload)) {
        workload.pods().stream().filter(pods).forEach(pod -> found.addAll(pod.addresses()));
      }
    }
    return AddressSet.ofAddresses(found).in(packets.family);
  }

  private boolean isNode(Workload workload, PolicyKind kind) {
    return workload.hostNetwork() && options.hostNetworkIsNode(kind);
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

  /** The workloads that can be in some namespaces. */
  private List<Workload> among(NamespaceSelection namespaces) {
    if (namespaces instanceof NamespaceSelection.Named named) {
      return memory.workloads.getOrDefault(named.namespace(), List.of());
    }
    Selector selector = ((NamespaceSelection.Matching) namespaces).selector();
    return memory.workloads.entrySet().stream()
        .filter(entry -> selector.matches(cluster.namespace(entry.getKey()).labels()))
        .flatMap(entry -> entry.getValue().stream())
        .toList();
  }

  /** What decides over a workload's packets; workloads of the same key are treated the same. */
  Key key(Workload workload, Direction direction) {
    List<Integer> selecting = memory.selecting.computeIfAbsent(workload, this::selecting);
    return new Key(
        direction, selecting, direction == Direction.INGRESS ? workload.ports() : List.of());
  }

  /** A packet into or out of a workload's pods passes; the other end's address is the peer. */
  Sentence passes(Workload workload, Key key) {
    boolean anyPeer =
        key.direction() == Direction.INGRESS ? packets.anySource : packets.anyDestination;
    Map<Key, Sentence> kept = anyPeer ? Objects.requireNonNull(memory.passes.get(names)) : known;
    Sentence before = kept.get(key);
    if (before == null) {
      before = decide(workload, key.direction(), key.policies());
      kept.put(key, before);
    }
    return before;
  }

  private List<Integer> selecting(Workload workload) {
    return Stream.of(Optional.of(workload.namespace()), Optional.<String>empty())
        .flatMap(where -> memory.policies.getOrDefault(where, List.of()).stream())
        .filter(i -> {
          Policy policy = cluster.policies().get(i);
          return matches(
              policy.subject().namespaces(), policy.subject().pods(), workload, policy.kind());
        })
        .sorted()
        .toList();
  }

  private Sentence decide(Workload workload, Direction direction, List<Integer> selecting) {
    return new TierEvaluation<>(Sentence.ALGEBRA, new Side(workload, direction))
        .passes(selecting.stream().map(cluster.policies()::get).toList(), direction);
  }

  /** One direction of one workload, which all policies select that are asked about. */
  private final class Side implements TierEvaluation.Statements<Sentence> {
    private final Workload subject;
    private final Direction direction;
    private final boolean peerIsSource;

    Side(Workload subject, Direction direction) {
      this.subject = subject;
      this.direction = direction;
      this.peerIsSource = direction == Direction.INGRESS;
    }

    @Override
    public Sentence selects(Policy policy) {
      return Sentence.YES;
    }

    @Override
    public Sentence denies(Policy policy) {
      return Sentence.YES;
    }

    @Override
    public Sentence matches(Policy policy, PolicyRule rule) {
      Deadline.current().check();
      Sentence who = rule.peers() instanceof Peers.AnyOf
          ? packets.address(peerIsSource, peers(policy, rule))
          : Sentence.YES;
      return all(who, ports(policy, rule));
    }

    private Sentence ports(Policy policy, PolicyRule rule) {
      if (!(rule.ports() instanceof Ports.AnyOf any)) {
        return Sentence.YES;
      }
      List<Sentence> parts = new ArrayList<>();
      for (Ports.PortMatch match : any.matches()) {
        if (match instanceof Ports.Numbered numbered) {
          for (PortSet.Interval run : numbered.ports().intervals()) {
            parts.add(all(
                Packets.protocol(numbered.protocol().number()),
                in(Field.DESTINATION_PORT, run.first(), run.last())));
          }
        } else if (direction == Direction.INGRESS) {
          portsNamed(policy.kind(), (Ports.Named) match, subject)
              .forEach(port -> parts.add(port(port, Sentence.YES)));
        } else {
          holders(policy.kind(), (Ports.Named) match)
              .forEach((port, holders) -> parts.add(port(port, packets.destination(holders))));
        }
      }
      return any(parts);
    }

    private Sentence port(ContainerPort port, Sentence where) {
      return all(
          where,
          Packets.protocol(port.protocol().number()),
          in(Field.DESTINATION_PORT, port.number(), port.number()));
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
        List.of(named.name(), named.protocol(), options.hostNetworkIsNode(kind)), key -> {
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
          found.forEach((port, addresses) ->
              sets.put(port, AddressSet.ofAddresses(addresses).in(packets.family)));
          return sets;
        });
  }

  /** The addresses that a rule's peers match. */
  private AddressSet peers(Policy policy, PolicyRule rule) {
    return memory
        .peers
        .computeIfAbsent(rule.peers(), p -> new ConcurrentHashMap<>())
        .computeIfAbsent(
            List.of(policy.kind(), rule.action(), names, packets.family),
            key -> computePeers(policy, rule));
  }

  private AddressSet computePeers(Policy policy, PolicyRule rule) {
    PolicyKind kind = policy.kind();
    AddressSet found = AddressSet.EMPTY;
    for (Peer peer : ((Peers.AnyOf) rule.peers()).peers()) {
      found = found.union(peer.on(new Peer.Cases<AddressSet>() {
        @Override
        public AddressSet pods(Peer.Pods pods) {
          return memory.podSets.computeIfAbsent(
              List.of(
                  pods.namespaces(), pods.pods(), options.hostNetworkIsNode(kind), packets.family),
              key -> addresses(
                  among(pods.namespaces()),
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
                      List.of(kind, packets.family),
                      k -> addresses(
                          cluster.workloads(), workload -> !isNode(workload, kind), pod -> true)));
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
        public AddressSet perhaps(Peer.Perhaps perhaps) {
          throw new IllegalArgumentException("only what is determined can be proved: " + policy);
        }

        @Override
        public AddressSet unknown(Peer.Unknown unknown) {
          return rule.action() == Action.ALLOW ? AddressSet.EMPTY : AddressSet.ALL;
        }
      }));
    }
    return found.in(packets.family);
  }

  private AddressSet podAddresses() {
    return memory.podSets.computeIfAbsent(
        packets.family, family -> addresses(cluster.workloads(), workload -> true, pod -> true));
  }

  private AddressSet nodeAddresses(Selector selector) {
    List<Node> nodes =
        cluster.nodes().stream().filter(node -> selector.matches(node.labels())).toList();
    Set<String> matching = new HashSet<>(nodes.stream().map(Node::name).toList());
    Set<String> known = new HashSet<>(cluster.nodes().stream().map(Node::name).toList());
    // A node that no manifest tells of is taken for one without labels.
    boolean unknown = selector.matches(Labels.NONE);
    AddressSet own = AddressSet.ofAddresses(
            nodes.stream().flatMap(n -> n.addresses().stream()).toList())
        .minus(podAddresses());
    AddressSet onHost = addresses(
        cluster.workloads(),
        Workload::hostNetwork,
        pod -> pod.node().filter(known::contains).map(matching::contains).orElse(unknown));
    return own.union(onHost);
  }
}
