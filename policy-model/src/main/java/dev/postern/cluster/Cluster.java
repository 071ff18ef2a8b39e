package dev.postern.cluster;

import dev.postern.policy.Policy;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Everything that was read: who is there and which policies apply. Immutable; lists are sorted by namespace and name, so that equal
 * inputs in another order are equal clusters but for their origins.
 *
 * @param namespaces by name, also those that something lies in though no manifest declares them
 * @param workloads the endpoints inside the cluster
 * @param services Services
 * @param nodes nodes
 * @param entrances ways in from outside
 * @param policies of all kinds that are understood
 * @param unread policies that are there and were not understood
 * @param leftOut objects that are not in it for their errors
 */
public record Cluster(
    SortedMap<String, Namespace> namespaces,
    List<Workload> workloads,
    List<Service> services,
    List<Node> nodes,
    List<Entrance> entrances,
    List<Policy> policies,
    List<UnreadPolicy> unread,
    List<LeftOut> leftOut) {

  public Cluster {
    SortedMap<String, Namespace> all = new TreeMap<>(namespaces);
    // Neighbours are mostly of one namespace, which is looked up once.
    String last = "";
    if (!(workloads instanceof InOrder)) {
      for (Workload workload : workloads) {
        last = declare(workload.namespace(), last, all);
      }
    }
    for (Service service : services) {
      last = declare(service.namespace(), last, all);
    }
    for (Policy policy : policies) {
      if (policy.kind().namespaced()) {
        last = declare(policy.namespace(), last, all);
      }
    }
    namespaces = Collections.unmodifiableSortedMap(all);
    workloads = sorted(workloads, Cluster::inOrder);
    services = sorted(services, Cluster::inOrder);
    nodes = sorted(nodes, (one, other) -> one.name().compareTo(other.name()));
    entrances = sorted(entrances, Cluster::inOrder);
    policies = sorted(policies, Cluster::inOrder);
    unread = sorted(unread, Cluster::inOrder);
    leftOut = sorted(leftOut, Cluster::inOrder);
  }

  /** A cluster of which no object was left out. */
  public Cluster(
      SortedMap<String, Namespace> namespaces,
      List<Workload> workloads,
      List<Service> services,
      List<Node> nodes,
      List<Entrance> entrances,
      List<Policy> policies,
      List<UnreadPolicy> unread) {
    this(namespaces, workloads, services, nodes, entrances, policies, unread, List.of());
  }

  /** A cluster of which every policy was understood. */
  public Cluster(
      SortedMap<String, Namespace> namespaces,
      List<Workload> workloads,
      List<Service> services,
      List<Node> nodes,
      List<Entrance> entrances,
      List<Policy> policies) {
    this(namespaces, workloads, services, nodes, entrances, policies, List.of());
  }

  /** The first character: a name with it at its end comes right after the name. */
  private static final String FIRST = "\0";

  public static final Cluster EMPTY =
      new Cluster(new TreeMap<>(), List.of(), List.of(), List.of(), List.of(), List.of());

  /** A cluster of workloads and policies, with these namespaces declared. */
  public static Cluster of(
      Collection<Namespace> namespaces,
      Collection<Workload> workloads,
      Collection<Policy> policies) {
    SortedMap<String, Namespace> byName = new TreeMap<>();
    namespaces.forEach(namespace -> byName.put(namespace.name(), namespace));
    return new Cluster(
        byName, List.copyOf(workloads), List.of(), List.of(), List.of(), List.copyOf(policies));
  }

  /**
   * One cluster of many parts, of which each lies in a namespace of its own. It costs next to nothing for each workload, which is not looked at.
   *
   * @param wide what lies in no namespace; the parts' policies may be among its policies
   * @param parts best in the order of their namespaces; their policies and what of them was not understood or left out is not taken
   */
  public static Cluster together(Cluster wide, List<Cluster> parts) {
    SortedMap<String, Namespace> namespaces = new TreeMap<>(wide.namespaces);
    List<Workload> workloads = new ArrayList<>(wide.workloads);
    List<Service> services = new ArrayList<>(wide.services);
    List<Entrance> entrances = new ArrayList<>(wide.entrances);
    boolean inOrder = true;
    for (Cluster part : parts) {
      inOrder &= workloads.isEmpty()
          || part.workloads.isEmpty()
          || inOrder(workloads.get(workloads.size() - 1), part.workloads.get(0)) < 0;
      part.namespaces.forEach(namespaces::putIfAbsent);
      workloads.addAll(part.workloads);
      services.addAll(part.services);
      entrances.addAll(part.entrances);
    }
    return new Cluster(
        namespaces,
        inOrder ? new InOrder<>(workloads) : workloads,
        services,
        wide.nodes,
        entrances,
        wide.policies,
        wide.unread,
        wide.leftOut);
  }

  private static String declare(String namespace, String last, SortedMap<String, Namespace> all) {
    if (!namespace.equals(last) || namespace.isEmpty()) {
      all.computeIfAbsent(namespace, Namespace::undeclared);
    }
    return namespace;
  }

  /** What is in order, as everything that comes from another cluster is, is not sorted again. */
  private static <T> List<T> sorted(List<T> items, Comparator<T> order) {
    if (items instanceof InOrder) {
      return List.copyOf(items);
    }
    for (int i = 1; i < items.size(); i++) {
      if (order.compare(items.get(i - 1), items.get(i)) > 0) {
        return items.stream().sorted(order).toList();
      }
    }
    return List.copyOf(items);
  }

  // Written out, since comparators that are put together from others come from no class archive:
  // each start would make their classes anew.

  private static int inOrder(Workload one, Workload other) {
    int byName = byName(one.namespace(), other.namespace(), one.name(), other.name());
    return byName != 0 ? byName : one.kind().compareTo(other.kind());
  }

  private static int inOrder(Service one, Service other) {
    return byName(one.namespace(), other.namespace(), one.name(), other.name());
  }

  private static int inOrder(Entrance one, Entrance other) {
    int byName = byName(one.namespace(), other.namespace(), one.name(), other.name());
    return byName != 0 ? byName : one.kind().compareTo(other.kind());
  }

  private static int inOrder(Policy one, Policy other) {
    int byTier = one.tier().compareTo(other.tier());
    int byPriority = byTier != 0 ? byTier : Integer.compare(one.priority(), other.priority());
    if (byPriority != 0) {
      return byPriority;
    }
    int byName = byName(one.namespace(), other.namespace(), one.name(), other.name());
    return byName != 0 ? byName : one.kind().compareTo(other.kind());
  }

  private static int inOrder(UnreadPolicy one, UnreadPolicy other) {
    int byKind = one.kind().compareTo(other.kind());
    int byName =
        byKind != 0 ? byKind : byName(one.namespace(), other.namespace(), one.name(), other.name());
    return byName != 0
        ? byName
        : one.origin().toString().compareTo(other.origin().toString());
  }

  private static int inOrder(LeftOut one, LeftOut other) {
    int byWords = one.toString().compareTo(other.toString());
    return byWords != 0
        ? byWords
        : one.origin().toString().compareTo(other.origin().toString());
  }

  private static int byName(
      String namespace, String otherNamespace, String name, String otherName) {
    int byNamespace = namespace.compareTo(otherNamespace);
    return byNamespace != 0 ? byNamespace : name.compareTo(otherName);
  }

  /** The workloads of a namespace, by name; found without looking at the others. */
  public List<Workload> workloadsIn(String namespace) {
    return workloads.subList(firstFrom(namespace, ""), firstFrom(namespace + FIRST, ""));
  }

  /** The workloads of one name, by kind; found without looking at the others. */
  public List<Workload> workloadsCalled(String namespace, String name) {
    return workloads.subList(firstFrom(namespace, name), firstFrom(namespace, name + FIRST));
  }

  /**
   * The place of a workload among the workloads.
   *
   * @throws IllegalArgumentException if it is none of them, as the same object
   */
  public int placeOf(Workload workload) {
    int place = firstFrom(workload.namespace(), workload.name());
    for (Workload called : workloadsCalled(workload.namespace(), workload.name())) {
      if (called == workload) {
        return place;
      }
      place++;
    }
    throw new IllegalArgumentException("not in this cluster: " + workload.id());
  }

  /** The place of the first workload that is not before one of this name. */
  private int firstFrom(String namespace, String name) {
    int from = 0;
    int to = workloads.size();
    while (from < to) {
      int middle = (from + to) >>> 1;
      Workload there = workloads.get(middle);
      if (byName(there.namespace(), namespace, there.name(), name) < 0) {
        from = middle + 1;
      } else {
        to = middle;
      }
    }
    return from;
  }

  /** The same cluster with other policies. */
  public Cluster withPolicies(Collection<Policy> others) {
    return new Cluster(
        namespaces, workloads, services, nodes, entrances, List.copyOf(others), unread, leftOut);
  }

  /**
   * The same cluster without some of its policies and with others, which costs less than giving all of them anew.
   *
   * @param removed policies of this cluster, as the same objects
   * @param added policies that are not in it
   */
  public Cluster replacing(Collection<Policy> removed, Collection<Policy> added) {
    Set<Policy> gone = Collections.newSetFromMap(new IdentityHashMap<>());
    gone.addAll(removed);
    List<Policy> more = sorted(List.copyOf(added), Cluster::inOrder);
    List<Policy> all = new ArrayList<>(policies.size() + more.size());
    int next = 0;
    for (Policy policy : policies) {
      while (next < more.size() && inOrder(more.get(next), policy) < 0) {
        all.add(more.get(next++));
      }
      if (gone.isEmpty() || !gone.contains(policy)) {
        all.add(policy);
      }
    }
    all.addAll(more.subList(next, more.size()));
    return withPolicies(all);
  }

  /** The same cluster with other workloads. */
  public Cluster withWorkloads(Collection<Workload> others) {
    return new Cluster(
        namespaces, List.copyOf(others), services, nodes, entrances, policies, unread, leftOut);
  }

  /** The same cluster with other Services. */
  public Cluster withServices(Collection<Service> others) {
    return new Cluster(
        namespaces, workloads, List.copyOf(others), nodes, entrances, policies, unread, leftOut);
  }

  /** The same cluster with other policies that were not understood. */
  public Cluster withUnread(Collection<UnreadPolicy> others) {
    return new Cluster(
        namespaces, workloads, services, nodes, entrances, policies, List.copyOf(others), leftOut);
  }

  /** The same cluster as a complete picture: a namespace that nothing declares has no label but its name. */
  public Cluster closed() {
    SortedMap<String, Namespace> known = new TreeMap<>();
    namespaces.forEach((name, namespace) ->
        known.put(name, new Namespace(name, namespace.labels(), true, namespace.origin())));
    return new Cluster(known, workloads, services, nodes, entrances, policies, unread, leftOut);
  }

  /**
   * A namespace that something lies in.
   *
   * @throws IllegalArgumentException if there is none of that name
   */
  public Namespace namespace(String name) {
    Namespace namespace = ((Map<String, Namespace>) namespaces).get(name);
    if (namespace == null) {
      throw new IllegalArgumentException("no namespace " + name);
    }
    return namespace;
  }
}
