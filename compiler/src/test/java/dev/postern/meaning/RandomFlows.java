package dev.postern.meaning;

import dev.postern.cluster.Cluster;
import dev.postern.cluster.Pod;
import dev.postern.cluster.Workload;
import dev.postern.net.Address;
import dev.postern.net.Protocol;
import dev.postern.testing.Probes;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;

/** Flows between all sorts of ends of a cluster, at the borders of what its policies mention. */
final class RandomFlows {

  private RandomFlows() {}

  static List<Flow> of(Cluster cluster, Random random, int count) {
    Probes probes = Probes.of(cluster, random);
    List<End> ends = ends(cluster, probes, random);
    List<Flow> flows = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      Protocol protocol = Protocol.values()[random.nextInt(4)];
      int port = protocol.hasPorts() ? probes.port(random) : 0;
      flows.add(new Flow(
          ends.get(random.nextInt(ends.size())),
          ends.get(random.nextInt(ends.size())),
          protocol,
          port));
    }
    return flows;
  }

  private static List<End> ends(Cluster cluster, Probes probes, Random random) {
    List<End> ends = new ArrayList<>();
    for (Workload workload : cluster.workloads()) {
      if (workload.pods().isEmpty()) {
        ends.add(End.InPod.template(workload));
      }
      for (Pod pod : workload.pods()) {
        if (pod.addresses().isEmpty()) {
          ends.add(new End.InPod(workload, Optional.of(pod), Optional.empty()));
        }
        pod.addresses()
            .forEach(address ->
                ends.add(new End.InPod(workload, Optional.of(pod), Optional.of(address))));
      }
    }
    List<Address> outside = probes.outside(cluster);
    for (int i = 0; i < 4; i++) {
      ends.add(new End.Outside(outside.get(random.nextInt(outside.size()))));
    }
    cluster
        .nodes()
        .forEach(node -> node.addresses().forEach(address -> ends.add(new End.Outside(address))));
    ends.add(new End.DomainName("example.com"));
    ends.add(new End.IngressController());
    return ends;
  }
}
