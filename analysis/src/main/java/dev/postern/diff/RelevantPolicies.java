package dev.postern.diff;

import dev.postern.cluster.Cluster;
import dev.postern.cluster.Namespace;
import dev.postern.cluster.Node;
import dev.postern.cluster.Workload;
import dev.postern.meaning.Options;
import dev.postern.net.AddressSet;
import dev.postern.policy.Direction;
import dev.postern.policy.Peer;
import dev.postern.policy.Peers;
import dev.postern.policy.Policy;
import dev.postern.policy.PolicyRule;
import dev.postern.policy.Tier;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Two clusters that differ in their policies alone, less what cannot matter for their difference. A pair of endpoints can only change if a
 * policy that changed selects one end (that end is <em>touched</em>) and has a rule for the other, or isolates it anew. So there remain the
 * policies that may select what is touched, those that may select the other ends on their side, and the workloads of both.
 */
final class RelevantPolicies {

  private final ClusterLookup before;
  private final ClusterLookup after;
  private final Options options;

  /** Namespaces with touched pods, by the direction in which they are touched. */
  private final Map<Direction, Set<String>> touched = new EnumMap<>(Direction.class);
  /** Namespaces of what may be at the other end of a change, by the direction of the touched end. */
  private final Map<Direction, Set<String>> peers = new EnumMap<>(Direction.class);

  private final Map<Policy, Policy> halves = new IdentityHashMap<>();
  private boolean anyChange;

  /**
   * What may matter of two clusters that differ in policies alone.
   *
   * @param changed the policies of which they differ
   */
  RelevantPolicies(
      ClusterLookup before, ClusterLookup after, ChangedPolicies changed, Options options) {
    this.before = before;
    this.after = after;
    this.options = options;
    for (Direction direction : Direction.values()) {
      touched.put(direction, new HashSet<>());
      peers.put(direction, new HashSet<>());
      narrow(changed.in(direction), direction);
    }
  }

  /** Whether any policy says something else, about pods that are there. */
  boolean anyChange() {
    return anyChange;
  }

  private void narrow(PolicyChanges changes, Direction direction) {
    List<Policy> changed = new ArrayList<>(changes.removed());
    changed.addAll(changes.added());
    Set<Workload> pods = Collections.newSetFromMap(new IdentityHashMap<>());
    Set<String> own = new HashSet<>();
    for (Policy policy : changed) {
      boolean selects = false;
      for (String namespace : before.selected(policy.subject().namespaces())) {
        for (Workload workload : before.workloads(namespace)) {
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
    if (!own.isEmpty() && isolatesAnew(pods, direction)) {
      peers.put(direction, before.inhabited());
    }
  }

  /** Whether the NetworkPolicies of one version isolate one of these pods and those of the other do not. */
  private boolean isolatesAnew(Set<Workload> pods, Direction direction) {
    Map<String, List<Policy>> old = new HashMap<>();
    Map<String, List<Policy>> now = new HashMap<>();
    return pods.stream()
        .anyMatch(
            pod -> isolates(before, pod, direction, old) != isolates(after, pod, direction, now));
  }

  /** @param isolating by namespace the policies that isolate in this direction, as they are looked up */
  private static boolean isolates(
      ClusterLookup cluster,
      Workload pod,
      Direction direction,
      Map<String, List<Policy>> isolating) {
    return isolating
        .computeIfAbsent(
            pod.namespace(),
            place -> cluster.policiesIn(place).stream()
                .filter(policy ->
                    policy.tier() == Tier.NETWORK_POLICY && policy.isolates().contains(direction))
                .toList())
        .stream()
        .anyMatch(policy -> policy.subject().pods().matches(pod.labels()));
  }

  private void peers(PolicyRule rule, Direction direction) {
    Set<String> into = peers.getOrDefault(direction, before.inhabited());
    if (into == before.inhabited()) {
      return;
    }
    if (!(rule.peers() instanceof Peers.AnyOf any)) {
      peers.put(direction, before.inhabited());
      return;
    }
    for (Peer peer : any.peers()) {
      if (peer instanceof Peer.Pods pods) {
        into.addAll(before.selected(pods.namespaces()));
      } else if (peer instanceof Peer.IpBlock block) {
        if (options.ipBlockMatchesPods()) {
          addresses(block.addresses(), into);
        }
      } else if (peer instanceof Peer.Networks networks) {
        addresses(networks.addresses(), into);
      }
      if (peer instanceof Peer.Unknown
          || (peer instanceof Peer.Nodes && options.hostNetwork() == Options.HostNetwork.POD)) {
        peers.put(direction, before.inhabited());
        return;
      }
      // Other nodes have no policies, and DNS names are outside.
    }
  }

  private void addresses(AddressSet addresses, Set<String> into) {
    for (String namespace : before.inhabited()) {
      if (!into.contains(namespace) && before.holdsAny(namespace, addresses)) {
        into.add(namespace);
      }
    }
  }

  /** One version with what may matter. */
  private Cluster version(ClusterLookup cluster, Set<String> places, List<Workload> kept) {
    List<Policy> policies = new ArrayList<>();
    for (String place : places) {
      keep(cluster.policiesIn(place), policies);
    }
    keep(cluster.widePolicies(), policies);
    SortedMap<String, Namespace> namespaces = new TreeMap<>();
    places.forEach(place -> namespaces.put(place, cluster.namespace(place)));
    return new Cluster(namespaces, kept, List.of(), cluster.nodes(), List.of(), policies);
  }

  private void keep(List<Policy> all, List<Policy> kept) {
    for (Policy policy : all) {
      Set<String> subjects = before.selected(policy.subject().namespaces());
      boolean in = matters(policy, subjects, Direction.INGRESS);
      boolean out = matters(policy, subjects, Direction.EGRESS);
      if (in && out) {
        kept.add(policy);
      } else if (in || out) {
        kept.add(only(policy, in ? Direction.INGRESS : Direction.EGRESS));
      }
    }
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
    return places().containsAll(before.inhabited());
  }

  /** Whether so many workloads may matter. */
  boolean isAboutAtLeast(int many) {
    int count = 0;
    for (String place : places()) {
      count += before.workloads(place).size();
      if (count >= many) {
        return true;
      }
    }
    return count >= many;
  }

  /** Both versions with what may matter. */
  List<Cluster> versions() {
    Set<String> places = places();
    List<Workload> kept = new ArrayList<>();
    places.forEach(place -> kept.addAll(before.workloads(place)));
    return List.of(version(before, places, kept), version(after, places, kept));
  }

  /** The namespaces of what may matter, in their order. */
  private Set<String> places() {
    Set<String> places = new TreeSet<>(before.hosts());
    touched.values().forEach(places::addAll);
    peers.values().forEach(places::addAll);
    return places;
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
              && namespace.declared() == other.declared()
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
    if (some == others) {
      return true;
    }
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
