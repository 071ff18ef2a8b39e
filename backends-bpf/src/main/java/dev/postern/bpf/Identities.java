package dev.postern.bpf;

import dev.postern.bpf.Layout.Identity;
import dev.postern.cluster.Node;
import dev.postern.mapdump.Treatments;
import dev.postern.meaning.End;
import dev.postern.net.Address;
import dev.postern.net.AddressRange;
import dev.postern.net.Cidr;
import dev.postern.plan.Classes;
import dev.postern.plan.Plan;
import dev.postern.policy.Direction;
import dev.postern.target.PeerAddresses;
import dev.postern.target.Policed;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Gives every address an identity. Classes that no group's table tells apart share a number, so that policies need few entries, however many
 * classes the plan has.
 */
final class Identities {

  private final Plan plan;
  private final Policed policed;
  private final Treatments treatments;
  private final Map<String, Integer> nodes = new HashMap<>();

  Identities(Plan plan, Policed policed) {
    this.plan = plan;
    this.policed = policed;
    this.treatments = Treatments.of(plan, policed);
    SortedSet<String> names = new TreeSet<>();
    plan.cluster().nodes().forEach(node -> names.add(node.name()));
    plan.classes()
        .endpoints()
        .forEach(end -> end.pod().flatMap(pod -> pod.node()).ifPresent(names::add));
    names.forEach(name -> nodes.put(name, nodes.size() + 1));
  }

  /** How many numbers there are. */
  int count() {
    return treatments.count();
  }

  /** The number of a class, 1..count. */
  int number(int classNumber) {
    return treatments.of(classNumber) + 1;
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
    PeerAddresses addresses = PeerAddresses.of(plan);
    for (Node node : plan.cluster().nodes()) {
      for (Address address : node.addresses()) {
        int number = number(addresses.classOf(address));
        entries.put(Cidr.of(address), new Identity(number, 0, 0, node(node.name(), true)));
      }
    }
    pods(entries);
    return entries;
  }

  private void pods(Map<Cidr, Identity> entries) {
    Map<End.InPod, Integer> egress = groupOf(Direction.EGRESS);
    Map<End.InPod, Integer> ingress = groupOf(Direction.INGRESS);
    Classes classes = plan.classes();
    for (int i = 0; i < classes.endpoints().size(); i++) {
      End.InPod end = classes.endpoints().get(i);
      int number = number(classes.classOf(i));
      if (end.address().isPresent()) {
        int node = end.pod()
            .flatMap(pod -> pod.node())
            .map(name -> node(name, end.workload().hostNetwork()))
            .orElse(0);
        Identity identity =
            new Identity(number, egress.getOrDefault(end, 0), ingress.getOrDefault(end, 0), node);
        entries.put(Cidr.of(end.address().get()), identity);
      }
    }
  }

  private int node(String name, boolean itself) {
    return plan.options().nodeTrafficPasses() ? nodes.get(name) | (itself ? Layout.IS_NODE : 0) : 0;
  }

  private Map<End.InPod, Integer> groupOf(Direction direction) {
    Map<End.InPod, Integer> groups = new HashMap<>();
    List<Policed.Group> all = policed.groups(direction);
    for (int i = 0; i < all.size(); i++) {
      for (End.InPod end : all.get(i).endpoints()) {
        groups.put(end, i + 1);
      }
    }
    return groups;
  }
}
