package dev.postern.diff;

import dev.postern.cluster.Cluster;
import dev.postern.cluster.Namespace;
import dev.postern.cluster.Node;
import dev.postern.cluster.Workload;
import dev.postern.meaning.Options;
import dev.postern.net.AddressSet;
import dev.postern.policy.Direction;
import dev.postern.policy.NamespaceSelection;
import dev.postern.policy.Peer;
import dev.postern.policy.Peers;
import dev.postern.policy.Policy;
import dev.postern.policy.PolicyRule;
import dev.postern.policy.Tier;
import dev.postern.selector.Selector;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Two clusters that differ in their policies alone, less what cannot matter for their difference. A pair of endpoints can only change if a
 * policy that changed selects one end (that end is <em>touched</em>) and has a rule for the other, or isolates it anew. So there remain the
 * policies that may select what is touched, those that may select the other ends on their side, and the workloads of both.
 */
final class RelevantPolicies {

  private final Cluster before;
  private final Cluster after;
  private final Options options;
  private final Map<String, List<Workload>> workloads = new LinkedHashMap<>();
  /** Namespaces with pods on the host network, whom an address or a node may match. */
  private final Set<String> hosts = new HashSet<>();

  private final Map<NamespaceSelection, Set<String>> scopes = new HashMap<>();

  /** Namespaces with touched pods, by the direction in which they are touched. */
  private final Map<Direction, Set<String>> touched = new HashMap<>();
  /** Namespaces of what may be at the other end of a change, by the direction of the touched end. */
  private final Map<Direction, Set<String>> peers = new HashMap<>();

  private final Map<Policy, Policy> halves = new IdentityHashMap<>();
  private boolean anyChange;

  RelevantPolicies(Cluster before, Cluster after, Options options) {
    this.before = before;
    this.after = after;
    this.options = options;
    List<Workload> all = before.workloads();
    int start = 0;
    boolean host = false;
    for (int i = 0; i < all.size(); i++) {
      String namespace = all.get(i).namespace();
      host |= all.get(i).hostNetwork();
      if (i + 1 == all.size() || !all.get(i + 1).namespace().equals(namespace)) {
        workloads.put(namespace, all.subList(start, i + 1));
        if (host) {
          hosts.add(namespace);
        }
        start = i + 1;
        host = false;
      }
    }
    for (Direction direction : Direction.values()) {
      touched.put(direction, new HashSet<>());
      peers.put(direction, new HashSet<>());
      narrow(direction);
    }
  }

  /** Whether any policy says something else, about pods that are there. */
  boolean anyChange() {
    return anyChange;
  }

  private void narrow(Direction direction) {
    PolicyChanges changes = PolicyChanges.between(before.policies(), after.policies(), direction);
    List<Policy> changed = new ArrayList<>(changes.removed());
    changed.addAll(changes.added());
    Set<Workload> pods = Collections.newSetFromMap(new IdentityHashMap<>());
    Set<String> own = new HashSet<>();
    for (Policy policy : changed) {
      boolean selects = false;
      for (String namespace : namespaces(policy.subject().namespaces())) {
        for (Workload workload : workloads.getOrDefault(namespace, List.of())) {
          if (policy.subject().pods().matches(workload.labels())) {
            selects = true;
            own.add(namespace);
            if (policy.tier() == Tier.NETWORK_POLICY) {
              pods.add(workload);
            }
          }
        }
      }
      if (selects) {
        policy.rules(direction).forEach(rule -> peers(rule, direction));
      }
    }
    touched.put(direction, own);
    anyChange |= !own.isEmpty();
    if (!own.isEmpty() && isolatesAnew(pods, own, direction)) {
      peers.put(direction, workloads.keySet());
    }
  }

  /** Whether the NetworkPolicies of one version isolate one of these pods and those of the other do not. */
  private boolean isolatesAnew(Set<Workload> pods, Set<String> places, Direction direction) {
    List<Policy> old = isolating(before, places, direction);
    List<Policy> now = isolating(after, places, direction);
    return pods.stream().anyMatch(pod -> isolates(old, pod) != isolates(now, pod));
  }

  private static List<Policy> isolating(Cluster cluster, Set<String> places, Direction direction) {
    return cluster.policies().stream()
        .filter(policy -> policy.tier() == Tier.NETWORK_POLICY
            && policy.isolates().contains(direction)
            && places.contains(policy.namespace()))
        .toList();
  }

  private static boolean isolates(List<Policy> policies, Workload pod) {
    return policies.stream()
        .anyMatch(policy -> policy.namespace().equals(pod.namespace())
            && policy.subject().pods().matches(pod.labels()));
  }

  private void peers(PolicyRule rule, Direction direction) {
    Set<String> into = peers.getOrDefault(direction, workloads.keySet());
    if (into == workloads.keySet()) {
      return;
    }
    if (!(rule.peers() instanceof Peers.AnyOf any)) {
      peers.put(direction, workloads.keySet());
      return;
    }
    for (Peer peer : any.peers()) {
      if (peer instanceof Peer.Pods pods) {
        into.addAll(namespaces(pods.namespaces()));
      } else if (peer instanceof Peer.IpBlock block) {
        if (options.ipBlockMatchesPods()) {
          addresses(block.addresses(), into);
        }
      } else if (peer instanceof Peer.Networks networks) {
        addresses(networks.addresses(), into);
      }
      if (peer instanceof Peer.Unknown
          || (peer instanceof Peer.Nodes && options.hostNetwork() == Options.HostNetwork.POD)) {
        peers.put(direction, workloads.keySet());
        return;
      }
      // Other nodes have no policies, and DNS names are outside.
    }
  }

  private void addresses(AddressSet addresses, Set<String> into) {
    workloads.forEach((namespace, own) -> {
      if (!into.contains(namespace)
          && own.stream()
              .flatMap(workload -> workload.pods().stream())
              .anyMatch(pod -> pod.addresses().stream().anyMatch(addresses::contains))) {
        into.add(namespace);
      }
    });
  }

  /** The namespaces of a selection; their labels are the same in both versions. */
  private Set<String> namespaces(NamespaceSelection selection) {
    if (selection instanceof NamespaceSelection.Named named) {
      return Set.of(named.namespace());
    }
    return scopes.computeIfAbsent(selection, key -> {
      Selector selector = ((NamespaceSelection.Matching) key).selector();
      Set<String> names = new HashSet<>();
      before.namespaces().forEach((name, namespace) -> {
        if (selector.matches(namespace.labels())) {
          names.add(name);
        }
      });
      return names;
    });
  }

  /** One version with what may matter. */
  private Cluster version(Cluster cluster, List<Workload> kept) {
    List<Policy> policies = new ArrayList<>();
    for (Policy policy : cluster.policies()) {
      Set<String> subjects = namespaces(policy.subject().namespaces());
      boolean in = matters(policy, subjects, Direction.INGRESS);
      boolean out = matters(policy, subjects, Direction.EGRESS);
      if (in && out) {
        policies.add(policy);
      } else if (in || out) {
        policies.add(only(policy, in ? Direction.INGRESS : Direction.EGRESS));
      }
    }
    return new Cluster(cluster.namespaces(), kept, List.of(), cluster.nodes(), List.of(), policies);
  }

  /**
   * What matters of a policy, the same object for both versions: what one version of an edited policy says about a direction that does not
   * matter must not look as if the other had left it out.
   */
  private Policy only(Policy policy, Direction direction) {
    Direction other = direction == Direction.INGRESS ? Direction.EGRESS : Direction.INGRESS;
    return PolicyChanges.concerns(policy, other)
        ? halves.computeIfAbsent(policy, whole -> PolicyChanges.only(whole, direction))
        : policy;
  }

  private boolean matters(Policy policy, Set<String> subjects, Direction direction) {
    Direction other = direction == Direction.INGRESS ? Direction.EGRESS : Direction.INGRESS;
    return PolicyChanges.concerns(policy, direction)
        && (meet(subjects, touched.getOrDefault(direction, Set.of()))
            || meet(subjects, peers.getOrDefault(other, Set.of())));
  }

  private static boolean meet(Set<String> some, Set<String> others) {
    Set<String> fewer = some.size() < others.size() ? some : others;
    Set<String> more = fewer == some ? others : some;
    for (String name : fewer) {
      if (more.contains(name)) {
        return true;
      }
    }
    return false;
  }

  /** Whether all workloads may matter. */
  boolean isWhole() {
    return kept().size() == before.workloads().size();
  }

  /** Both versions with what may matter. */
  List<Cluster> versions() {
    List<Workload> kept = kept();
    return List.of(version(before, kept), version(after, kept));
  }

  private List<Workload> kept() {
    Set<String> places = new HashSet<>(hosts);
    touched.values().forEach(places::addAll);
    peers.values().forEach(places::addAll);
    List<Workload> kept = new ArrayList<>();
    workloads.forEach((namespace, own) -> {
      if (places.contains(namespace)) {
        kept.addAll(own);
      }
    });
    return kept;
  }

  /** Whether two clusters hold the same but for their policies; where it was written does not count. */
  static boolean isPossible(Cluster before, Cluster after) {
    return sameNamespaces(before, after)
        && sameNodes(before.nodes(), after.nodes())
        && sameWorkloads(before.workloads(), after.workloads());
  }

  private static boolean sameNamespaces(Cluster before, Cluster after) {
    if (before.namespaces().size() != after.namespaces().size()) {
      return false;
    }
    Iterator<Namespace> others = after.namespaces().values().iterator();
    for (Namespace namespace : before.namespaces().values()) {
      Namespace other = others.next();
      if (namespace != other
          && !(namespace.name().equals(other.name())
              && namespace.labels().equals(other.labels()))) {
        return false;
      }
    }
    return true;
  }

  private static boolean sameNodes(List<Node> some, List<Node> others) {
    return nodes(some).equals(nodes(others));
  }

  private static List<List<Object>> nodes(List<Node> nodes) {
    return nodes.stream()
        .map(node -> List.<Object>of(node.name(), node.labels(), node.addresses()))
        .toList();
  }

  private static boolean sameWorkloads(List<Workload> some, List<Workload> others) {
    if (some.size() != others.size()) {
      return false;
    }
    for (int i = 0; i < some.size(); i++) {
      if (some.get(i) != others.get(i) && !isSame(some.get(i), others.get(i))) {
        return false;
      }
    }
    return true;
  }

  private static boolean isSame(Workload one, Workload other) {
    if (one.pods().size() != other.pods().size()) {
      return false;
    }
    for (int i = 0; i < one.pods().size(); i++) {
      if (one.pods().get(i) != other.pods().get(i)
          && !(one.pods().get(i).name().equals(other.pods().get(i).name())
              && one.pods().get(i).node().equals(other.pods().get(i).node())
              && one.pods().get(i).addresses().equals(other.pods().get(i).addresses()))) {
        return false;
      }
    }
    return one.namespace().equals(other.namespace())
        && one.name().equals(other.name())
        && one.kind().equals(other.kind())
        && one.labels().equals(other.labels())
        && one.ports().equals(other.ports())
        && one.hostNetwork() == other.hostNetwork();
  }
}
