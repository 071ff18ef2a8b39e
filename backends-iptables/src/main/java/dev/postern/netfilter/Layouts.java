package dev.postern.netfilter;

import dev.postern.algebra.Region;
import dev.postern.cluster.Node;
import dev.postern.meaning.End;
import dev.postern.net.Address;
import dev.postern.net.AddressRange;
import dev.postern.net.AddressSet;
import dev.postern.net.Family;
import dev.postern.net.Traffic;
import dev.postern.plan.Plan;
import dev.postern.policy.Direction;
import dev.postern.target.PeerAddresses;
import dev.postern.target.Policed;
import dev.postern.target.Refusal;
import dev.postern.target.Scope;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** Turns a plan and a scope into the layout of each family. */
public final class Layouts {

  /** Up to so many sets are asked one after the other; more become one lookup, so that the cost of a packet is bounded. */
  static final int LIST_LIMIT = 6;

  private final Plan plan;
  private final Policed policed;
  private final PeerAddresses addresses;
  private final ContentName names = new ContentName();
  private final Map<AddressSet, PeerSet> sets = new HashMap<>();
  private final Map<Traffic, Outcome> outcomes = new HashMap<>();
  private final Outcome nothing;

  private Layouts(Plan plan, Policed policed) {
    this.plan = plan;
    this.policed = policed;
    this.addresses = PeerAddresses.of(plan);
    this.nothing = outcome(Traffic.NONE);
  }

  /**
   * The layouts of both families.
   *
   * @throws Refusal if addresses alone do not tell apart what the plan tells apart
   */
  public static Map<Family, Layout> of(Plan plan, Scope scope, Policed.Unaddressed unaddressed)
      throws Refusal {
    Policed policed = Policed.of(plan, scope, unaddressed);
    Layouts layouts = new Layouts(plan, policed);
    if (!layouts.addresses.conflicts().isEmpty()) {
      throw new Refusal(layouts.addresses.conflicts());
    }
    Map<Family, Layout> result = new EnumMap<>(Family.class);
    for (Family family : Family.values()) {
      result.put(family, layouts.layout(family));
    }
    return result;
  }

  private Layout layout(Family family) {
    List<Group> egress = groups(Direction.EGRESS, family);
    List<Group> ingress = groups(Direction.INGRESS, family);
    List<AddressRange> all = new ArrayList<>();
    egress.forEach(group -> all.addAll(group.pods().ranges()));
    ingress.forEach(group -> all.addAll(group.pods().ranges()));
    AddressSet local = new AddressSet(all);
    return new Layout(family, egress, ingress, local, ownNode(family, local));
  }

  // --- groups

  private List<Group> groups(Direction direction, Family family) {
    AddressSet whole = AddressSet.of(AddressRange.all(family));
    SortedMap<String, List<Step>> bodies = new TreeMap<>();
    Map<String, List<Address>> pods = new HashMap<>();
    for (Policed.Group group : policed.groups(direction)) {
      List<Address> here = group.endpoints().stream()
          .map(endpoint -> endpoint.address().orElseThrow())
          .filter(address -> address.family() == family)
          .toList();
      if (here.isEmpty()) {
        continue;
      }
      List<Step> steps = steps(group.allowed(), whole);
      if (isOpen(steps)) {
        continue;
      }
      String name = names.of(family + " " + direction + " "
          + String.join(" ", steps.stream().map(Step::key).toList()));
      bodies.put(name, steps);
      pods.computeIfAbsent(name, key -> new ArrayList<>()).addAll(here);
    }
    List<Group> groups = new ArrayList<>();
    bodies.forEach((name, steps) -> groups.add(new Group(
        direction,
        groups.size() + 1,
        name,
        AddressSet.ofAddresses(pods.getOrDefault(name, List.of())),
        steps)));
    return groups;
  }

  private static boolean isOpen(List<Step> steps) {
    return steps.size() == 1
        && steps.get(0) instanceof Step.Match match
        && match.peers().isEmpty()
        && match.outcome().passesAll();
  }

  /** Peers with an outcome, as addresses. */
  private record Part(AddressSet peers, Outcome outcome) {}

  /**
   * The decision on the peer. Either each part is its exact addresses; or, where cutting the pods out of outside ranges would take more
   * entries, pods are asked first and ranges are then used whole.
   */
  private List<Step> steps(Region allowed, AddressSet whole) {
    List<Part> inside = new ArrayList<>();
    List<Part> outside = new ArrayList<>();
    for (Region.Part part : allowed.parts()) {
      Outcome outcome = outcome(part.traffic());
      add(inside, addresses.inside(part.peers()).intersect(whole), outcome);
      add(outside, addresses.outside(part.peers()).intersect(whole), outcome);
    }
    if (outside.isEmpty()) {
      return list(inside, whole);
    }
    List<Part> exact = new ArrayList<>();
    for (Region.Part part : allowed.parts()) {
      add(exact, addresses.exactly(part.peers()).intersect(whole), outcome(part.traffic()));
    }
    if (size(exact) <= size(inside) + size(outside) + 1) {
      return list(exact, whole);
    }
    List<Step> steps = new ArrayList<>(list(inside, whole));
    steps.add(new Step.Match(Optional.of(set(addresses.pods().intersect(whole))), nothing));
    steps.addAll(list(outside, whole));
    return steps;
  }

  private static void add(List<Part> parts, AddressSet peers, Outcome outcome) {
    if (!peers.isEmpty()) {
      parts.add(new Part(peers, outcome));
    }
  }

  private static int size(List<Part> parts) {
    return parts.stream().mapToInt(part -> part.peers.ranges().size()).sum();
  }

  private List<Step> list(List<Part> parts, AddressSet whole) {
    if (parts.size() == 1 && parts.get(0).peers.equals(whole)) {
      return List.of(new Step.Match(Optional.empty(), parts.get(0).outcome));
    }
    if (parts.size() <= LIST_LIMIT) {
      List<Step> steps = new ArrayList<>();
      parts.forEach(part -> steps.add(new Step.Match(Optional.of(set(part.peers)), part.outcome)));
      return steps;
    }
    List<Step.Lookup.Entry> entries = parts.stream()
        .map(part -> new Step.Lookup.Entry(set(part.peers), part.outcome))
        .toList();
    return List.of(new Step.Lookup(
        names.of("lookup "
            + String.join(
                " ",
                entries.stream()
                    .map(e -> e.peers().name() + ">" + e.outcome().name())
                    .toList())),
        entries));
  }

  // --- who is exempt

  private List<Layout.OwnNode> ownNode(Family family, AddressSet local) {
    if (!plan.options().nodeTrafficPasses()) {
      return List.of();
    }
    Map<String, List<Address>> nodes = new HashMap<>();
    Map<String, List<Address>> pods = new LinkedHashMap<>();
    for (Node node : plan.cluster().nodes()) {
      put(nodes, node.name(), node.addresses());
    }
    for (End.InPod endpoint : plan.classes().endpoints()) {
      Optional<String> node = endpoint.pod().flatMap(pod -> pod.node());
      if (node.isPresent() && endpoint.address().isPresent()) {
        List<Address> address = List.of(endpoint.address().get());
        if (endpoint.workload().hostNetwork()) {
          put(nodes, node.get(), address);
        }
        if (local.contains(address.get(0))) {
          put(pods, node.get(), address);
        }
      }
    }
    AddressSet whole = AddressSet.of(AddressRange.all(family));
    List<Layout.OwnNode> result = new ArrayList<>();
    pods.forEach((name, members) -> {
      AddressSet at =
          AddressSet.ofAddresses(nodes.getOrDefault(name, List.of())).intersect(whole);
      AddressSet here = AddressSet.ofAddresses(members).intersect(whole);
      if (!at.isEmpty() && !here.isEmpty()) {
        result.add(new Layout.OwnNode(set(here), set(at)));
      }
    });
    return result;
  }

  private static void put(
      Map<String, List<Address>> map, String node, Collection<Address> addresses) {
    map.computeIfAbsent(node, key -> new ArrayList<>()).addAll(addresses);
  }

  // --- shared values

  private PeerSet set(AddressSet peers) {
    return sets.computeIfAbsent(
        peers,
        key -> new PeerSet(key.ranges().get(0).family(), key, names.of("set " + key.ranges())));
  }

  private Outcome outcome(Traffic traffic) {
    return outcomes.computeIfAbsent(traffic, key -> new Outcome(key, names.of("traffic " + key)));
  }
}
