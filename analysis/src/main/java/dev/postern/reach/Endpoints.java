package dev.postern.reach;

import dev.postern.algebra.ClassSet;
import dev.postern.cluster.Pod;
import dev.postern.cluster.Workload;
import dev.postern.meaning.End;
import dev.postern.net.AddressRange;
import dev.postern.net.Family;
import dev.postern.plan.Classes;
import dev.postern.plan.Plan;
import dev.postern.policy.Peer;
import dev.postern.policy.Peers;
import dev.postern.policy.Policy;
import dev.postern.policy.PolicyRule;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** The endpoints of a matrix and the classes they consist of: first the workloads, then the ranges outside. */
final class Endpoints {

  /** Bits of the families that an endpoint has addresses of in a class; both where no address is known. */
  static final int ANY_FAMILY = 3;

  private final Plan plan;
  private final Classes classes;
  private final AlikeClasses likeness;
  private final List<Endpoint> endpoints = new ArrayList<>();
  private final List<Membership[]> memberships = new ArrayList<>();
  private final List<List<Member>> membersOfClass = new ArrayList<>();
  private final WorkloadNames names;
  private final int inside;

  /** That an endpoint has addresses of these families in a class. */
  record Membership(int number, int families) {}

  /** That a class holds addresses of these families of an endpoint, given by its place. */
  record Member(int endpoint, int families) {}

  Endpoints(Plan plan) {
    this.plan = plan;
    this.classes = plan.classes();
    this.likeness = new AlikeClasses(plan);
    for (int number = 0; number < classes.size(); number++) {
      membersOfClass.add(List.of());
    }
    this.names = new WorkloadNames(plan.cluster());
    workloads();
    this.inside = endpoints.size();
    ranges();
  }

  List<Endpoint> endpoints() {
    return endpoints;
  }

  /** How many of the endpoints are in the cluster; the others follow them. */
  int inside() {
    return inside;
  }

  Membership[] memberships(int endpoint) {
    return memberships.get(endpoint);
  }

  List<Member> members(int number) {
    return membersOfClass.get(number);
  }

  /** The bits of the families that both have, for all that is known. */
  int shared(int one, int other) {
    return families(one) & families(other);
  }

  private int families(int endpoint) {
    int families = 0;
    for (Membership membership : memberships.get(endpoint)) {
      families |= membership.families();
    }
    return families;
  }

  /** Whether policies tell the addresses of one family of an endpoint from those of the other. */
  boolean areSplitByFamily() {
    return IntStream.range(0, endpoints.size())
        .anyMatch(place -> families(place) == ANY_FAMILY
            && Stream.of(memberships.get(place)).anyMatch(own -> own.families() != ANY_FAMILY));
  }

  private static int bit(Family family) {
    return 1 << family.ordinal();
  }

  private static int families(End.InPod end) {
    return end.address().map(address -> bit(address.family())).orElse(ANY_FAMILY);
  }

  private void add(Endpoint endpoint, Map<Integer, Integer> familiesByClass) {
    Membership[] own = new Membership[familiesByClass.size()];
    int size = 0;
    for (Map.Entry<Integer, Integer> entry : familiesByClass.entrySet()) {
      own[size++] = new Membership(entry.getKey(), entry.getValue());
      if (membersOfClass.get(entry.getKey()).isEmpty()) {
        membersOfClass.set(entry.getKey(), new ArrayList<>(1));
      }
      membersOfClass.get(entry.getKey()).add(new Member(endpoints.size(), entry.getValue()));
    }
    endpoints.add(endpoint);
    memberships.add(own);
  }

  private void workloads() {
    List<End.InPod> all = classes.endpoints();
    Map<Integer, Integer> likes = likeness.numbers(ofSplitWorkloads(all));
    int from = 0;
    while (from < all.size()) {
      int to = endOfWorkload(all, from);
      Workload workload = all.get(from).workload();
      Collection<List<Integer>> groups = groups(all, from, to, likes);
      for (List<Integer> group : groups) {
        List<Pod> pods = group.stream()
            .map(i -> all.get(i).pod())
            .flatMap(Optional::stream)
            .distinct()
            .toList();
        String id = id(workload);
        String own = groups.size() == 1 ? id : id + "[" + pods.get(0).name() + "]";
        Map<Integer, Integer> families = new LinkedHashMap<>();
        group.forEach(i ->
            families.merge(classes.classOf(i), families(all.get(i)), (some, more) -> some | more));
        add(new Endpoint.Pods(own, workload, pods), families);
      }
      from = to;
    }
  }

  private static int endOfWorkload(List<End.InPod> all, int from) {
    int to = from + 1;
    while (to < all.size() && all.get(to).workload() == all.get(from).workload()) {
      to++;
    }
    return to;
  }

  /** The classes of workloads that lie in more than one. */
  private ClassSet ofSplitWorkloads(List<End.InPod> all) {
    List<ClassSet> split = new ArrayList<>();
    int from = 0;
    while (from < all.size()) {
      int to = endOfWorkload(all, from);
      for (int i = from; i < to; i++) {
        if (classes.classOf(i) != classes.classOf(from)) {
          split.add(ClassSet.of(classes.classOf(i), classes.classOf(from)));
        }
      }
      from = to;
    }
    return ClassSet.union(split);
  }

  /** The endpoints of one workload, together if no family tells them apart, else by how their pods behave. */
  private Collection<List<Integer>> groups(
      List<End.InPod> all, int from, int to, Map<Integer, Integer> likes) {
    SortedSet<Long> whole = behaviour(all, from, to, likes);
    if (whole.size() == whole.stream().map(b -> b & ANY_FAMILY).distinct().count()) {
      return List.of(IntStream.range(from, to).boxed().toList());
    }
    Map<SortedSet<Long>, List<Integer>> groups = new LinkedHashMap<>();
    int first = from;
    while (first < to) {
      int end = first + 1;
      while (end < to && all.get(end).pod().equals(all.get(first).pod())) {
        end++;
      }
      groups
          .computeIfAbsent(behaviour(all, first, end, likes), b -> new ArrayList<>())
          .addAll(IntStream.range(first, end).boxed().toList());
      first = end;
    }
    return groups.values();
  }

  /** By family how these endpoints behave, as one number each. */
  private SortedSet<Long> behaviour(
      List<End.InPod> all, int from, int to, Map<Integer, Integer> likes) {
    SortedSet<Long> behaviour = new TreeSet<>();
    for (int i = from; i < to; i++) {
      long like = likes.getOrDefault(classes.classOf(i), 0);
      int families = families(all.get(i));
      for (int bit = 1; bit < ANY_FAMILY; bit <<= 1) {
        if ((families & bit) != 0) {
          behaviour.add((ANY_FAMILY + 1) * like + bit);
        }
      }
    }
    return behaviour;
  }

  private String id(Workload workload) {
    return names.of(workload);
  }

  /** Maximal ranges of addresses that no table tells apart, of the families that the manifests speak of. */
  private void ranges() {
    boolean[] cuts = likeness.cuts();
    Set<Family> families = families();
    int from = classes.inside();
    while (from < classes.size()) {
      AddressRange first = classes.range(from);
      int to = from + 1;
      while (to < classes.size() && !cuts[to] && classes.range(to).family() == first.family()) {
        to++;
      }
      if (families.contains(first.family())) {
        AddressRange whole =
            new AddressRange(first.first(), classes.range(to - 1).last());
        // Its classes are alike, so the first stands for all.
        add(new Endpoint.External(whole), Map.of(from, bit(first.family())));
      }
      from = to;
    }
  }

  /** The families of any address of a pod or a node, or that a policy mentions; IPv4 if there is none. */
  private Set<Family> families() {
    Set<Family> families = EnumSet.noneOf(Family.class);
    for (End.InPod end : classes.endpoints()) {
      end.address().ifPresent(address -> families.add(address.family()));
    }
    plan.cluster()
        .nodes()
        .forEach(node -> node.addresses().forEach(address -> families.add(address.family())));
    for (Policy policy : plan.cluster().policies()) {
      policy.rules().forEach(rule -> mentioned(rule, families));
    }
    if (families.isEmpty()) {
      families.add(Family.IPV4);
    }
    return families;
  }

  private static void mentioned(PolicyRule rule, Set<Family> families) {
    if (rule.peers() instanceof Peers.AnyOf any) {
      for (Peer peer : any.peers()) {
        if (peer instanceof Peer.IpBlock block) {
          families.add(block.cidr().family());
        } else if (peer instanceof Peer.Networks networks) {
          networks.cidrs().forEach(cidr -> families.add(cidr.family()));
        }
      }
    }
  }
}
