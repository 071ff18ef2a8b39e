package dev.postern.reach;

import dev.postern.algebra.Region;
import dev.postern.cluster.Cluster;
import dev.postern.meaning.End;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Who may reach whom, workload by workload: a workload's pods are one endpoint as long as they behave alike, and addresses outside are the
 * longest ranges that no policy tells apart. Traffic between two endpoints passes over either family that both have. What passes whatever
 * the policies say (a pod's calls to itself, traffic with its own node) is not in it, nor is an endpoint's reach to itself.
 */
public final class Connectivity {

  private final Reachability reachability;
  private final Endpoints endpoints;
  private final List<Endpoint> all;

  private Connectivity(Reachability reachability) {
    this.reachability = reachability;
    this.endpoints = new Endpoints(reachability.plan());
    List<Endpoint> withController = new ArrayList<>(endpoints.endpoints());
    if (needsController(reachability.plan().cluster())) {
      withController.add(new Endpoint.IngressController());
    }
    this.all = List.copyOf(withController);
  }

  public static Connectivity of(Reachability reachability) {
    return new Connectivity(reachability);
  }

  /** The cluster that this is about, with what is left open among its policies. */
  public Cluster cluster() {
    return reachability.plan().cluster();
  }

  /** Whether ways in lead through a controller that the manifests do not hold. */
  public static boolean needsController(Cluster cluster) {
    return !cluster.entrances().isEmpty()
        && cluster.workloads().stream().noneMatch(Controllers::isController);
  }

  /** All endpoints: workloads by namespace and name, then ranges of addresses in order, then the ingress controller if there is one. */
  public List<Endpoint> endpoints() {
    return all;
  }

  /** All pairs between which anything passes or may pass, by source and then destination; made row by row as they are asked for. */
  public Stream<ReachedPair> connections() {
    Rows pods = reachability.reader();
    Rows nodes = reachability.reader();
    int count = endpoints.endpoints().size();
    return IntStream.range(0, all.size())
        .boxed()
        .flatMap(source -> source == count
            ? fromController(all.get(source))
            : row(source, isHostNetwork(source) ? nodes : pods).stream());
  }

  private boolean isHostNetwork(int endpoint) {
    return all.get(endpoint) instanceof Endpoint.Pods pods && pods.workload().hostNetwork();
  }

  private List<ReachedPair> row(int source, Rows reader) {
    int count = endpoints.endpoints().size();
    // Nothing is said about what goes on outside.
    int last = source < endpoints.inside() ? count : endpoints.inside();
    Reach[] reached = new Reach[last];
    for (Endpoints.Membership own : endpoints.memberships(source)) {
      Row row = reader.row(own.number());
      boolean certain = row.allowed() == row.possible();
      for (Region.Part part : row.possible().parts()) {
        Reach reach = Reach.certain(part.traffic());
        part.peers().forEach(peer -> {
          for (Endpoints.Member member : endpoints.members(peer)) {
            int place = member.endpoint();
            if (place < last && place != source && (member.families() & own.families()) != 0) {
              Reach here = certain ? reach : new Reach(row.allowed().traffic(peer), part.traffic());
              reached[place] = reached[place] == null ? here : reached[place].union(here);
            }
          }
        });
      }
    }
    List<ReachedPair> connections = new ArrayList<>();
    for (int place = 0; place < last; place++) {
      if (reached[place] != null) {
        connections.add(new ReachedPair(all.get(source), all.get(place), reached[place]));
      }
    }
    return connections;
  }

  // --- ways in through a controller

  private Stream<ReachedPair> fromController(Endpoint controller) {
    SortedMap<Integer, Reach> reached = new TreeMap<>();
    ControllerTraffic.of(reachability).forEach((pod, reach) -> {
      int number = reachability.plan().classes().classOf(pod);
      reached.merge(placeOf(pod, number), reach, Reach::union);
    });
    return reached.entrySet().stream()
        .map(entry -> new ReachedPair(controller, all.get(entry.getKey()), entry.getValue()));
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
