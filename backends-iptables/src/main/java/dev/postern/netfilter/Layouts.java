package dev.postern.netfilter;

import dev.postern.algebra.ClassSet;
import dev.postern.algebra.Region;
import dev.postern.backend.Refusal;
import dev.postern.backend.Scope;
import dev.postern.lowering.NodeAddresses;
import dev.postern.lowering.PeerAddresses;
import dev.postern.lowering.PeerNames;
import dev.postern.lowering.PolicedPods;
import dev.postern.lowering.Roles;
import dev.postern.meaning.End;
import dev.postern.net.Address;
import dev.postern.net.AddressRange;
import dev.postern.net.AddressSet;
import dev.postern.net.Family;
import dev.postern.net.Traffic;
import dev.postern.plan.Plan;
import dev.postern.policy.Direction;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/** Turns a plan and a scope into the layout of each family. */
public final class Layouts {

  /** Up to so many sets are asked one after the other; more become one lookup, so that the cost of a packet is bounded. */
  static final int LIST_LIMIT = 6;

  private final Plan plan;
  private final List<Role> roles = new ArrayList<>();
  private final PeerAddresses addresses;
  private final PeerNames peerNames;
  private final ContentName names = new ContentName();
  private final Map<String, PeerSet> sets = new HashMap<>();
  private final Map<Traffic, PeerOutcome> outcomes = new HashMap<>();
  private final PeerOutcome nothing;
  private final boolean sparing;

  /** Pods with one role. */
  private record Role(
      String name, Direction direction, Region allowed, List<Address> pods, int insideClass) {}

  /** @param sparing whether small sets are compared in rules, for there would be too many */
  private Layouts(Plan plan, PolicedPods policed, boolean sparing) {
    this.plan = plan;
    this.sparing = sparing;
    this.addresses = PeerAddresses.of(plan);
    this.nothing = outcome(Traffic.NONE);
    Roles all = Roles.of(plan);
    this.peerNames = new PeerNames(all);
    for (Direction direction : Direction.values()) {
      Map<Integer, String> known = new HashMap<>();
      for (PolicedPods.PodGroup group : policed.groups(direction)) {
        Map<String, Role> byName = new LinkedHashMap<>();
        for (End.InPod endpoint : group.endpoints()) {
          int number = plan.classes().classOf(endpoint);
          String name = known.computeIfAbsent(number, n -> all.of(n, direction));
          byName
              .computeIfAbsent(
                  name, n -> new Role(n, direction, group.allowed(), new ArrayList<>(), number))
              .pods()
              .add(endpoint.address().orElseThrow());
        }
        roles.addAll(byName.values());
      }
    }
    roles.forEach(
        role -> peerNames.add(role.insideClass(), role.direction(), role.name(), role.allowed()));
  }

  /**
   * The layouts of both families.
   *
   * @throws Refusal if addresses alone do not tell apart what the plan tells apart
   */
  public static Map<Family, Layout> of(Plan plan, Scope scope, PolicedPods.Unaddressed unaddressed)
      throws Refusal {
    PolicedPods policed = PolicedPods.of(plan, scope, unaddressed);
    refuseHosts(plan, policed);
    Map<Family, Layout> layouts = of(plan, policed, false);
    return layouts.values().stream().anyMatch(layout -> layout.sets().size() > PeerSet.MANY)
        ? of(plan, policed, true)
        : layouts;
  }

  /** What pods on the host network send is their node's own: it comes by rules that are written only where node traffic is policed. */
  private static void refuseHosts(Plan plan, PolicedPods policed) throws Refusal {
    if (!plan.options().nodeTrafficPasses()) {
      return;
    }
    List<String> hosts = Stream.of(Direction.values())
        .flatMap(direction -> policed.groups(direction).stream())
        .flatMap(group -> group.endpoints().stream())
        .filter(endpoint -> endpoint.workload().hostNetwork())
        .map(
            endpoint -> endpoint
                + ": it is on the host network, where its packets are its node's own, and policies select it"
                + " (police what pods and their nodes exchange as well, or read such pods as their nodes)")
        .distinct()
        .toList();
    if (!hosts.isEmpty()) {
      throw new Refusal(hosts);
    }
  }

  private static Map<Family, Layout> of(Plan plan, PolicedPods policed, boolean sparing)
      throws Refusal {
    Layouts layouts = new Layouts(plan, policed, sparing);
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
    AddressSet whole = AddressSet.all(family);
    // A direction has few distinct tables, which many roles share.
    Map<Region, List<PeerStep>> known = new IdentityHashMap<>();
    SortedMap<String, Group> groups = new TreeMap<>();
    for (Role role : roles) {
      List<Address> here =
          role.pods().stream().filter(address -> address.family() == family).toList();
      if (role.direction() != direction || here.isEmpty()) {
        continue;
      }
      List<PeerStep> steps = known.computeIfAbsent(role.allowed(), table -> steps(table, whole));
      if (!isOpen(steps)) {
        String name = names.of("role " + family + " " + role.name());
        String body = names.of(family + " " + direction + " "
            + String.join(" ", steps.stream().map(PeerStep::key).toList()));
        groups.put(name, new Group(direction, name, body, AddressSet.ofAddresses(here), steps));
      }
    }
    return List.copyOf(groups.values());
  }

  private static boolean isOpen(List<PeerStep> steps) {
    return steps.size() == 1
        && steps.get(0) instanceof PeerStep.Match match
        && match.peers().isEmpty()
        && match.outcome().passesAll();
  }

  /** Peers with an outcome. */
  private record Part(PeerSet peers, PeerOutcome outcome) {}

  /**
   * The decision on the peer. Either each part is its pods and its outside ranges; or, where a range holds pods of other parts, pods are
   * asked first and ranges are then used whole, so that they stay as they are when pods come and go.
   */
  private List<PeerStep> steps(Region allowed, AddressSet whole) {
    List<Region.Part> parts = allowed.parts().stream()
        .sorted(Comparator.comparing(part -> part.traffic().toString()))
        .toList();
    List<Part> exact = new ArrayList<>();
    List<Part> inside = new ArrayList<>();
    List<Part> outside = new ArrayList<>();
    boolean apart = true;
    for (Region.Part part : parts) {
      PeerOutcome outcome = outcome(part.traffic());
      AddressSet pods = addresses.inside(part.peers()).intersect(whole);
      AddressSet ranges = addresses.outside(part.peers()).intersect(whole);
      apart &= addresses.exactly(part.peers()).containsAll(ranges);
      String kind = ranges.isEmpty() ? "pods " : "pods and ranges ";
      add(exact, kind, part.peers(), pods.minus(ranges), ranges, outcome);
      add(inside, "pods ", part.peers(), pods, AddressSet.EMPTY, outcome);
      add(outside, "ranges ", part.peers(), AddressSet.EMPTY, ranges, outcome);
    }
    if (apart) {
      return list(exact, whole);
    }
    List<PeerStep> steps = new ArrayList<>(list(inside, whole));
    AddressSet pods = addresses.pods().intersect(whole);
    steps.add(new PeerStep.Match(
        Optional.of(set("all pods " + family(whole), pods, AddressSet.EMPTY)), nothing));
    steps.addAll(list(outside, whole));
    return steps;
  }

  private static Family family(AddressSet addresses) {
    return addresses.ranges().get(0).family();
  }

  private void add(
      List<Part> parts,
      String kind,
      ClassSet peers,
      AddressSet pods,
      AddressSet ranges,
      PeerOutcome outcome) {
    if (!pods.isEmpty() || !ranges.isEmpty()) {
      Family family = family(pods.isEmpty() ? ranges : pods);
      String meaning = kind + family + " " + peerNames.of(peers);
      parts.add(new Part(set(meaning, pods, ranges), outcome));
    }
  }

  private List<PeerStep> list(List<Part> parts, AddressSet whole) {
    if (parts.size() == 1 && parts.get(0).peers.addresses().equals(whole)) {
      return List.of(new PeerStep.Match(Optional.empty(), parts.get(0).outcome));
    }
    if (parts.size() <= LIST_LIMIT) {
      List<PeerStep> steps = new ArrayList<>();
      parts.forEach(part -> steps.add(new PeerStep.Match(Optional.of(part.peers), part.outcome)));
      return steps;
    }
    List<PeerStep.Lookup.Entry> entries = parts.stream()
        .map(part -> new PeerStep.Lookup.Entry(part.peers, part.outcome))
        .toList();
    return List.of(new PeerStep.Lookup(
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
    NodeAddresses nodes = NodeAddresses.of(plan);
    SortedMap<String, List<Address>> pods = new TreeMap<>();
    for (End.InPod endpoint : plan.classes().endpoints()) {
      Optional<String> node = endpoint.pod().flatMap(pod -> pod.node());
      if (node.isPresent() && endpoint.address().filter(local::contains).isPresent()) {
        pods.computeIfAbsent(node.get(), key -> new ArrayList<>())
            .add(endpoint.address().get());
      }
    }
    AddressSet whole = AddressSet.of(AddressRange.all(family));
    List<Layout.OwnNode> result = new ArrayList<>();
    pods.forEach((name, members) -> {
      AddressSet at = AddressSet.ofAddresses(nodes.of(name)).intersect(whole);
      AddressSet here = AddressSet.ofAddresses(members).intersect(whole);
      if (!at.isEmpty() && !here.isEmpty()) {
        result.add(new Layout.OwnNode(
            name,
            set("pods on node " + family + " " + name, here, AddressSet.EMPTY),
            set("node " + family + " " + name, at, AddressSet.EMPTY)));
      }
    });
    return result;
  }

  // --- shared values

  /** A set named by the kind of its members and what they mean. */
  private PeerSet set(String meaning, AddressSet pods, AddressSet ranges) {
    return sets.computeIfAbsent(meaning, key -> {
      Family family = family(pods.isEmpty() ? ranges : pods);
      boolean few = (sparing || pods.isEmpty()) && pods.union(ranges).cidrs().size() <= PeerSet.FEW;
      return new PeerSet(family, pods, ranges, names.of("set of " + key), few);
    });
  }

  private PeerOutcome outcome(Traffic traffic) {
    return outcomes.computeIfAbsent(
        traffic, key -> new PeerOutcome(key, names.of("traffic " + key)));
  }
}
