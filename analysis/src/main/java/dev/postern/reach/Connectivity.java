package dev.postern.reach;

import dev.postern.cluster.Cluster;
import dev.postern.cluster.Workload;
import dev.postern.meaning.End;
import dev.postern.meaning.Options;
import dev.postern.net.AddressSet;
import dev.postern.net.Traffic;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Who may reach whom, workload by workload: a workload's pods are one endpoint as long as they behave alike, and addresses outside are the
 * longest ranges that no policy tells apart. Traffic between two endpoints passes over either family that both have; what does not pass is
 * what does not over one of them, and {@link #notes} say where that differs. An endpoint's reach to
 * itself is not in it. What a pod exchanges with its own node passes whatever policies say: all traffic, where all pods of both endpoints are
 * on one node; what policies deny may pass where some are, or may be for all that the manifests say. The addresses of nodes are told from
 * others in the same range only where the matrix is narrowed to them.
 */
public final class Connectivity {

  private final Reachability reachability;
  private final Endpoints endpoints;
  private final List<Endpoint> all;
  private final OwnNodes ownNodes;
  private final View view;

  /** What of the matrix is shown: who as source and as destination, with what, and whether it is what passes or what does not. */
  private record View(
      NarrowedEndpoints sources, NarrowedEndpoints destinations, Traffic traffic, boolean denied) {

    static final View EVERYTHING =
        new View(NarrowedEndpoints.EVERYONE, NarrowedEndpoints.EVERYONE, Traffic.ALL, false);

    boolean isWhole() {
      return sources.isEveryone() && destinations.isEveryone() && traffic.isAll() && !denied;
    }

    /** Whether addresses of nodes are wanted by themselves, of which the ranges that hold them say nothing. */
    boolean isCut() {
      return sources.isCut() || destinations.isCut();
    }

    /** Of what passes between two endpoints, or does not. */
    Reach of(Reach reach) {
      return denied
          ? new Reach(traffic.minus(reach.possible()), traffic.minus(reach.allowed()))
          : new Reach(traffic.intersect(reach.allowed()), traffic.intersect(reach.possible()));
    }
  }

  private Connectivity(
      Reachability reachability, Endpoints endpoints, List<Endpoint> all, View view) {
    this.reachability = reachability;
    this.endpoints = endpoints;
    this.all = all;
    this.ownNodes = new OwnNodes(
        all,
        reachability.plan().cluster().nodes(),
        reachability.plan().options().nodeTrafficPasses());
    this.view = view;
  }

  public static Connectivity of(Reachability reachability) {
    Endpoints endpoints = new Endpoints(reachability.plan());
    List<Endpoint> withController = new ArrayList<>(endpoints.endpoints());
    if (needsController(reachability.plan().cluster())) {
      withController.add(new Endpoint.IngressController());
    }
    return new Connectivity(reachability, endpoints, List.copyOf(withController), View.EVERYTHING);
  }

  /** The same matrix narrowed to some sources, some destinations, and traffic; of a range outside only the addresses that are wanted are shown. */
  public Connectivity narrowed(
      EndpointSelection sources, EndpointSelection destinations, Traffic traffic) {
    Map<String, Endpoint> known = new HashMap<>();
    return new Connectivity(
        reachability,
        endpoints,
        all,
        new View(
            NarrowedEndpoints.of(all, sources, ownNodes.addresses(), known),
            NarrowedEndpoints.of(all, destinations, ownNodes.addresses(), known),
            traffic,
            view.denied()));
  }

  /** The same pairs with what does not pass, in place of what does: certain is what passes in no case. */
  public Connectivity denied() {
    return new Connectivity(
        reachability,
        endpoints,
        all,
        new View(view.sources(), view.destinations(), view.traffic(), true));
  }

  /** All endpoints, also those that this is narrowed from. */
  public List<Endpoint> everyone() {
    return all;
  }

  /** Whether this shows what does not pass. */
  public boolean showsDenied() {
    return view.denied();
  }

  /** The traffic that this is about. */
  public Traffic traffic() {
    return view.traffic();
  }

  /** The cluster that this is about, with what is left open among its policies. */
  public Cluster cluster() {
    return reachability.plan().cluster();
  }

  /** What there is to know besides: policies that are not read, and pods of which it is not known where they run or which address they have. */
  public List<String> notes() {
    List<String> notes = new ArrayList<>(NotRead.notes(cluster()));
    notes.addAll(ofPods());
    return notes;
  }

  /** What is not known of pods, if that matters: where they run, which address they have. */
  public List<String> ofPods() {
    Options options = reachability.plan().options();
    return Stream.of(
            Unplaced.note(workloads(), options, Unplaced.Treatment.PERHAPS),
            WithoutAddress.note(workloads(), cluster().policies().stream(), options),
            ofNodesInRanges(),
            ofFamilies())
        .flatMap(Optional::stream)
        .toList();
  }

  /** That ranges of addresses do not show what a pod exchanges with its own node, if they hold addresses of nodes. */
  private Optional<String> ofNodesInRanges() {
    AddressSet nodes = ownNodes.addresses();
    return cluster().policies().isEmpty() || nodes.isEmpty()
        ? Optional.empty()
        : endpoints().stream()
            .filter(endpoint -> endpoint instanceof Endpoint.External external
                && !external.range().first().equals(external.range().last()))
            .map(endpoint -> nodes.intersect(AddressSet.of(((Endpoint.External) endpoint).range())))
            .filter(held -> !held.isEmpty())
            .map(
                held -> "ranges of addresses hold those of nodes, such as "
                    + held.ranges().get(0).first()
                    + "; what a pod exchanges with its own node passes whatever policies say, which only the addresses of nodes by themselves show")
            .findFirst();
  }

  /** That one family passes where the other does not, which a pair of the matrix does not show. */
  private Optional<String> ofFamilies() {
    EndpointRows rows = rows();
    Traffic wanted = view.traffic();
    for (int source = 0; source < endpoints.inside(); source++) {
      if (!view.sources().of(all.get(source)).isEmpty()) {
        OptionalInt place = rows.firstThatFamiliesTellApart(
            source,
            (to, one, other) ->
                !view.destinations().of(all.get(to)).isEmpty() && differ(wanted, one, other));
        if (place.isPresent()) {
          return Optional.of("what passes over one IP family and not over the other is listed as "
              + (view.denied() ? "denied" : "passing") + ", such as from "
              + all.get(source).id()
              + " to " + all.get(place.getAsInt()).id());
        }
      }
    }
    return Optional.empty();
  }

  private static boolean differ(Traffic wanted, Reach one, Reach other) {
    return !wanted.intersect(one.allowed()).equals(wanted.intersect(other.allowed()))
        || !wanted.intersect(one.possible()).equals(wanted.intersect(other.possible()));
  }

  private Stream<Workload> workloads() {
    return endpoints().stream()
        .filter(Endpoint.Pods.class::isInstance)
        .map(endpoint -> ((Endpoint.Pods) endpoint).workload());
  }

  /** Whether ways in lead through a controller that the manifests do not hold. */
  public static boolean needsController(Cluster cluster) {
    return !cluster.entrances().isEmpty()
        && cluster.workloads().stream().noneMatch(Controllers::isController);
  }

  /** Whether ways in may lead through the pods of a workload: its labels are those of an ingress controller. */
  public static boolean isController(Workload workload) {
    return Controllers.isController(workload);
  }

  /** All endpoints: workloads by namespace and name, then ranges of addresses in order, then the ingress controller if there is one. */
  public List<Endpoint> endpoints() {
    return view.isWhole()
        ? all
        : all.stream()
            .flatMap(endpoint -> Stream.concat(
                view.sources().of(endpoint).stream(), view.destinations().of(endpoint).stream()))
            .distinct()
            .toList();
  }

  /** Those of {@link #endpoints} that are shown as sources, in the same order: what others send was not asked. */
  public List<Endpoint> sources() {
    return shown(view.sources());
  }

  /** Those of {@link #endpoints} that are shown as destinations. */
  public List<Endpoint> destinations() {
    return shown(view.destinations());
  }

  private List<Endpoint> shown(NarrowedEndpoints narrowed) {
    return narrowed.isEveryone()
        ? all
        : all.stream().flatMap(endpoint -> narrowed.of(endpoint).stream()).toList();
  }

  /**
   * All pairs between which anything passes or may pass, by source and then destination; made row by row as they are asked for. Where this shows
   * what does not pass, the pairs of which something does not.
   */
  public Stream<ReachedPair> connections() {
    if (view.isWhole()) {
      return whole();
    }
    return (view.denied() || view.isCut() ? pairs() : whole().flatMap(this::shown))
        .map(pair -> new ReachedPair(pair.source(), pair.destination(), view.of(pair.reach())))
        .filter(pair -> !pair.reach().isNothing());
  }

  /** Takes pairs whose ends are given by their places among the endpoints. */
  @FunctionalInterface
  public interface PlacedPairs {
    /**
     * One pair.
     *
     * @param source the place of who calls in {@link #endpoints()}
     * @param destination the place of who is called
     * @param reach what passes; never nothing, and mostly the same object as for the pair before
     */
    void take(int source, int destination, Reach reach);
  }

  /** Hands over all of {@link #connections()}, in the same order; much quicker where they are millions. */
  public void forEachPlaced(PlacedPairs taker) {
    if (view.isWhole()) {
      placed(taker);
      return;
    }
    Map<Endpoint, Integer> places = new IdentityHashMap<>();
    endpoints().forEach(endpoint -> places.put(endpoint, places.size()));
    connections()
        .forEach(pair ->
            taker.take(places.get(pair.source()), places.get(pair.destination()), pair.reach()));
  }

  private void placed(PlacedPairs taker) {
    EndpointRows rows = rows();
    int count = endpoints.endpoints().size();
    for (int source = 0; source < count; source++) {
      @Nullable Reach[] reached = rows.of(source);
      for (int place = 0; place < reached.length; place++) {
        Reach reach = reached[place];
        if (reach != null && !reach.isNothing()) {
          taker.take(source, place, reach);
        }
      }
    }
    if (all.size() > count) {
      controllerReaches().forEach((place, reach) -> taker.take(count, place, reach));
    }
  }

  /** Every pair that can speak, whatever passes: what passes of all traffic, be it nothing. Endpoints are narrowed, traffic is not. */
  public Stream<ReachedPair> pairs() {
    EndpointRows rows = rows();
    int count = endpoints.endpoints().size();
    return IntStream.range(0, all.size())
        .boxed()
        .filter(source -> !view.sources().of(all.get(source)).isEmpty())
        .flatMap(source -> {
          Map<Endpoint, Reach> reached = new IdentityHashMap<>();
          (source == count
                  ? fromController(all.get(source))
                  : row(source, view.denied() ? rows.overEach(source) : rows.of(source)).stream())
              .forEach(pair -> reached.put(pair.destination(), pair.reach()));
          int last = source < endpoints.inside() ? count : endpoints.inside();
          return IntStream.range(0, last)
              .filter(place -> place != source)
              .mapToObj(all::get)
              .map(to ->
                  new ReachedPair(all.get(source), to, reached.getOrDefault(to, Reach.NOTHING)));
        })
        .flatMap(this::shown);
  }

  /** A pair as far as its ends are wanted. */
  private Stream<ReachedPair> shown(ReachedPair pair) {
    List<Endpoint> destinations = view.destinations().of(pair.destination());
    return view.sources().of(pair.source()).stream()
        .flatMap(source -> destinations.stream().map(to -> shown(pair, source, to)));
  }

  /** An address of a node is an end of its own, also where it is cut from a range that policies do not tell apart. */
  private ReachedPair shown(ReachedPair whole, Endpoint source, Endpoint destination) {
    boolean cut = source != whole.source() || destination != whole.destination();
    return new ReachedPair(
        source,
        destination,
        cut ? ownNodes.between(source, destination, whole.reach()) : whole.reach());
  }

  private Stream<ReachedPair> whole() {
    EndpointRows rows = rows();
    int count = endpoints.endpoints().size();
    return IntStream.range(0, all.size())
        .boxed()
        .filter(source -> !view.sources().of(all.get(source)).isEmpty())
        .flatMap(source -> source == count
            ? fromController(all.get(source))
            : row(source, rows.of(source)).stream());
  }

  private EndpointRows rows() {
    return new EndpointRows(reachability, endpoints, all, ownNodes);
  }

  private List<ReachedPair> row(int source, @Nullable Reach[] reached) {
    List<ReachedPair> connections = new ArrayList<>();
    for (int place = 0; place < reached.length; place++) {
      Reach reach = reached[place];
      if (reach != null && !reach.isNothing()) {
        connections.add(new ReachedPair(all.get(source), all.get(place), reach));
      }
    }
    return connections;
  }

  // --- ways in through a controller

  private Stream<ReachedPair> fromController(Endpoint controller) {
    return controllerReaches().entrySet().stream()
        .map(entry -> new ReachedPair(controller, all.get(entry.getKey()), entry.getValue()));
  }

  private SortedMap<Integer, Reach> controllerReaches() {
    SortedMap<Integer, Reach> reached = new TreeMap<>();
    ControllerTraffic.of(reachability).forEach((pod, reach) -> {
      int number = reachability.plan().classes().classOf(pod);
      reached.merge(placeOf(pod, number), reach, Reach::union);
    });
    return reached;
  }

  private int placeOf(End.InPod pod, int number) {
    return endpoints.members(number).stream()
        .map(Endpoints.Member::endpoint)
        .filter(place -> all.get(place) instanceof Endpoint.Pods pods
            && pods.workload() == pod.workload()
            && (pod.pod().isEmpty() || pods.pods().contains(pod.pod().get())))
        .findFirst()
        .orElseThrow();
  }
}
