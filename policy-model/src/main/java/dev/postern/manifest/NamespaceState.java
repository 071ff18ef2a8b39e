package dev.postern.manifest;

import dev.postern.cluster.Cluster;
import dev.postern.cluster.Entrance;
import dev.postern.cluster.LeftOut;
import dev.postern.cluster.Pod;
import dev.postern.cluster.UnreadPolicy;
import dev.postern.cluster.Workload;
import dev.postern.manifest.ClusterObject.NotRead;
import dev.postern.manifest.ClusterObject.OfEntrance;
import dev.postern.manifest.ClusterObject.OfPolicy;
import dev.postern.net.Address;
import dev.postern.net.AddressRange;
import dev.postern.net.AddressSet;
import dev.postern.net.Family;
import dev.postern.policy.Policy;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The objects of one namespace, or those without one. All relations between objects ({@link Assembly}) are within a namespace, so that what
 * they come to is found for each apart, when first asked for, and serves until an object of this namespace changes.
 */
final class NamespaceState {

  static final NamespaceState EMPTY =
      new NamespaceState(new Rules(PersistentMap.empty()), new Inhabitants(PersistentMap.empty()));

  /** Policies, and what may be one. */
  private static final class Rules {
    private final PersistentMap<ObjectName, ClusterObject> objects;
    private final Once<List<Policy>> policies = new Once<>();
    private final Once<NotRead> notRead = new Once<>();

    Rules(PersistentMap<ObjectName, ClusterObject> objects) {
      this.objects = objects;
    }

    List<Policy> policies() {
      return policies.get(this::findPolicies);
    }

    NotRead notRead() {
      return notRead.get(this::findNotRead);
    }

    private List<Policy> findPolicies() {
      List<Policy> all = new ArrayList<>(objects.size());
      for (ClusterObject object : sorted(objects)) {
        if (object.content() instanceof OfPolicy of) {
          all.add(of.policy());
        }
      }
      return List.copyOf(all);
    }

    private NotRead findNotRead() {
      List<UnreadPolicy> unread = new ArrayList<>(0);
      List<LeftOut> leftOut = new ArrayList<>(0);
      for (ClusterObject object : sorted(objects)) {
        if (object.content() instanceof NotRead of) {
          unread.addAll(of.unread());
          leftOut.addAll(of.leftOut());
        }
      }
      return new NotRead(unread, leftOut);
    }
  }

  /** Everything else: what policies are about. */
  private static final class Inhabitants {
    private final PersistentMap<ObjectName, ClusterObject> objects;
    private final Once<Cluster> assembled = new Once<>();
    private final Once<Map<String, Workload>> byPod = new Once<>();
    private final Once<Set<Family>> families = new Once<>();
    private final Once<Address[]> addresses = new Once<>();
    private final Once<Boolean> hosts = new Once<>();

    Inhabitants(PersistentMap<ObjectName, ClusterObject> objects) {
      this.objects = objects;
    }

    Cluster assembled() {
      return assembled.get(this::assemble);
    }

    private Cluster assemble() {
      Inventory inventory = new Inventory();
      List<Entrance> resolved = new ArrayList<>(0);
      for (ClusterObject object : sorted(objects)) {
        if (object.content() instanceof OfEntrance of && of.resolved()) {
          resolved.add(of.entrance());
        } else {
          object.into(inventory);
        }
      }
      Cluster cluster = new Assembly(inventory).cluster();
      if (resolved.isEmpty()) {
        return cluster;
      }
      resolved.addAll(cluster.entrances());
      return new Cluster(
          cluster.namespaces(),
          cluster.workloads(),
          cluster.services(),
          cluster.nodes(),
          resolved,
          List.of(),
          List.of(),
          cluster.leftOut());
    }

    private Map<String, Workload> byPod() {
      Map<String, Workload> homes = new HashMap<>();
      for (Workload workload : assembled().workloads()) {
        for (Pod pod : workload.pods()) {
          homes.put(pod.name(), workload);
        }
      }
      return homes;
    }

    private Address[] addresses() {
      return assembled().workloads().stream()
          .flatMap(workload -> workload.pods().stream())
          .flatMap(pod -> pod.addresses().stream())
          .sorted()
          .distinct()
          .toArray(Address[]::new);
    }

    private boolean hasHosts() {
      return assembled().workloads().stream().anyMatch(Workload::hostNetwork);
    }

    private Set<Family> families() {
      Set<Family> seen = EnumSet.noneOf(Family.class);
      objects.forEach((name, object) -> seen.addAll(object.families()));
      return seen;
    }
  }

  private static List<ClusterObject> sorted(PersistentMap<ObjectName, ClusterObject> objects) {
    List<ClusterObject> all = new ArrayList<>(objects.size());
    objects.forEach((name, object) -> all.add(object));
    all.sort(Comparator.comparing((ClusterObject object) -> object.name().name())
        .thenComparing(object -> object.name().kind()));
    return all;
  }

  private final Rules rules;
  private final Inhabitants inhabitants;

  private NamespaceState(Rules rules, Inhabitants inhabitants) {
    this.rules = rules;
    this.inhabitants = inhabitants;
  }

  private NamespaceState with(
      PersistentMap<ObjectName, ClusterObject> ruling,
      PersistentMap<ObjectName, ClusterObject> living) {
    boolean sameRules = ruling == rules.objects;
    boolean sameInhabitants = living == inhabitants.objects;
    return sameRules && sameInhabitants
        ? this
        : new NamespaceState(
            sameRules ? rules : new Rules(ruling),
            sameInhabitants ? inhabitants : new Inhabitants(living));
  }

  /** The state with an object; this one if it says the same already. */
  NamespaceState with(ClusterObject object) {
    boolean rules = object.content() instanceof OfPolicy || object.content() instanceof NotRead;
    return rules
        ? with(
            this.rules.objects.with(object.name(), object),
            inhabitants.objects.without(object.name()))
        : with(
            this.rules.objects.without(object.name()),
            inhabitants.objects.with(object.name(), object));
  }

  NamespaceState without(ObjectName name) {
    return with(rules.objects.without(name), inhabitants.objects.without(name));
  }

  Optional<ClusterObject> get(ObjectName name) {
    return rules.objects.get(name).or(() -> inhabitants.objects.get(name));
  }

  boolean isEmpty() {
    return rules.objects.isEmpty() && inhabitants.objects.isEmpty();
  }

  /** Its policies, by name. */
  List<Policy> policies() {
    return rules.policies();
  }

  /** What of it was not understood. */
  NotRead notRead() {
    return rules.notRead();
  }

  /** All but policies and what was not understood, put in relation. */
  Cluster assembled() {
    return inhabitants.assembled();
  }

  /** The workload of a pod. */
  Optional<Workload> workloadOf(String pod) {
    return Optional.ofNullable(inhabitants.byPod.get(inhabitants::byPod).get(pod));
  }

  /** Whether a workload is on the host network. */
  boolean hasHosts() {
    return inhabitants.hosts.get(inhabitants::hasHosts);
  }

  /** Whether a pod has one of these addresses. */
  boolean holdsAny(AddressSet wanted) {
    Address[] held = inhabitants.addresses.get(inhabitants::addresses);
    for (AddressRange range : wanted.ranges()) {
      int at = Arrays.binarySearch(held, range.first());
      int next = at >= 0 ? at : -at - 1;
      if (next < held.length && held[next].compareTo(range.last()) <= 0) {
        return true;
      }
    }
    return false;
  }

  /** The families of the addresses that it brings. */
  Set<Family> families() {
    return inhabitants.families.get(inhabitants::families);
  }

  /** Whether another state of the namespace has the very same policies, and the same that was not understood. */
  boolean hasSameRules(NamespaceState other) {
    return rules == other.rules;
  }

  /** Whether another state of the namespace has the very same objects but for policies. */
  boolean hasSameInhabitants(NamespaceState other) {
    return inhabitants.objects == other.inhabitants.objects
        || (inhabitants.objects.isEmpty() && other.inhabitants.objects.isEmpty());
  }
}
