package dev.postern.prove;

import dev.postern.cluster.Cluster;
import dev.postern.cluster.Node;
import dev.postern.cluster.Pod;
import dev.postern.cluster.Workload;
import dev.postern.enforced.Contract;
import dev.postern.enforced.EnforcedRules;
import dev.postern.enforced.RuleAction;
import dev.postern.meaning.End;
import dev.postern.net.Address;
import dev.postern.net.AddressRange;
import dev.postern.net.AddressSet;
import dev.postern.net.Family;
import dev.postern.policy.Direction;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;

/** What questions about one family have in common: who has which addresses, read straight from a claim's cluster. For all threads. */
final class ProofContext {

  final Claim claim;
  final Family family;
  final UserSpace userSpace;
  final List<RuleAction.Queue> queues;
  /** Addresses whose packets are not judged. */
  final AddressSet ambiguous;
  /** The policed addresses of each workload that has any. */
  final Map<Workload, AddressSet> policed = new LinkedHashMap<>();

  final AddressSet allPoliced;
  final GuardedJumps guards;
  final Interfaces interfaces;
  final PolicyTerms.Memory memory;
  final List<String> inNames;
  final List<String> outNames;
  private final Map<Set<Direction>, RelevantRules> relevant = new ConcurrentHashMap<>();
  private final Map<Address, List<End.InPod>> pods = new HashMap<>();
  private final NavigableMap<Address, Set<Workload>> policedAt = new TreeMap<>();
  /** The addresses of the policed pods on each node, and of each node itself; empty where their traffic is not exempt. */
  private final Map<String, AddressSet> onNode = new TreeMap<>();

  private final Map<String, AddressSet> ofNode = new TreeMap<>();
  private final NavigableMap<Address, Set<String>> nodesAt = new TreeMap<>();

  ProofContext(Claim claim, Family family, MentionedSets mentioned, Set<Address> ambiguous) {
    this(claim, family, mentioned, ambiguous, UserSpace.RIGHT);
  }

  ProofContext(
      Claim claim,
      Family family,
      MentionedSets mentioned,
      Set<Address> ambiguous,
      UserSpace userSpace) {
    this(claim, family, mentioned, ambiguous, userSpace, jump -> false);
  }

  /** @param acceptsNone what is known of jumps, see {@link GuardedJumps} */
  ProofContext(
      Claim claim,
      Family family,
      MentionedSets mentioned,
      Set<Address> ambiguous,
      UserSpace userSpace,
      Predicate<EnforcedRules.EnforcedRule> acceptsNone) {
    this.claim = claim;
    this.userSpace = userSpace;
    this.queues = claim.rules().queues();
    this.family = family;
    this.interfaces = new Interfaces(claim.contract(), mentioned, family);
    this.ambiguous = AddressSet.ofAddresses(ambiguous);
    this.inNames = names(interfaces.in);
    this.outNames = names(interfaces.out);
    Cluster cluster = claim.plan().cluster();
    for (Workload workload : cluster.workloads()) {
      List<Address> here = new ArrayList<>();
      for (Pod pod : workload.pods()) {
        for (Address address : pod.addresses()) {
          End.InPod end =
              new End.InPod(workload, java.util.Optional.of(pod), java.util.Optional.of(address));
          pods.computeIfAbsent(address, a -> new ArrayList<>(1)).add(end);
          if (address.family() == family && isPoliced(end)) {
            here.add(address);
            policedAt.computeIfAbsent(address, a -> new LinkedHashSet<>(2)).add(workload);
          }
        }
      }
      if (!here.isEmpty()) {
        policed.put(workload, AddressSet.ofAddresses(here));
      }
    }
    this.allPoliced = new AddressSet(
        policed.values().stream().flatMap(s -> s.ranges().stream()).toList());
    this.guards = new GuardedJumps(claim.rules(), allPoliced, acceptsNone);
    this.memory = new PolicyTerms.Memory(cluster);
    if (claim.plan().options().nodeTrafficPasses()) {
      findNodes(cluster);
    }
  }

  private boolean isPoliced(End.InPod end) {
    return AddressClasses.isPoliced(end, claim.plan().options(), claim.scope());
  }

  private List<String> names(List<String> unbound) {
    Set<String> all = new LinkedHashSet<>(unbound);
    claim.contract().interfaces().stream().map(Contract.Binding::name).forEach(all::add);
    claim.contract().routing().leaving().stream().map(Contract.Binding::name).forEach(all::add);
    return List.copyOf(all);
  }

  private void findNodes(Cluster cluster) {
    Map<String, List<Address>> on = new TreeMap<>();
    Map<String, List<Address>> of = new TreeMap<>();
    pods.forEach((address, ends) ->
        ends.forEach(end -> end.pod().flatMap(Pod::node).ifPresent(node -> {
          if (isPoliced(end)) {
            on.computeIfAbsent(node, n -> new ArrayList<>()).add(address);
          }
          if (end.workload().hostNetwork()) {
            of.computeIfAbsent(node, n -> new ArrayList<>()).add(address);
          }
        })));
    for (Node node : cluster.nodes()) {
      node.addresses().stream()
          .filter(address -> !pods.containsKey(address))
          .forEach(
              address -> of.computeIfAbsent(node.name(), n -> new ArrayList<>()).add(address));
    }
    on.keySet().retainAll(of.keySet());
    on.forEach((node, addresses) -> {
      AddressSet here = AddressSet.ofAddresses(addresses).in(family);
      AddressSet there =
          AddressSet.ofAddresses(of.getOrDefault(node, List.of())).in(family);
      if (!here.isEmpty() && !there.isEmpty()) {
        onNode.put(node, here);
        ofNode.put(node, there);
        addresses.forEach(address ->
            nodesAt.computeIfAbsent(address, a -> new LinkedHashSet<>(2)).add(node));
        of.getOrDefault(node, List.of())
            .forEach(address ->
                nodesAt.computeIfAbsent(address, a -> new LinkedHashSet<>(2)).add(node));
      }
    });
  }

  /** The rules that matter to questions about the policies of some sides. */
  RelevantRules relevant(Set<Direction> sides) {
    return relevant.computeIfAbsent(
        sides,
        s -> new RelevantRules(claim.rules(), guards::isQuiet, rule -> guards.seenFrom(s, rule)));
  }

  /** The pods that have an address. */
  List<End.InPod> podsAt(Address address) {
    return pods.getOrDefault(address, List.of());
  }

  /** The workloads that have policed addresses among these. */
  Set<Workload> policedIn(AddressSet addresses) {
    return addresses.equals(AddressSet.ALL.in(family))
        ? policed.keySet()
        : in(policedAt, addresses);
  }

  /** The nodes that pods at some of these addresses are exempt with, or that have one of these addresses themselves. */
  Set<String> nodesIn(AddressSet addresses) {
    return addresses.equals(AddressSet.ALL.in(family)) ? onNode.keySet() : in(nodesAt, addresses);
  }

  private static <T> Set<T> in(NavigableMap<Address, Set<T>> map, AddressSet addresses) {
    Set<T> found = new LinkedHashSet<>();
    for (AddressRange range : addresses.ranges()) {
      map.subMap(range.first(), true, range.last(), true).values().forEach(found::addAll);
    }
    return found;
  }

  /** The addresses of the policed pods on a node. */
  AddressSet on(String node) {
    return onNode.getOrDefault(node, AddressSet.EMPTY);
  }

  /** The addresses of a node itself. */
  AddressSet of(String node) {
    return ofNode.getOrDefault(node, AddressSet.EMPTY);
  }
}
