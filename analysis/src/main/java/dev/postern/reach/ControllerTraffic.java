package dev.postern.reach;

import dev.postern.cluster.Cluster;
import dev.postern.cluster.Entrance;
import dev.postern.meaning.End;
import dev.postern.net.PortSet;
import dev.postern.net.Traffic;
import dev.postern.service.Backends;
import dev.postern.service.ServiceBackend;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;

/** What comes in through a controller that the manifests do not hold: to which pods, and on what. */
public final class ControllerTraffic {

  private ControllerTraffic() {}

  /** What the ways in lead to and policies let pass or may let pass; nothing where the manifests hold a controller. */
  public static Map<End.InPod, Reach> of(Reachability reachability) {
    Cluster cluster = reachability.plan().cluster();
    if (!Connectivity.needsController(cluster)) {
      return Map.of();
    }
    Backends backends = Backends.of(cluster);
    Map<End.InPod, Traffic> entering = new LinkedHashMap<>();
    for (Entrance entrance : cluster.entrances()) {
      for (ServiceBackend backend : backends.behind(entrance)) {
        if (backend.end() instanceof End.InPod pod) {
          Traffic traffic = Traffic.of(backend.protocol(), PortSet.of(backend.port()));
          entering.merge(pod, traffic, Traffic::union);
        }
      }
    }
    Map<Integer, Reach> byClass = new HashMap<>();
    Map<End.InPod, Reach> admitted = new LinkedHashMap<>();
    entering.forEach((pod, traffic) -> {
      int number = reachability.plan().classes().classOf(pod);
      Reach reach = byClass
          .computeIfAbsent(number, n -> reachability.traffic(new End.IngressController(), pod))
          .intersect(Reach.certain(traffic));
      if (!reach.isNothing()) {
        admitted.put(pod, reach);
      }
    });
    return admitted;
  }
}
