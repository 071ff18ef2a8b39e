package dev.postern.manifest;

import dev.postern.cluster.Cluster;
import dev.postern.cluster.LeftOut;
import dev.postern.cluster.Namespace;
import dev.postern.cluster.Node;
import dev.postern.cluster.UnreadPolicy;
import dev.postern.cluster.Workload;
import dev.postern.manifest.ClusterObject.NotRead;
import dev.postern.net.AddressSet;
import dev.postern.net.Family;
import dev.postern.policy.Policy;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * The objects of a cluster by their names. Immutable: with an object more, less or other it is another state, which is made in about a
 * microsecond and shares with this one all that is the same, also what was found out of it. Safe for use by many threads.
 *
 * <p>What it comes to is the same as if its objects had been read at once: {@link #cluster}.
 */
public final class ClusterState {

  public static final ClusterState EMPTY =
      new ClusterState(PersistentMap.empty(), 0, new Population(PersistentMap.empty()));

  /** Where objects are that lie in no namespace. */
  private static final String NOWHERE = "";

  private final PersistentMap<String, NamespaceState> namespaces;
  /** How many objects were not understood: mostly none, and then nobody looks for them. */
  private final int notRead;

  private final Once<Cluster> cluster = new Once<>();
  private final Once<SortedSet<String>> names = new Once<>();
  private final Population population;

  private ClusterState(
      PersistentMap<String, NamespaceState> namespaces, int notRead, Population population) {
    this.namespaces = namespaces;
    this.notRead = notRead;
    this.population = population;
  }

  /** The objects that a cluster is made of. */
  public static ClusterState of(Cluster cluster) {
    return EMPTY.with(ClusterObject.all(cluster));
  }

  /** The state with these objects; each takes the place of what has its name. */
  public ClusterState with(Collection<ClusterObject> objects) {
    ClusterState state = this;
    for (ClusterObject object : objects) {
      state = state.with(object);
    }
    return state;
  }

  /** The state with an object, which takes the place of what has its name; this one if it says the same already. */
  public ClusterState with(ClusterObject object) {
    NamespaceState before = in(object.name().namespace());
    return changed(object.name(), before, before.with(object));
  }

  /** The state without an object; this one if there is none of that name. */
  public ClusterState without(ObjectName name) {
    NamespaceState before = in(name.namespace());
    return changed(name, before, before.without(name));
  }

  /** The state after an event. */
  public ClusterState after(ObjectEvent event) {
    return event instanceof ObjectEvent.Applied applied
        ? with(applied.object())
        : without(event.name());
  }

  private ClusterState changed(ObjectName name, NamespaceState before, NamespaceState after) {
    if (before == after) {
      return this;
    }
    int more = before.hasSameRules(after)
        ? 0
        : (isNotRead(after, name) ? 1 : 0) - (isNotRead(before, name) ? 1 : 0);
    PersistentMap<String, NamespaceState> others = after.isEmpty()
        ? namespaces.without(name.namespace())
        : namespaces.with(name.namespace(), after);
    return new ClusterState(
        others,
        notRead + more,
        before.hasSameInhabitants(after) && before.isEmpty() == after.isEmpty()
            ? population
            : new Population(others));
  }

  private static boolean isNotRead(NamespaceState state, ObjectName name) {
    return state.get(name).filter(object -> object.content() instanceof NotRead).isPresent();
  }

  private NamespaceState in(String namespace) {
    return namespaces.get(namespace).orElse(NamespaceState.EMPTY);
  }

  /** The object of a name. */
  public Optional<ClusterObject> object(ObjectName name) {
    return in(name.namespace()).get(name);
  }

  /** All objects together, as if they had been read at once; put together when first asked for. */
  public Cluster cluster() {
    return cluster.get(this::assemble);
  }

  // --- parts of it, found without the rest

  /** The namespaces that something lies in, though it may be nothing that makes them namespaces of the cluster. */
  public SortedSet<String> places() {
    return names.get(this::findNames);
  }

  private SortedSet<String> findNames() {
    SortedSet<String> found = new TreeSet<>();
    namespaces.forEach((name, state) -> found.add(name));
    found.remove(NOWHERE);
    return found;
  }

  /** A namespace, declared or not. */
  public Namespace namespace(String name) {
    return Optional.ofNullable(in(NOWHERE).assembled().namespaces().get(name))
        .orElseGet(() -> Namespace.undeclared(name));
  }

  public List<Node> nodes() {
    return in(NOWHERE).assembled().nodes();
  }

  /** The workloads of a namespace, by name. */
  public List<Workload> workloads(String namespace) {
    return in(namespace).assembled().workloads();
  }

  /** The workload that a pod belongs to. */
  public Optional<Workload> workloadOf(String namespace, String pod) {
    return in(namespace).workloadOf(pod);
  }

  /** The policies of a namespace. */
  public List<Policy> policies(String namespace) {
    return in(namespace).policies();
  }

  /** The policies that lie in no namespace. */
  public List<Policy> clusterPolicies() {
    return in(NOWHERE).policies();
  }

  /** What was not understood of all namespaces and may decide about traffic. */
  public List<UnreadPolicy> unread() {
    if (notRead == 0) {
      return List.of();
    }
    Inventory inventory = new Inventory();
    for (String place : everywhere()) {
      inventory.unread.addAll(in(place).notRead().unread());
    }
    return new Assembly(inventory).cluster().unread();
  }

  /** The families of the addresses that pods, nodes and Services have; none if none has any. */
  public Set<Family> families() {
    return population.families();
  }

  /** The namespaces that have workloads; the same set for as long as nothing but policies changes. */
  public SortedSet<String> inhabited() {
    return population.inhabited();
  }

  /** The namespaces that have workloads on the host network. */
  public SortedSet<String> hosts() {
    return population.hosts();
  }

  /** Whether another state is known to have the same objects but for policies; of equal ones it need not be known. */
  public boolean hasSameInhabitants(ClusterState other) {
    return population == other.population;
  }

  /** Whether there is any way in from outside. */
  public boolean hasEntrances() {
    return population.hasEntrances();
  }

  /** Whether a pod of a namespace has one of these addresses. */
  public boolean holdsAny(String namespace, AddressSet addresses) {
    return in(namespace).holdsAny(addresses);
  }

  /** The namespaces that something lies in and nothing declares. */
  public List<Namespace> undeclared() {
    return population.undeclared().stream()
        .filter(place -> makesNamespace(in(place)))
        .map(Namespace::undeclared)
        .toList();
  }

  private static boolean makesNamespace(NamespaceState state) {
    return !state.policies().isEmpty()
        || !state.assembled().workloads().isEmpty()
        || !state.assembled().services().isEmpty();
  }

  /**
   * The policies that another state has and this has not, as the same objects; those of one state.
   *
   * @return empty if the states differ in more than policies
   */
  public Optional<List<Policy>> policiesAddedBy(ClusterState other) {
    boolean[] only = {unread().equals(other.unread())};
    List<Policy> added = new ArrayList<>();
    namespaces.forEachAddedBy(other.namespaces, (name, state) -> {
      NamespaceState own = in(name);
      only[0] &= own.hasSameInhabitants(state);
      Set<Policy> known = Collections.newSetFromMap(new IdentityHashMap<>());
      known.addAll(own.policies());
      state.policies().stream().filter(policy -> !known.contains(policy)).forEach(added::add);
    });
    return only[0] ? Optional.of(added) : Optional.empty();
  }

  private List<String> everywhere() {
    List<String> all = new ArrayList<>(places());
    all.add(NOWHERE);
    return all;
  }

  private Cluster assemble() {
    Cluster wide = in(NOWHERE).assembled();
    List<Cluster> parts = new ArrayList<>();
    List<Policy> policies = new ArrayList<>(clusterPolicies());
    List<LeftOut> leftOut = new ArrayList<>();
    for (String place : everywhere()) {
      NamespaceState state = in(place);
      leftOut.addAll(state.assembled().leftOut());
      leftOut.addAll(state.notRead().leftOut());
      if (!place.equals(NOWHERE)) {
        parts.add(state.assembled());
        policies.addAll(state.policies());
      }
    }
    return Cluster.together(
        new Cluster(
            wide.namespaces(),
            List.of(),
            List.of(),
            wide.nodes(),
            List.of(),
            policies,
            unread(),
            leftOut),
        parts);
  }
}
