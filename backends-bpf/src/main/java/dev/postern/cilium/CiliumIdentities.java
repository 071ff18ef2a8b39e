package dev.postern.cilium;

import dev.postern.backend.Refusal;
import dev.postern.backend.Scope;
import dev.postern.cluster.Namespace;
import dev.postern.cluster.Workload;
import dev.postern.lowering.NodeAddresses;
import dev.postern.lowering.PeerAddresses;
import dev.postern.mapdump.PoliciesAtLimit;
import dev.postern.mapdump.PrefixTable;
import dev.postern.mapdump.StableNumbers;
import dev.postern.mapdump.Treatments;
import dev.postern.meaning.End;
import dev.postern.net.Cidr;
import dev.postern.net.Family;
import dev.postern.plan.Plan;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.LinkedHashMap;
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
final class CiliumIdentities {

  static final int HOST = 1;
  private static final int WORLD = 2;
  private static final int WORLD_IPV4 = 9;
  private static final int WORLD_IPV6 = 10;

  /** Identities that are numbered together: from which number, how many at most, and what has them. */
  private enum Kind {
    POD(256, 65_280, "sets of labels of pods"),
    NETWORK(1 << 24 | 1, 65_535, "networks"),
    NODE(1 << 25 | 1, 65_535, "nodes");

    private final int first;
    private final int count;
    private final String what;

    Kind(int first, int count, String what) {
      this.first = first;
      this.count = count;
      this.what = what;
    }
  }

  /** An identity whose number is still to be found, by its name. */
  private record Draft(
      Kind kind, String name, int classNumber, SortedSet<String> nodes, List<String> labels) {}

  private final Plan plan;
  private final Scope scope;
  private final Treatments treatments;
  private final PeerAddresses addresses;
  private final Set<Family> families = EnumSet.noneOf(Family.class);
  private final SortedMap<Cidr, Identity> table = new TreeMap<>();
  private final Map<Cidr, Draft> drafts = new LinkedHashMap<>();
  private final Map<List<Object>, Draft> shared = new HashMap<>();
  private final Map<List<Object>, Integer> variants = new HashMap<>();
  private boolean hostTaken;

  CiliumIdentities(Plan plan, Scope scope, Treatments treatments) throws Refusal {
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
    number();
  }

  /** The identity of every address, by longest prefix. */
  SortedMap<Cidr, Identity> table() {
    return Collections.unmodifiableSortedMap(table);
  }

  /** Every identity that some address has, once. */
  List<Identity> all() {
    return List.copyOf(new LinkedHashSet<>(table.values()));
  }

  private void number() throws Refusal {
    Map<Draft, Identity> numbered = new HashMap<>();
    List<String> reasons = new ArrayList<>();
    for (Kind kind : Kind.values()) {
      List<Draft> ofKind = drafts.values().stream()
          .filter(draft -> draft.kind == kind)
          .distinct()
          .toList();
      if (ofKind.size() > kind.count) {
        reasons.add("the " + kind.what + " need " + ofKind.size() + " identities, and Cilium has "
            + kind.count + " for them"
            + (kind == Kind.NETWORK ? PoliciesAtLimit.networks(plan.cluster()) : ""));
        continue;
      }
      Map<String, Integer> numbers =
          StableNumbers.of(ofKind.stream().map(Draft::name).toList(), kind.first, kind.count);
      for (Draft draft : ofKind) {
        numbered.put(
            draft,
            new Identity(
                numbers.getOrDefault(draft.name, 0), draft.classNumber, draft.nodes, draft.labels));
      }
    }
    if (!reasons.isEmpty()) {
      throw new Refusal(reasons);
    }
    drafts.forEach((cidr, draft) -> {
      Identity identity = numbered.get(draft);
      if (identity != null) {
        table.put(cidr, identity);
      }
    });
  }

  private void networks(Family family) {
    Map<Integer, Integer> classOf = new HashMap<>();
    plan.classes()
        .outsiders()
        .forEach(number -> classOf.putIfAbsent(treatments.of(number), number));
    boolean one = families.size() == 1;
    String world = one ? "reserved:world" : "reserved:world-ipv" + (family == Family.IPV4 ? 4 : 6);
    PrefixTable.of(family, treatments.outside(family)).forEach((cidr, treatment) -> {
      int number = classOf.getOrDefault(treatment, 0);
      if (cidr.prefix() > 0) {
        String label = "cidr:" + cidr.toString().replace(':', '-');
        drafts.put(
            cidr, new Draft(Kind.NETWORK, label, number, new TreeSet<>(), List.of(label, world)));
      } else {
        int reserved = one ? WORLD : family == Family.IPV4 ? WORLD_IPV4 : WORLD_IPV6;
        table.put(cidr, new Identity(reserved, number, new TreeSet<>(), List.of(world)));
      }
    });
  }

  /** Nodes' addresses, also where they are known from pods on the host network only. */
  private void nodes() {
    Map<List<Object>, Identity> hosts = new HashMap<>();
    NodeAddresses.of(plan).nodesAt().forEach((address, at) -> {
      int number = addresses.classOf(address);
      if (!families.contains(address.family())) {
        return;
      }
      List<Object> same = List.of(at, treatments.of(number));
      boolean here = scope.node().isPresent() && at.equals(Set.of(scope.node().get()));
      if (here && (!hostTaken || hosts.containsKey(same))) {
        hostTaken = true;
        Identity host = new Identity(HOST, number, at, nodeLabels(at, "reserved:host"));
        drafts.remove(Cidr.of(address));
        table.put(Cidr.of(address), hosts.computeIfAbsent(same, key -> host));
      } else {
        drafts.put(
            Cidr.of(address), draft(Kind.NODE, nodeLabels(at, "reserved:remote-node"), number, at));
      }
    });
  }

  private static List<String> nodeLabels(SortedSet<String> at, String reserved) {
    List<String> labels = new ArrayList<>();
    at.forEach(name -> labels.add("node:io.kubernetes.node.name=" + name));
    labels.add(reserved);
    return labels;
  }

  private void pod(End.InPod endpoint) {
    endpoint.address().ifPresent(address -> {
      int number = addresses.classOf(address);
      table.remove(Cidr.of(address));
      drafts.put(
          Cidr.of(address), draft(Kind.POD, labels(endpoint.workload()), number, new TreeSet<>()));
    });
  }

  /** One for each set of labels and each treatment; of several treatments each has a name of its own. */
  private Draft draft(Kind kind, List<String> labels, int number, SortedSet<String> nodes) {
    return shared.computeIfAbsent(List.of(kind, labels, treatments.of(number)), key -> {
      int variant = variants.merge(List.of(kind, labels), 1, Integer::sum);
      return new Draft(kind, variant + labels.toString(), number, nodes, labels);
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
