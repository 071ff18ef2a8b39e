package dev.postern.suggestion;

import dev.postern.cluster.Workload;
import dev.postern.cluster.WorkloadSelectors;
import dev.postern.cluster.WorkloadSelectors.Chosen;
import dev.postern.diagnostic.Origin;
import dev.postern.net.Address;
import dev.postern.net.AddressSet;
import dev.postern.net.Cidr;
import dev.postern.net.Family;
import dev.postern.net.Traffic;
import dev.postern.policy.Action;
import dev.postern.policy.Direction;
import dev.postern.policy.Peer;
import dev.postern.policy.Peers;
import dev.postern.policy.PolicyKind;
import dev.postern.policy.PolicyRule;
import dev.postern.policy.Ports;
import dev.postern.selector.Selector;
import dev.postern.suggestion.Call.Party;
import dev.postern.suggestion.SuggestedRule.Purpose;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/** Makes the rules of a subject in one direction of the calls that were seen: a rule for all peers that use the same ports. */
final class RuleMaker {

  private final SuggestionOptions options;
  private final WorkloadSelectors selectors;
  private final List<Workload> selectable;
  private final List<Workload> hosts;
  private final Map<Workload, Traffic> dns;
  private final Blocks blocks;
  private final SeenNames names;
  private final List<Grant> grants = new ArrayList<>();

  /**
   * A maker of rules.
   *
   * @param selectable the workloads that selectors can name
   * @param hosts the others, on the host network
   * @param dns the name servers among them, with what each listens on
   */
  RuleMaker(
      SuggestionOptions options,
      WorkloadSelectors selectors,
      List<Workload> selectable,
      List<Workload> hosts,
      Map<Workload, Traffic> dns,
      Blocks blocks,
      SeenNames names) {
    this.options = options;
    this.selectors = selectors;
    this.selectable = selectable;
    this.hosts = hosts;
    this.dns = dns;
    this.blocks = blocks;
    this.names = names;
  }

  /** What it is that denies the rest, and what it cannot deny: addresses that call, which a ClusterNetworkPolicy does not know. */
  SuggestedRule rest(SubjectPods subject, Direction direction, int index) {
    List<Peer> peers = new ArrayList<>(List.of(PeerChoice.AllPods.peer()));
    if (direction == Direction.EGRESS) {
      peers.add(
          new Peer.Networks(List.of(Cidr.all(Family.IPV4), Cidr.all(Family.IPV6)), Origin.NONE));
    } else {
      grants.add(new Grant(subject.selected(), direction, hosts, AddressSet.ALL, Traffic.ALL));
    }
    PolicyRule rule = new PolicyRule(
        direction, index, "", Action.DENY, new Peers.AnyOf(peers), Ports.ALL, Origin.NONE);
    return new SuggestedRule(rule, Purpose.DENIES_REST, List.of(), List.of(), List.of());
  }

  /** What the rules that were made so far are to allow. */
  List<Grant> grants() {
    return List.copyOf(grants);
  }

  /** Who is at the other end and on what port, and the calls. */
  private static final class Use {
    final SortedSet<PortChoice> ports = new TreeSet<>();
    final List<Call> calls = new ArrayList<>();
  }

  /**
   * The rules for what a subject exchanges in one direction.
   *
   * @param anew whether nothing isolated it before, so that it has to be told whom it may ask for names
   */
  List<SuggestedRule> rules(
      SubjectPods subject, Direction direction, List<Call> calls, boolean anew) {
    Map<PeerChoice, Use> uses = new LinkedHashMap<>();
    List<Call> asking = new ArrayList<>();
    for (Call call : calls) {
      if (!options.kind().namespaced()
          && direction == Direction.INGRESS
          && call.source() instanceof Party.Outside) {
        // What no rule of it can deny needs none.
        continue;
      }
      if (anew && isName(subject, direction, call)) {
        asking.add(call);
        continue;
      }
      PeerChoice peer = peer(other(call, direction));
      Use use = uses.computeIfAbsent(peer, each -> new Use());
      use.ports.add(port(subject, direction, call, peer));
      use.calls.add(call);
    }
    List<SuggestedRule> rules =
        new ArrayList<>(anew ? nameRules(subject, direction, asking, !calls.isEmpty()) : List.of());
    Map<List<Object>, List<PeerChoice>> alike = new LinkedHashMap<>();
    uses.entrySet().stream()
        .sorted(Map.Entry.comparingByKey(PeerChoice.ORDER))
        .forEach(entry -> alike
            .computeIfAbsent(
                List.of(
                    entry.getKey() instanceof PeerChoice.Outside,
                    List.copyOf(entry.getValue().ports)),
                key -> new ArrayList<>())
            .add(entry.getKey()));
    for (List<PeerChoice> peers : alike.values()) {
      rules.add(rule(subject, direction, rules.size(), peers, uses));
    }
    return rules;
  }

  static Party other(Call call, Direction direction) {
    return direction == Direction.INGRESS ? call.source() : call.destination();
  }

  // --- peers

  private PeerChoice peer(Party party) {
    if (!(party instanceof Party.Pods pods)) {
      return new PeerChoice.Outside(((Party.Outside) party).address());
    }
    String namespace = pods.workload().namespace();
    return switch (options.peers()) {
      case WORKLOAD -> PeerChoice.Pods.of(namespace, choose(pods.key()));
      case NAMESPACE ->
        PeerChoice.Pods.of(namespace, new Chosen(Selector.EVERYTHING, in(namespace)));
      case CLUSTER -> new PeerChoice.AllPods();
    };
  }

  private Chosen choose(Workload workload) {
    return selectors.choose(workload).orElseThrow();
  }

  private List<Workload> in(String namespace) {
    return selectable.stream()
        .filter(each -> each.namespace().equals(namespace))
        .toList();
  }

  private PortChoice port(SubjectPods subject, Direction direction, Call call, PeerChoice peer) {
    boolean exact = options.namedPorts()
        && (direction == Direction.INGRESS
            || (options.peers() == Generality.WORKLOAD && peer instanceof PeerChoice.Pods));
    List<Workload> concerned = direction == Direction.INGRESS
        ? subject.selected()
        : peer instanceof PeerChoice.Pods pods ? pods.selected() : List.of();
    return exact
        ? PortChoice.named(call.flow().protocol(), call.flow().port(), concerned)
        : PortChoice.numbered(call.flow().protocol(), call.flow().port());
  }

  // --- DNS

  /** Whether a call asks the cluster's DNS, which has a rule of its own. */
  private boolean isName(SubjectPods subject, Direction direction, Call call) {
    return options.dns()
        && call.source() instanceof Party.Pods
        && call.destination() instanceof Party.Pods called
        && called.alike().stream().allMatch(dns::containsKey)
        && (direction == Direction.EGRESS
            ? !isServer(subject)
            : subject.meant().stream().anyMatch(dns::containsKey))
        && dns.getOrDefault(called.key(), Traffic.NONE)
            .contains(call.flow().protocol(), call.flow().port());
  }

  private boolean isServer(SubjectPods subject) {
    return subject.meant().stream().allMatch(dns::containsKey);
  }

  private List<SuggestedRule> nameRules(
      SubjectPods subject, Direction direction, List<Call> calls, boolean talks) {
    if (!options.dns() || dns.isEmpty()) {
      return List.of();
    }
    List<SuggestedRule> rules = new ArrayList<>();
    if (direction == Direction.INGRESS) {
      Traffic traffic = subject.meant().stream()
          .map(each -> dns.getOrDefault(each, Traffic.NONE))
          .reduce(Traffic.NONE, Traffic::union);
      if (!traffic.isEmpty()) {
        rules.add(made(
            direction,
            0,
            List.of(PeerChoice.AllPods.peer()),
            PortChoice.entries(traffic),
            Purpose.ANSWERS_DNS,
            calls,
            List.of()));
        grants.add(new Grant(subject.selected(), direction, selectable, AddressSet.EMPTY, traffic));
      }
    } else if (talks && !isServer(subject)) {
      SortedMap<String, List<PeerChoice.Pods>> byTraffic = new TreeMap<>();
      Map<String, Traffic> traffics = new TreeMap<>();
      Set<PeerChoice> known = new LinkedHashSet<>();
      dns.keySet().stream().sorted(Comparator.comparing(Workload::id)).forEach(server -> {
        PeerChoice.Pods pods = PeerChoice.Pods.of(server.namespace(), choose(server));
        Traffic traffic = selectors.alike(server).stream()
            .map(each -> dns.getOrDefault(each, Traffic.NONE))
            .reduce(Traffic.NONE, Traffic::union);
        if (known.add(pods)) {
          byTraffic.computeIfAbsent(traffic.toString(), t -> new ArrayList<>()).add(pods);
          traffics.put(traffic.toString(), traffic);
        }
      });
      byTraffic.forEach((text, servers) -> {
        Traffic traffic = traffics.getOrDefault(text, Traffic.NONE);
        rules.add(made(
            direction,
            rules.size(),
            servers.stream().map(each -> each.peer(own(subject))).toList(),
            PortChoice.entries(traffic),
            Purpose.ASKS_DNS,
            rules.isEmpty() ? calls : List.of(),
            List.of()));
        grants.add(new Grant(
            subject.selected(),
            direction,
            servers.stream().flatMap(each -> each.selected().stream()).toList(),
            AddressSet.EMPTY,
            traffic));
      });
    }
    return rules;
  }

  // --- rules

  private SuggestedRule rule(
      SubjectPods subject,
      Direction direction,
      int index,
      List<PeerChoice> choices,
      Map<PeerChoice, Use> uses) {
    List<Call> calls = new ArrayList<>();
    List<Peer> peers = new ArrayList<>();
    List<Address> addresses = new ArrayList<>();
    Set<Workload> admitted = Collections.newSetFromMap(new IdentityHashMap<>());
    Set<PortChoice> ports = new TreeSet<>();
    for (PeerChoice choice : choices) {
      Use use = Objects.requireNonNull(uses.get(choice));
      calls.addAll(use.calls);
      ports.addAll(use.ports);
      if (choice instanceof PeerChoice.Pods pods) {
        peers.add(pods.peer(own(subject)));
        admitted.addAll(pods.selected());
      } else if (choice instanceof PeerChoice.Outside outside) {
        addresses.add(outside.address());
      } else {
        peers.add(PeerChoice.AllPods.peer());
        admitted.addAll(selectable);
      }
    }
    List<Block> made = blocks.of(addresses);
    for (Block block : made) {
      peers.addAll(peers(block));
    }
    Traffic traffic = PortChoice.traffic(ports);
    AddressSet outside =
        made.stream().map(Block::addresses).reduce(AddressSet.EMPTY, AddressSet::union);
    grants.add(new Grant(subject.selected(), direction, List.copyOf(admitted), outside, traffic));
    return made(
        direction,
        index,
        peers,
        PortChoice.entries(ports, options.kind()),
        Purpose.SEEN,
        calls,
        made);
  }

  private List<Peer> peers(Block block) {
    if (options.kind() == PolicyKind.NETWORK_POLICY) {
      return List.of(new Peer.IpBlock(block.cidr(), block.except(), Origin.NONE));
    }
    List<Cidr> all = block.addresses().cidrs();
    List<Peer> peers = new ArrayList<>();
    for (int i = 0; i < all.size(); i += PolicyMaker.MOST) {
      peers.add(new Peer.Networks(
          all.subList(i, Math.min(all.size(), i + PolicyMaker.MOST)), Origin.NONE));
    }
    return peers;
  }

  /** The namespace in which peers need not name one. */
  private String own(SubjectPods subject) {
    return options.kind() == PolicyKind.NETWORK_POLICY ? subject.namespace() : "";
  }

  private SuggestedRule made(
      Direction direction,
      int index,
      List<Peer> peers,
      Ports ports,
      Purpose purpose,
      Collection<Call> calls,
      List<Block> made) {
    PolicyRule rule = new PolicyRule(
        direction, index, "", Action.ALLOW, new Peers.AnyOf(peers), ports, Origin.NONE);
    return new SuggestedRule(
        rule,
        purpose,
        edges(calls),
        made,
        purpose == Purpose.SEEN ? others(direction, calls) : List.of());
  }

  /** The edges of calls, by name. */
  List<SeenEdge> edges(Collection<Call> calls) {
    return calls.stream()
        .map(call -> new SeenEdge(
            names.of(call.source()),
            names.of(call.destination()),
            call.flow().protocol(),
            call.flow().port(),
            call.evidence()))
        .sorted(Comparator.comparing(SeenEdge::source)
            .thenComparing(SeenEdge::destination)
            .thenComparing(SeenEdge::protocol)
            .thenComparingInt(SeenEdge::port))
        .toList();
  }

  /** The workloads that peers by labels admit, though they were not seen and are not asked for. */
  private List<Workload> others(Direction direction, Collection<Call> calls) {
    if (options.peers() != Generality.WORKLOAD) {
      return List.of();
    }
    Set<Workload> seen = Collections.newSetFromMap(new IdentityHashMap<>());
    List<Workload> admitted = new ArrayList<>();
    for (Call call : calls) {
      if (other(call, direction) instanceof Party.Pods pods) {
        seen.addAll(pods.alike());
        admitted.addAll(choose(pods.key()).selected());
      }
    }
    return admitted.stream().filter(each -> !seen.contains(each)).distinct().toList();
  }
}
