package dev.postern.suggestion;

import dev.postern.cluster.Cluster;
import dev.postern.cluster.ContainerPort;
import dev.postern.cluster.Pod;
import dev.postern.cluster.Workload;
import dev.postern.meaning.End;
import dev.postern.net.Address;
import dev.postern.net.Protocol;
import dev.postern.testing.Probes;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;

/** Random traffic between the pods of a cluster, and with addresses outside. */
final class SeenTraffic {

  private static final List<Protocol> PROTOCOLS =
      List.of(Protocol.TCP, Protocol.TCP, Protocol.TCP, Protocol.UDP, Protocol.UDP, Protocol.SCTP);

  private final Random random;
  private final List<End> ends = new ArrayList<>();
  private final List<End.InPod> pods = new ArrayList<>();
  private final List<Integer> ports = new ArrayList<>();

  SeenTraffic(Cluster cluster, Random random) {
    this.random = random;
    for (Workload workload : cluster.workloads()) {
      pods.addAll(ends(workload));
      workload.ports().stream().map(ContainerPort::number).forEach(ports::add);
    }
    Probes probes = Probes.of(cluster, random);
    ends.addAll(pods);
    ends.addAll(pods);
    for (int i = 0; i < 6; i++) {
      ends.add(new End.Outside(probes.address(random)));
      ports.add(probes.port(random));
    }
    cluster
        .services()
        .forEach(service -> service.clusterIps().forEach(ip -> ends.add(new End.Outside(ip))));
  }

  static List<End.InPod> ends(Workload workload) {
    if (workload.pods().isEmpty()) {
      return List.of(End.InPod.template(workload));
    }
    List<End.InPod> ends = new ArrayList<>();
    for (Pod pod : workload.pods()) {
      if (pod.addresses().isEmpty()) {
        ends.add(new End.InPod(workload, Optional.of(pod), Optional.empty()));
      }
      for (Address address : pod.addresses()) {
        ends.add(new End.InPod(workload, Optional.of(pod), Optional.of(address)));
      }
    }
    return ends;
  }

  List<End> ends() {
    return ends;
  }

  End end() {
    return ends.get(random.nextInt(ends.size()));
  }

  int port() {
    return ports.get(random.nextInt(ports.size()));
  }

  Protocol protocol() {
    return PROTOCOLS.get(random.nextInt(PROTOCOLS.size()));
  }

  /** Flows; at times one between addresses outside. */
  List<SeenFlow> flows(int most) {
    List<SeenFlow> flows = new ArrayList<>();
    for (int i = random.nextInt(most + 1); i > 0; i--) {
      flows.add(
          new SeenFlow(end(), end(), protocol(), port(), Evidence.of(1 + random.nextInt(1000))));
    }
    return flows;
  }
}
