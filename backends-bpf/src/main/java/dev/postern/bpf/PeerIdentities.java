package dev.postern.bpf;

import dev.postern.bpf.MapLayout.Identity;
import dev.postern.lowering.NodeAddresses;
import dev.postern.lowering.PeerAddresses;
import dev.postern.lowering.PolicedPods;
import dev.postern.mapdump.StableNumbers;
import dev.postern.mapdump.Treatments;
import dev.postern.meaning.End;
import dev.postern.net.Address;
import dev.postern.net.AddressRange;
import dev.postern.net.Cidr;
import dev.postern.plan.Classes;
import dev.postern.plan.Plan;
import dev.postern.policy.Direction;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Gives every address an identity. Classes that no group's table tells apart share a number, so that policies need few entries, however many
 * classes the plan has. Numbers come from digests of the first address and the first pod, so that others keep theirs when something comes or
 * goes.
 */
final class PeerIdentities {

  /** Of pods without a known address. */
  static final int NOBODY = 0;

  private final Plan plan;
  private final PolicedPods policed;
  private final Treatments treatments;
  private final PeerAddresses addresses;
  private final int[] numbers;
  private final Map<Direction, List<Integer>> groups = new EnumMap<>(Direction.class);
  private final Map<String, Integer> nodes;

  PeerIdentities(Plan plan, PolicedPods policed) {
    this.plan = plan;
    this.policed = policed;
    this.treatments = Treatments.of(plan, policed);
    this.addresses = PeerAddresses.of(plan);
    this.numbers = numbers();
    for (Direction direction : Direction.values()) {
      List<String> names = policed.groups(direction).stream()
          .map(group -> direction + " " + group.endpoints().get(0))
          .toList();
      Map<String, Integer> numberOf = StableNumbers.of(names, 1, Integer.MAX_VALUE);
      groups.put(
          direction, names.stream().map(name -> numberOf.getOrDefault(name, 0)).toList());
    }
    SortedSet<String> names = new TreeSet<>();
    plan.cluster().nodes().forEach(node -> names.add(node.name()));
    plan.classes()
        .endpoints()
        .forEach(end -> end.pod().flatMap(pod -> pod.node()).ifPresent(names::add));
    this.nodes = StableNumbers.of(names, 1, Integer.MAX_VALUE);
  }

  /** The number of each treatment, after the first address that is treated so. */
  private int[] numbers() {
    @Nullable String[] first = new String[treatments.count()];
    Classes classes = plan.classes();
    for (int i = 0; i < classes.endpoints().size(); i++) {
      Optional<Address> address = classes.endpoints().get(i).address();
      int treatment = treatments.of(classes.classOf(i));
      if (address.isPresent() && first[treatment] == null) {
        first[treatment] = address.get().toString();
      }
    }
    for (int number = classes.inside(); number < classes.size(); number++) {
      int treatment = treatments.of(number);
      if (first[treatment] == null) {
        first[treatment] = classes.range(number).toString();
      }
    }
    Map<String, Integer> numberOf = StableNumbers.of(
        Arrays.stream(first).filter(Objects::nonNull).toList(), 1, Integer.MAX_VALUE);
    return Arrays.stream(first)
        .mapToInt(name -> numberOf.getOrDefault(name, NOBODY))
        .toArray();
  }

  /** How many identities there are. */
  int count() {
    return numbers.length;
  }

  /** The place of a class's identity among all, from 0. */
  int index(int classNumber) {
    return treatments.of(classNumber);
  }

  /** The number of the identity at a place, from 1; or {@link #NOBODY} if no address has it. */
  int numberAt(int index) {
    return numbers[index];
  }

  /** The number of a direction's group, from 1, by its place among them. */
  int group(Direction direction, int index) {
    return groups.getOrDefault(direction, List.of()).get(index);
  }

  private int number(int classNumber) {
    return numbers[treatments.of(classNumber)];
  }

  /** Every address with its identity, by longest prefix: pods and nodes one by one, the ranges outside as networks. */
  SortedMap<Cidr, Identity> entries() {
    Classes classes = plan.classes();
    SortedMap<Cidr, Identity> entries = new TreeMap<>();
    int from = classes.inside();
    while (from < classes.size()) {
      AddressRange first = classes.range(from);
      int to = from;
      while (to + 1 < classes.size()
          && number(to + 1) == number(from)
          && classes.range(to + 1).family() == first.family()) {
        to++;
      }
      Identity identity = new Identity(number(from), 0, 0, 0);
      new AddressRange(first.first(), classes.range(to).last())
          .cidrs()
          .forEach(cidr -> entries.put(cidr, identity));
      from = to + 1;
    }
    NodeAddresses nodes = NodeAddresses.of(plan);
    nodes
        .nodesAt()
        .forEach((address, names) -> names.forEach(name -> {
          int number = number(addresses.classOf(address));
          entries.put(Cidr.of(address), new Identity(number, 0, 0, node(name, true)));
        }));
    pods(entries, nodes);
    return entries;
  }

  private void pods(Map<Cidr, Identity> entries, NodeAddresses nodes) {
    Map<End.InPod, Integer> egress = groupOf(Direction.EGRESS);
    Map<End.InPod, Integer> ingress = groupOf(Direction.INGRESS);
    Classes classes = plan.classes();
    for (int i = 0; i < classes.endpoints().size(); i++) {
      End.InPod end = classes.endpoints().get(i);
      int number = number(classes.classOf(i));
      if (end.address().isPresent()) {
        int node = end.pod()
            .flatMap(pod -> pod.node())
            .or(() ->
                nodes
                    .nodesAt()
                    .getOrDefault(end.address().get(), Collections.emptySortedSet())
                    .stream()
                    .findFirst()
                    .filter(name -> end.workload().hostNetwork()))
            .map(name -> node(name, end.workload().hostNetwork()))
            .orElse(0);
        Identity identity =
            new Identity(number, egress.getOrDefault(end, 0), ingress.getOrDefault(end, 0), node);
        entries.put(Cidr.of(end.address().get()), identity);
      }
    }
  }

  private int node(String name, boolean itself) {
    return plan.options().nodeTrafficPasses()
        ? nodes.getOrDefault(name, 0) | (itself ? MapLayout.IS_NODE : 0)
        : 0;
  }

  private Map<End.InPod, Integer> groupOf(Direction direction) {
    Map<End.InPod, Integer> groupOf = new HashMap<>();
    List<PolicedPods.PodGroup> all = policed.groups(direction);
    for (int i = 0; i < all.size(); i++) {
      for (End.InPod end : all.get(i).endpoints()) {
        groupOf.put(end, group(direction, i));
      }
    }
    return groupOf;
  }
}
