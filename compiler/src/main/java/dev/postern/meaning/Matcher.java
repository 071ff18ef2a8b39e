package dev.postern.meaning;

import dev.postern.cluster.Cluster;
import dev.postern.cluster.ContainerPort;
import dev.postern.cluster.Node;
import dev.postern.net.Address;
import dev.postern.net.AddressSet;
import dev.postern.net.Cidr;
import dev.postern.net.Family;
import dev.postern.policy.Action;
import dev.postern.policy.NamespaceSelection;
import dev.postern.policy.Peer;
import dev.postern.policy.Peers;
import dev.postern.policy.Policy;
import dev.postern.policy.PolicyKind;
import dev.postern.policy.PolicyRule;
import dev.postern.policy.Ports;
import dev.postern.selector.Selector;
import java.util.List;
import java.util.Optional;

/**
 * Whether subjects, peers and ports match the ends of a flow: the words of a policy, one method each.
 *
 * @param supposed where a pod is taken to be whose address or node is not known
 */
record Matcher(Cluster cluster, Options options, Optional<PossiblePlace> supposed) {

  Matcher(Cluster cluster, Options options) {
    this(cluster, options, Optional.empty());
  }

  Matcher supposing(PossiblePlace place) {
    return new Matcher(cluster, options, Optional.of(place));
  }

  /** Whether policies treat this end as the node it is on, rather than as a pod. */
  boolean isNode(End.InPod end, PolicyKind kind) {
    return options.areNode(end.workload(), kind);
  }

  boolean selects(Policy policy, End end) {
    return end instanceof End.InPod pod
        && !isNode(pod, policy.kind())
        && selected(policy.subject().namespaces(), policy.subject().pods(), pod);
  }

  private boolean selected(NamespaceSelection namespaces, Selector pods, End.InPod end) {
    String namespace = end.workload().namespace();
    boolean inNamespace = namespaces instanceof NamespaceSelection.Matching matching
        ? matching.selector().matches(cluster.namespace(namespace).labels())
        : namespaces.equals(new NamespaceSelection.Named(namespace));
    return inNamespace && pods.matches(end.workload().labels());
  }

  /** Whether a rule is about this flow, given that its policy selects the subject's end. */
  Match matches(Policy policy, PolicyRule rule, End peer, Flow flow) {
    return peers(policy, rule, peer).and(Match.of(ports(policy, rule.ports(), flow)));
  }

  private Match peers(Policy policy, PolicyRule rule, End end) {
    return end instanceof End.InPod pod && holdsSupposed(policy, rule, pod)
        ? Match.YES
        : anyOf(policy.kind(), rule.action(), rule.peers(), end);
  }

  /** Whether a rule's blocks, all together, hold the address at which a pod is taken to be. */
  private boolean holdsSupposed(Policy policy, PolicyRule rule, End.InPod end) {
    return supposed
            .flatMap(PossiblePlace::address)
            .filter(options.missingAddress().matching(rule.blocks())::contains)
            .isPresent()
        && (options.blocksMatchPods(policy.kind()) || isNode(end, policy.kind()));
  }

  private Match anyOf(PolicyKind kind, Action action, Peers peers, End end) {
    return peers instanceof Peers.AnyOf any
        ? any.peers().stream()
            .map(peer -> peer.on(new AtEnd(kind, action, end)))
            .reduce(Match.NO, Match::or)
        : Match.YES;
  }

  /** Whether each kind of peer matches one end. */
  private final class AtEnd implements Peer.Cases<Match> {
    private final PolicyKind kind;
    private final Action action;
    private final End end;

    AtEnd(PolicyKind kind, Action action, End end) {
      this.kind = kind;
      this.action = action;
      this.end = end;
    }

    @Override
    public Match pods(Peer.Pods peer) {
      if (end instanceof End.InPod pod) {
        return Match.of(!isNode(pod, kind) && selected(peer.namespaces(), peer.pods(), pod));
      }
      if (end instanceof End.IngressController
          && peer.namespaces() instanceof NamespaceSelection.Matching matching) {
        return matching.selector().isEverything() && peer.pods().isEverything()
            ? Match.YES
            : Match.MAYBE;
      }
      return Match.NO;
    }

    @Override
    public Match ipBlock(Peer.IpBlock peer) {
      return addresses(peer.addresses(), options.ipBlockMatchesPods());
    }

    @Override
    public Match networks(Peer.Networks peer) {
      return addresses(peer.addresses(), true);
    }

    private Match addresses(AddressSet addresses, boolean matchPods) {
      return end.on(new End.Cases<>() {
        @Override
        public Match inPod(End.InPod pod) {
          return Match.of((matchPods || isNode(pod, kind))
              && pod.address().filter(addresses::contains).isPresent());
        }

        @Override
        public Match outside(End.Outside outside) {
          return Match.of(addresses.contains(outside.address()));
        }

        @Override
        public Match domainName(End.DomainName name) {
          return unknownAddress();
        }

        @Override
        public Match ingressController(End.IngressController controller) {
          return coversAFamily(addresses) ? Match.YES : unknownAddress();
        }

        /** Excepts may leave nothing of a block, and nothing matches nobody. */
        private Match unknownAddress() {
          return addresses.isEmpty() ? Match.NO : Match.MAYBE;
        }
      });
    }

    @Override
    public Match nodes(Peer.Nodes peer) {
      return end.on(new End.Cases<>() {
        @Override
        public Match inPod(End.InPod pod) {
          return Match.of(pod.workload().hostNetwork()
              && nodeOf(pod)
                  .map(node -> peer.nodes().matches(node.labels()))
                  .orElse(supposed.isPresent() && supposed.get().nodes().contains(peer.nodes())));
        }

        @Override
        public Match outside(End.Outside outside) {
          return Match.of(nodesAt(outside.address()).stream()
              .anyMatch(node -> peer.nodes().matches(node.labels())));
        }

        @Override
        public Match domainName(End.DomainName name) {
          return Match.MAYBE;
        }

        @Override
        public Match ingressController(End.IngressController controller) {
          return Match.MAYBE;
        }
      });
    }

    @Override
    public Match domainNames(Peer.DomainNames peer) {
      if (end instanceof End.DomainName name) {
        return Match.of(peer.matches(name.name()));
      }
      return end instanceof End.Outside ? Match.MAYBE : Match.NO;
    }

    @Override
    public Match unknown(Peer.Unknown peer) {
      return Match.of(action != Action.ALLOW);
    }

    @Override
    public Match perhaps(Peer.Perhaps peer) {
      return anyOf(kind, action, peer.whom(), end) == Match.NO ? Match.NO : Match.MAYBE;
    }
  }

  private static boolean coversAFamily(AddressSet addresses) {
    return addresses.containsAll(AddressSet.of(Cidr.all(Family.IPV4)))
        || addresses.containsAll(AddressSet.of(Cidr.all(Family.IPV6)));
  }

  private boolean ports(Policy policy, Ports ports, Flow flow) {
    if (!(ports instanceof Ports.AnyOf any)) {
      return true;
    }
    return flow.protocol().hasPorts()
        && any.matches().stream()
            .anyMatch(match -> match instanceof Ports.Named named
                ? named(policy, named, flow)
                : numbered((Ports.Numbered) match, flow));
  }

  private static boolean numbered(Ports.Numbered numbered, Flow flow) {
    return numbered.protocol() == flow.protocol() && numbered.ports().contains(flow.port());
  }

  /** A name means the container port of that name and protocol on the destination pod; elsewhere nothing. */
  private boolean named(Policy policy, Ports.Named named, Flow flow) {
    return flow.destination() instanceof End.InPod pod
        && !isNode(pod, policy.kind())
        && (named.protocol().isEmpty() || named.protocol().get() == flow.protocol())
        && pod.workload()
            .ports()
            .contains(new ContainerPort(named.name(), flow.protocol(), flow.port()));
  }

  /** The node that a pod runs on, if it is known. */
  Optional<Node> nodeOf(End.InPod end) {
    Optional<String> name = end.pod().flatMap(pod -> pod.node());
    return name.flatMap(
        n -> cluster.nodes().stream().filter(node -> node.name().equals(n)).findFirst());
  }

  List<Node> nodesAt(Address address) {
    return cluster.nodes().stream()
        .filter(node -> node.addresses().contains(address))
        .toList();
  }
}
