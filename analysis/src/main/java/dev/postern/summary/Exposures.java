package dev.postern.summary;

import dev.postern.cluster.Cluster;
import dev.postern.cluster.Pod;
import dev.postern.meaning.End;
import dev.postern.meaning.PoliciesBySubject;
import dev.postern.net.Family;
import dev.postern.plan.Plan;
import dev.postern.policy.Direction;
import dev.postern.policy.Policy;
import dev.postern.policy.PolicyKind;
import dev.postern.reach.Connectivity;
import dev.postern.reach.Endpoint;
import dev.postern.reach.NaturalOrder;
import dev.postern.reach.Reach;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** How exposed every workload is, the most exposed first, by what the matrix says. */
public final class Exposures {

  private final PoliciesBySubject subjects;
  private final Plan plan;
  private final List<Endpoint> endpoints;
  private final EndpointGroups groups;
  /** Reaches by their numbers, which are quicker to look up than what they say. */
  private final List<Reach> reaches = new ArrayList<>();

  private final List<Map<Integer, BitSet>> into = new ArrayList<>();
  private final List<Map<Integer, BitSet>> outOf = new ArrayList<>();
  private final Map<Object, Integer> firstOf = new IdentityHashMap<>();
  private final Map<Integer, List<Policy>> selecting = new HashMap<>();

  private Exposures(Plan plan, Connectivity matrix) {
    Cluster cluster = matrix.cluster();
    this.plan = plan;
    this.endpoints = matrix.endpoints();
    this.subjects = PoliciesBySubject.of(cluster);
    this.groups = new EndpointGroups(cluster, endpoints, EndpointGroups.outside(endpoints));
    endpoints.forEach(endpoint -> {
      into.add(new LinkedHashMap<>());
      outOf.add(new LinkedHashMap<>());
    });
    Pairs pairs = new Pairs();
    matrix.forEachPlaced(pairs);
    List<End.InPod> all = plan.classes().endpoints();
    for (int i = 0; i < all.size(); i++) {
      firstOf.putIfAbsent(all.get(i).workload(), i);
    }
  }

  /** Sorts the pairs by what passes; of most of them it is what passed in the one before. */
  private final class Pairs implements Connectivity.PlacedPairs {

    private final Map<Reach, Integer> numbers = new HashMap<>();
    private Reach last = Reach.NOTHING;
    private int number = -1;

    @Override
    public void take(int source, int destination, Reach reach) {
      if (reach != last) {
        last = reach;
        number = numbers.computeIfAbsent(reach, this::added);
      }
      if (endpoints.get(source) instanceof Endpoint.Pods) {
        add(outOf.get(source), number, destination);
      }
      if (endpoints.get(destination) instanceof Endpoint.Pods) {
        add(into.get(destination), number, source);
      }
    }

    private int added(Reach reach) {
      reaches.add(reach);
      return reaches.size() - 1;
    }
  }

  private static void add(Map<Integer, BitSet> peers, int reach, int place) {
    peers.computeIfAbsent(reach, each -> new BitSet()).set(place);
  }

  /** The exposure of every workload of a matrix. */
  public static List<Exposure> of(Plan plan, Connectivity matrix) {
    Exposures exposures = new Exposures(plan, matrix);
    List<Exposure> all = new ArrayList<>();
    for (int place = 0; place < exposures.endpoints.size(); place++) {
      if (exposures.endpoints.get(place) instanceof Endpoint.Pods pods) {
        all.add(exposures.exposure(pods, place));
      }
    }
    all.sort(Comparator.comparing((Exposure each) -> each.ingress().reach())
        .thenComparing(each -> each.egress().reach())
        .thenComparing(each -> each.pods().id(), NaturalOrder.BY_NUMBERS));
    return all;
  }

  private Exposure exposure(Endpoint.Pods pods, int place) {
    int number = classOf(pods);
    return new Exposure(
        pods,
        side(pods, place, number, Direction.INGRESS),
        side(pods, place, number, Direction.EGRESS),
        selecting.computeIfAbsent(number, this::policies));
  }

  /** Policies select by labels, which the pods of an endpoint share. */
  private int classOf(Endpoint.Pods pods) {
    List<End.InPod> all = plan.classes().endpoints();
    for (int i = firstOf.get(pods.workload());
        i < all.size() && all.get(i).workload() == pods.workload();
        i++) {
      if (all.get(i).pod().isEmpty() || pods.pods().contains(all.get(i).pod().get())) {
        return plan.classes().classOf(i);
      }
    }
    throw new IllegalStateException("no pod of " + pods);
  }

  private List<Policy> policies(int number) {
    return subjects.in(plan.classes().representative(number).workload().namespace()).stream()
        .filter(policy ->
            policy.kind() != PolicyKind.UNDETERMINED && plan.targets(policy).contains(number))
        .toList();
  }

  private Exposure.ExposedSide side(
      Endpoint.Pods pods, int place, int number, Direction direction) {
    Map<Integer, BitSet> byReach = (direction == Direction.INGRESS ? into : outOf).get(place);
    BitSet itself = new BitSet();
    itself.set(place);
    BitSet everyone = new BitSet();
    List<Exposure.PeerTraffic> peers = new ArrayList<>();
    byReach.forEach((each, places) -> {
      Reach reach = reaches.get(each);
      everyone.or(places);
      peers.add(new Exposure.PeerTraffic(
          groups.phrases(places, itself), reach.allowed(), reach.possible()));
    });
    return new Exposure.ExposedSide(
        plan.isolated(direction).contains(number), reach(pods, everyone, itself), peers);
  }

  /** The families that pods may speak: those of their addresses, and any where one has none that is known. */
  private static Set<Family> families(Endpoint.Pods pods) {
    Set<Family> families = EnumSet.noneOf(Family.class);
    for (Pod pod : pods.pods()) {
      if (pod.addresses().isEmpty()) {
        return EnumSet.allOf(Family.class);
      }
      pod.addresses().forEach(address -> families.add(address.family()));
    }
    return families.isEmpty() ? EnumSet.allOf(Family.class) : families;
  }

  private Exposure.Openness reach(Endpoint.Pods pods, BitSet peers, BitSet itself) {
    if (groups.isEverythingOutside(peers, families(pods))) {
      return Exposure.Openness.INTERNET;
    }
    if (!groups.isPodsAlone(peers)) {
      return Exposure.Openness.OUTSIDE;
    }
    if (groups.isEveryPod(peers, itself)) {
      return Exposure.Openness.CLUSTER;
    }
    if (peers.isEmpty()) {
      return Exposure.Openness.NOBODY;
    }
    String own = pods.workload().namespace();
    return peers.stream()
            .allMatch(place ->
                ((Endpoint.Pods) endpoints.get(place)).workload().namespace().equals(own))
        ? Exposure.Openness.NAMESPACE
        : Exposure.Openness.NAMESPACES;
  }
}
