package dev.postern.lint.rule;

import dev.postern.algebra.Region;
import dev.postern.cluster.Namespace;
import dev.postern.cluster.Workload;
import dev.postern.net.AddressSet;
import dev.postern.net.Cidr;
import dev.postern.net.Protocol;
import dev.postern.net.Traffic;
import dev.postern.plan.Classes;
import dev.postern.policy.Action;
import dev.postern.policy.Direction;
import dev.postern.policy.NamespaceSelection;
import dev.postern.policy.Peer;
import dev.postern.policy.Peers;
import dev.postern.policy.Policy;
import dev.postern.policy.PolicyRule;
import dev.postern.policy.Ports;
import dev.postern.selector.Labels;
import dev.postern.selector.Requirement;
import dev.postern.service.DnsServers;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** Who can ask the cluster's {@link DnsServers}. */
final class NameServers {

  /** NodeLocal DNSCache listens on this address of every node (its documentation's default). */
  private static final AddressSet NODE_LOCAL = AddressSet.of(Cidr.parse("169.254.20.10/32"));

  /** The labels that each namespace of name servers has. */
  private static final List<Labels> NAMESPACES = DnsServers.NAMESPACES.stream()
      .map(name -> Namespace.undeclared(name).labels())
      .toList();

  private final LintInput input;
  private final Map<Workload, Traffic> servers;
  private final Map<Integer, Traffic> byClass = new HashMap<>();
  /** By protocol the classes that are known to be able to ask, and those of which it is known. */
  private final Map<Protocol, BitSet> able = new EnumMap<>(Protocol.class);

  private final Map<Protocol, BitSet> known = new EnumMap<>(Protocol.class);
  private final Map<Protocol, String> words = new EnumMap<>(Protocol.class);
  private final String hint;

  NameServers(LintInput input) {
    this.input = input;
    this.servers = DnsServers.of(input.cluster(), input.backends()).traffic();
    Classes classes = input.plan().classes();
    for (int number = 0; number < classes.inside() && !servers.isEmpty(); number++) {
      for (Workload workload : input.members(number)) {
        if (servers.containsKey(workload)) {
          byClass.merge(number, servers.get(workload), Traffic::union);
        }
      }
    }
    this.hint = hint(servers);
  }

  /** Whether none is in the input. */
  boolean isEmpty() {
    return servers.isEmpty();
  }

  /** {@code the cluster's DNS, openshift-dns/dns-default on udp/5353}. */
  String words(Protocol protocol) {
    return words.computeIfAbsent(protocol, this::worded);
  }

  private String worded(Protocol protocol) {
    Set<String> names = new TreeSet<>();
    servers.forEach((workload, traffic) ->
        names.add(workload.id() + " on " + protocol.word() + "/" + traffic.ports(protocol)));
    return names.isEmpty()
        ? "anything on " + protocol.word() + "/53"
        : "the cluster's DNS, " + FindingNames.some(new ArrayList<>(names));
  }

  /** What to allow. */
  String hint() {
    return hint;
  }

  private static String hint(Map<Workload, Traffic> servers) {
    return servers.entrySet().stream()
        .min(Comparator.comparing(server -> server.getKey().id()))
        .map(server -> "allow egress to the pods labelled `"
            + server.getKey().labels().asMap().entrySet().stream()
                .findFirst()
                .map(label -> label.getKey() + ": " + label.getValue())
                .orElse("")
            + "` of namespace " + server.getKey().namespace() + " on UDP and TCP "
            + server.getValue().udp())
        .orElse(
            "allow egress to the pods labelled `k8s-app: kube-dns` of namespace kube-system on UDP and TCP 53");
  }

  boolean isServer(Workload workload) {
    return servers.containsKey(workload);
  }

  /** Whether the endpoints of a class can ask, or could ask what is not in the input. Who may talk to nobody needs no names. */
  boolean canAsk(int number, Protocol protocol) {
    BitSet yes = able.computeIfAbsent(protocol, key -> new BitSet());
    BitSet asked = known.computeIfAbsent(protocol, key -> new BitSet());
    if (!asked.get(number)) {
      asked.set(number);
      yes.set(number, isAbleToAsk(number, protocol));
    }
    return yes.get(number);
  }

  private boolean isAbleToAsk(int number, Protocol protocol) {
    return !mayTalk(number)
        || reachesServer(number, protocol)
        || (!(input.options().closed() && !servers.isEmpty()) && couldAsk(number, protocol));
  }

  private boolean reachesServer(int number, Protocol protocol) {
    if (byClass.isEmpty()) {
      return false;
    }
    Region egress = input.plan().table(number, Direction.EGRESS).possible();
    for (Region.Part part : egress.parts()) {
      for (Map.Entry<Integer, Traffic> server : byClass.entrySet()) {
        if (part.peers().contains(server.getKey())
            && !part.traffic()
                .ports(protocol)
                .intersect(server.getValue().ports(protocol))
                .isEmpty()) {
          return true;
        }
      }
    }
    return false;
  }

  /** Whether some rule lets a class talk to anybody, if only to pods that are not in the input. */
  private boolean mayTalk(int number) {
    for (Policy policy : selecting(number)) {
      for (PolicyRule rule : policy.egress()) {
        if (rule.action() != Action.DENY) {
          return true;
        }
      }
    }
    return false;
  }

  /** Whether some rule may be about name servers that are not in the input. */
  private boolean couldAsk(int number, Protocol protocol) {
    for (Policy policy : selecting(number)) {
      for (PolicyRule rule : policy.egress()) {
        if (rule.action() != Action.DENY
            && mayBeNames(rule.ports(), protocol)
            && mayBeServers(rule.peers())) {
          return true;
        }
      }
    }
    return false;
  }

  /** The policies that select the endpoints of a class: no policy tells them apart. */
  private List<Policy> selecting(int number) {
    return input.selecting(input.members(number).get(0));
  }

  private static boolean mayBeNames(Ports ports, Protocol protocol) {
    return !(ports instanceof Ports.AnyOf any)
        || any.matches().stream()
            .anyMatch(match -> match instanceof Ports.Numbered numbered
                ? numbered.protocol() == protocol
                    && (numbered.ports().contains(DnsServers.PORT)
                        || numbered.ports().contains(DnsServers.OPENSHIFT_PORT))
                : ((Ports.Named) match).protocol().filter(p -> p != protocol).isEmpty());
  }

  private boolean mayBeServers(Peers peers) {
    return peers instanceof Peers.AnyOf any
        ? any.peers().stream().anyMatch(this::mayBeServer)
        // Everyone, and so the servers that are known: at another port than theirs.
        : servers.isEmpty();
  }

  private boolean mayBeServer(Peer peer) {
    return peer.on(new Peer.Cases<>() {
      @Override
      public Boolean pods(Peer.Pods pods) {
        return servers.isEmpty()
            && (pods.namespaces() instanceof NamespaceSelection.Named named
                ? DnsServers.NAMESPACES.contains(named.namespace())
                : mayBeTheirs((NamespaceSelection.Matching) pods.namespaces()));
      }

      @Override
      public Boolean ipBlock(Peer.IpBlock block) {
        return isTheirs(block.addresses());
      }

      @Override
      public Boolean networks(Peer.Networks networks) {
        return isTheirs(networks.addresses());
      }

      private boolean isTheirs(AddressSet addresses) {
        return servers.isEmpty() ? !addresses.isEmpty() : addresses.containsAll(NODE_LOCAL);
      }

      @Override
      public Boolean nodes(Peer.Nodes nodes) {
        return true;
      }

      @Override
      public Boolean domainNames(Peer.DomainNames names) {
        return false;
      }

      @Override
      public Boolean unknown(Peer.Unknown unknown) {
        return true;
      }

      @Override
      public Boolean perhaps(Peer.Perhaps perhaps) {
        return mayBeServers(perhaps.whom());
      }
    });
  }

  /** Whether a selector may choose the namespace of servers: only by name can it be known not to. */
  private static boolean mayBeTheirs(NamespaceSelection.Matching matching) {
    List<Requirement> requirements = matching.selector().requirements();
    return requirements.stream()
        .filter(requirement -> requirement.key().equals(Namespace.NAME_LABEL))
        .allMatch(requirement -> NAMESPACES.stream().anyMatch(requirement::matches));
  }
}
