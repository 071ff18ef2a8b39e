package dev.postern.answer;

import dev.postern.cluster.Cluster;
import dev.postern.cluster.Service;
import dev.postern.cluster.Workload;
import dev.postern.meaning.End;
import dev.postern.net.Address;
import dev.postern.testing.Probes;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;

/**
 * A subject of a question that {@link AnswersAgreeWithReferenceTest} asks.
 *
 * @param any whether one of its ends is enough
 * @param sites its ends by the name that an answer gives them
 */
record AskedSubject(String words, boolean any, List<List<End>> sites) {

  /** One of the cluster, or an address. */
  static AskedSubject drawn(Cluster cluster, Probes probes, Random random) {
    Workload workload =
        cluster.workloads().get(random.nextInt(cluster.workloads().size()));
    int kind = random.nextInt(6);
    if (kind == 0) {
      Address address = probes.address(random);
      List<List<End>> holders = new ArrayList<>();
      for (Workload each : cluster.workloads()) {
        for (End end : EndsOfPods.ends(each)) {
          if (!each.hostNetwork() && ((End.InPod) end).address().equals(Optional.of(address))) {
            holders.add(List.of(end));
          }
        }
      }
      boolean isService = cluster.services().stream().anyMatch(s -> leadsTo(s, address));
      if (!isService) {
        return new AskedSubject(
            address.toString(),
            false,
            holders.isEmpty() ? List.of(List.of(new End.Outside(address))) : holders);
      }
    }
    if (kind == 1 || kind == 2) {
      return everyPod(cluster, workload.namespace(), kind == 1);
    }
    List<List<End>> sites = cluster.workloads().stream()
        .filter(w -> w.namespace().equals(workload.namespace()))
        .filter(w -> w.name().equals(workload.name()) || w.name().startsWith(workload.name() + "["))
        .map(EndsOfPods::ends)
        .toList();
    return new AskedSubject(workload.id(), false, sites);
  }

  private static boolean leadsTo(Service service, Address address) {
    Service.ExternalAccess exposure = service.exposure();
    return service.clusterIps().contains(address)
        || exposure.externalIps().contains(address)
        || exposure.requestedIp().equals(Optional.of(address))
        || exposure.loadBalancers().stream()
            .anyMatch(front -> front.address().equals(Optional.of(address)));
  }

  /** All pods of a namespace, or some one of them. */
  static AskedSubject everyPod(Cluster cluster, String namespace, boolean any) {
    List<List<End>> sites = cluster.workloads().stream()
        .filter(w -> w.namespace().equals(namespace))
        .map(EndsOfPods::ends)
        .toList();
    return new AskedSubject((any ? "any" : "every") + " pod in namespace " + namespace, any, sites);
  }
}
