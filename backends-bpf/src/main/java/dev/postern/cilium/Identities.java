package dev.postern.cilium;

import dev.postern.cluster.Namespace;
import dev.postern.cluster.Node;
import dev.postern.cluster.Workload;
import dev.postern.mapdump.PrefixTable;
import dev.postern.mapdump.Treatments;
import dev.postern.meaning.End;
import dev.postern.net.Address;
import dev.postern.net.Cidr;
import dev.postern.net.Family;
import dev.postern.plan.Plan;
import dev.postern.target.PeerAddresses;
import dev.postern.target.Refusal;
import dev.postern.target.Scope;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Gives every address an identity. Pods share one if they have the same labels and no policy treats them differently; a network has its own.
 * The networks are the fewest that tell apart what policies tell apart, not those that are written in policies.
 */
final class Identities {

  static final int HOST = 1;
  private static final int WORLD = 2;
  private static final int WORLD_IPV4 = 9;
  private static final int WORLD_IPV6 = 10;
  private static final int FIRST_POD = 256;
  private static final int LAST_POD = 65535;
  private static final int LOCAL = 1 << 24;
  private static final int REMOTE_NODE = 1 << 25;

  private final Plan plan;
  private final Scope scope;
  private final Treatments treatments;
  private final PeerAddresses addresses;
  private final Set<Family> families = EnumSet.noneOf(Family.class);
  private final SortedMap<Cidr, Identity> table = new TreeMap<>();
  private final Map<List<Object>, Identity> shared = new HashMap<>();
  private int pods;
  private int networks;
  private int nodes;
  private boolean hostTaken;

  Identities(Plan plan, Scope scope, Treatments treatments) throws Refusal {
    this.plan = plan;
    this.scope = scope;
    this.treatments = treatments;
    this.addresses = PeerAddresses.of(plan);
    for (End.InPod endpoint : plan.classes().endpoints()) {
      endpoint.address().ifPresent(address -> families.add(address.family()));
    }
    families.forEach(this::networks);
    nodes();
    plan.classes().endpoints().stream()
        .filter(endpoint -> !endpoint.workload().hostNetwork())
        .forEach(this::pod);
    if (FIRST_POD + pods > LAST_POD + 1) {
      throw new Refusal(List.of("the pods need " + pods + " identities, and Cilium has "
          + (LAST_POD - FIRST_POD + 1) + " for pods"));
    }
  }

  /** The identity of every address, by longest prefix. */
  SortedMap<Cidr, Identity> table() {
    return Collections.unmodifiableSortedMap(table);
  }

  /** Every identity that some address has, once. */
  List<Identity> all() {
    return List.copyOf(new LinkedHashSet<>(table.values()));
  }

  private void networks(Family family) {
    Map<Integer, Integer> classOf = new HashMap<>();
    plan.classes()
        .outsiders()
        .forEach(number -> classOf.putIfAbsent(treatments.of(number), number));
    PrefixTable.of(family, treatments.outside(family)).forEach((cidr, treatment) -> {
      int number = cidr.prefix() > 0
          ? LOCAL | ++networks
          : families.size() == 1 ? WORLD : family == Family.IPV4 ? WORLD_IPV4 : WORLD_IPV6;
      String world =
          families.size() == 1 ? "reserved:world" : "reserved:world-ip" + version(family);
      List<String> labels = cidr.prefix() > 0
          ? List.of("cidr:" + cidr.toString().replace(':', '-'), world)
          : List.of(world);
      table.put(
          cidr, new Identity(number, classOf.getOrDefault(treatment, 0), new TreeSet<>(), labels));
    });
  }

  private static String version(Family family) {
    return family == Family.IPV4 ? "v4" : "v6";
  }

  /** Nodes' addresses, also where they are known from pods on the host network only. */
  private void nodes() {
    SortedMap<Address, SortedSet<String>> names = new TreeMap<>();
    for (Node node : plan.cluster().nodes()) {
      for (Address address : node.addresses()) {
        names.computeIfAbsent(address, key -> new TreeSet<>()).add(node.name());
      }
    }
    for (End.InPod endpoint : plan.classes().endpoints()) {
      if (endpoint.workload().hostNetwork() && endpoint.address().isPresent()) {
        SortedSet<String> at =
            names.computeIfAbsent(endpoint.address().get(), key -> new TreeSet<>());
        endpoint.pod().flatMap(pod -> pod.node()).ifPresent(at::add);
      }
    }
    names.forEach((address, at) -> {
      int number = addresses.classOf(address);
      if (families.contains(address.family())) {
        table.put(
            Cidr.of(address),
            shared.computeIfAbsent(List.of(at, treatments.of(number)), key -> node(number, at)));
      }
    });
  }

  private Identity node(int classNumber, SortedSet<String> at) {
    boolean host = scope.node().isPresent() && at.equals(Set.of(scope.node().get())) && !hostTaken;
    hostTaken |= host;
    List<String> labels = new ArrayList<>();
    at.forEach(name -> labels.add("node:io.kubernetes.node.name=" + name));
    labels.add(host ? "reserved:host" : "reserved:remote-node");
    return new Identity(host ? HOST : REMOTE_NODE | ++nodes, classNumber, at, labels);
  }

  private void pod(End.InPod endpoint) {
    endpoint.address().ifPresent(address -> {
      int number = addresses.classOf(address);
      List<String> labels = labels(endpoint.workload());
      Identity identity = shared.computeIfAbsent(
          List.of(labels, treatments.of(number)),
          key -> new Identity(FIRST_POD + pods++, number, new TreeSet<>(), labels));
      table.put(Cidr.of(address), identity);
    });
  }

  private List<String> labels(Workload workload) {
    List<String> labels = new ArrayList<>();
    workload.labels().forEach((key, value) -> labels.add("k8s:" + key + "=" + value));
    Namespace namespace = plan.cluster().namespace(workload.namespace());
    namespace
        .labels()
        .forEach(
            (key, value) -> labels.add("k8s:io.cilium.k8s.namespace.labels." + key + "=" + value));
    labels.add("k8s:io.kubernetes.pod.namespace=" + workload.namespace());
    Collections.sort(labels);
    return labels;
  }
}
