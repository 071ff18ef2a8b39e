package dev.postern.aws;

import dev.postern.algebra.Region;
import dev.postern.aws.PodTries.Span;
import dev.postern.backend.Refusal;
import dev.postern.backend.Scope;
import dev.postern.lowering.PeerAddresses;
import dev.postern.lowering.PolicedPods;
import dev.postern.mapdump.PoliciesAtLimit;
import dev.postern.meaning.End;
import dev.postern.net.AddressRange;
import dev.postern.net.Family;
import dev.postern.net.Traffic;
import dev.postern.plan.Plan;
import dev.postern.policy.Direction;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/** What the agent's maps would hold for the pods of a plan. */
final class AwsState {

  private final Family family;
  private final SortedMap<String, PodDirection> sides = new TreeMap<>();
  private final SortedMap<String, PodTries> tries = new TreeMap<>();
  private final int distinct;

  private AwsState(Plan plan, Scope scope, PolicedPods policed) throws Refusal {
    this.family = family(plan);
    AddressPlaces places = AddressPlaces.of(plan, family);
    Map<Direction, Map<End.InPod, Region>> tables = tables(policed);
    Map<List<Object>, List<Span>> spans = new HashMap<>();
    // Equal spans are one object by now, and long.
    Map<List<Span>, PodTries> shared = new IdentityHashMap<>();
    Set<String> reasons = new LinkedHashSet<>();
    Map<String, End.InPod> names = new LinkedHashMap<>();
    for (int i = 0; i < plan.classes().endpoints().size(); i++) {
      End.InPod end = plan.classes().endpoints().get(i);
      if (end.address().isEmpty() || end.pod().filter(scope::contains).isEmpty()) {
        continue;
      }
      String name = end.workload().namespace() + "-" + end.pod().orElseThrow().name();
      if (!end.workload().hostNetwork() && names.putIfAbsent(name, end) != null) {
        reasons.add(names.get(name) + " and " + end + " would both have the files of " + name);
      }
      String node =
          plan.options().nodeTrafficPasses() ? end.pod().flatMap(p -> p.node()).orElse("") : "";
      for (Direction direction : Direction.values()) {
        Region allowed = tables.getOrDefault(direction, Map.of()).get(end);
        if (end.workload().hostNetwork()) {
          if (allowed != null) {
            reasons.add(end + " is on the host network and has no interface to be policed at");
          }
          continue;
        }
        PodDirection side = allowed == null
            ? new PodDirection(name, direction, false, List.of())
            : new PodDirection(
                name,
                direction,
                true,
                spans.computeIfAbsent(List.of(allowed, node), key -> spans(places, allowed, node)));
        List<String> limits = side.limits();
        if (limits.isEmpty()) {
          PodTries its = shared.computeIfAbsent(side.spans(), key -> side.tries(family));
          if (its.fullest() > PodDirection.CAPACITY) {
            limits.add(
                "needs " + its.fullest() + " prefixes, and a trie holds " + PodDirection.CAPACITY);
          }
          sides.put(side.name(PodDirection.Kind.OWN), side);
          tries.put(side.name(PodDirection.Kind.OWN), its);
        }
        int classNumber = plan.classes().classOf(i);
        limits.forEach(limit -> reasons.add(end + ": its "
            + direction.name().toLowerCase(Locale.ROOT) + " " + limit
            + PoliciesAtLimit.selecting(plan, classNumber)));
      }
    }
    if (!reasons.isEmpty()) {
      throw new Refusal(List.copyOf(reasons));
    }
    this.distinct = shared.size();
  }

  /**
   * The state of a plan.
   *
   * @throws Refusal if the layout cannot hold it exactly
   */
  static AwsState of(Plan plan, Scope scope, PolicedPods.Unaddressed unaddressed) throws Refusal {
    PolicedPods policed = PolicedPods.of(plan, scope, unaddressed);
    List<String> conflicts = PeerAddresses.of(plan).conflicts();
    if (!conflicts.isEmpty()) {
      throw new Refusal(conflicts);
    }
    return new AwsState(plan, scope, policed);
  }

  private static Family family(Plan plan) throws Refusal {
    Set<Family> families = new LinkedHashSet<>();
    plan.classes()
        .endpoints()
        .forEach(end -> end.address().ifPresent(address -> families.add(address.family())));
    if (families.size() > 1) {
      throw new Refusal(List.of(
          "its programs police one address family, and there are pods with addresses of both"));
    }
    return families.isEmpty() ? Family.IPV4 : families.iterator().next();
  }

  private static Map<Direction, Map<End.InPod, Region>> tables(PolicedPods policed) {
    Map<Direction, Map<End.InPod, Region>> tables = new HashMap<>();
    for (Direction direction : Direction.values()) {
      Map<End.InPod, Region> ofEnd = new HashMap<>();
      policed
          .groups(direction)
          .forEach(group -> group.endpoints().forEach(end -> ofEnd.put(end, group.allowed())));
      tables.put(direction, ofEnd);
    }
    return tables;
  }

  private static List<Span> spans(AddressPlaces places, Region allowed, String node) {
    List<Span> spans = new ArrayList<>();
    places.forEach(place -> {
      boolean own = !node.isEmpty() && place.nodes().contains(node);
      Traffic traffic = own ? Traffic.ALL : allowed.traffic(place.classNumber());
      int last = spans.size() - 1;
      // Most neighbours are alike: what they share is one span.
      if (last >= 0 && spans.get(last).traffic().equals(traffic)) {
        AddressRange whole =
            new AddressRange(spans.get(last).addresses().first(), place.range().last());
        spans.set(last, new Span(whole, traffic));
      } else {
        spans.add(new Span(place.range(), traffic));
      }
    });
    return List.copyOf(spans);
  }

  Family family() {
    return family;
  }

  /** The sides of pods, by the name of their trie. */
  SortedMap<String, PodDirection> sides() {
    return sides;
  }

  /** A side's maps. */
  PodTries tries(PodDirection side) {
    return tries.getOrDefault(side.name(PodDirection.Kind.OWN), PodTries.OPEN);
  }

  String summary() {
    long own = tries.values().stream().mapToLong(t -> t.own().size()).sum();
    long cluster = tries.values().stream().mapToLong(t -> t.cluster().size()).sum();
    return """
        target                      aws
        pods                        %d
        maps                        %d
        entries                     %d of %d bytes each, and %d of %d for cluster policies
          fullest trie              %d of %d
          if equal tries were shared %d tries
        look-ups for a new packet   conntrack twice, pod states, cluster policies, then 1 trie at each policed end, and up to %d slots
        %s""".formatted(
            sides.size() / 2,
            3 * sides.size(),
            own,
            AwsLayout.keySize(family) + AwsLayout.VALUE,
            cluster,
            AwsLayout.keySize(family) + AwsLayout.CLUSTER_VALUE,
            tries.values().stream().mapToInt(PodTries::fullest).max().orElse(0),
            PodDirection.CAPACITY,
            distinct,
            AwsLayout.SLOTS,
            family == Family.IPV6
                ? "not policed                 ICMPv6: the agent's program lets all of it pass\n"
                : "");
  }
}
