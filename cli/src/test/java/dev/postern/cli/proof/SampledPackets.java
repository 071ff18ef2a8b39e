package dev.postern.cli.proof;

import dev.postern.cluster.Cluster;
import dev.postern.enforced.Packet;
import dev.postern.meaning.End;
import dev.postern.meaning.Flow;
import dev.postern.meaning.FlowVerdict;
import dev.postern.meaning.Options;
import dev.postern.meaning.Reference;
import dev.postern.net.Address;
import dev.postern.net.Protocol;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/** Opening packets between any two pods, and between a pod and some addresses outside, each with what the definition says of it. */
final class SampledPackets {

  /** A packet, and whether the policies allow it. */
  record Sample(Packet packet, boolean allowed) {}

  private SampledPackets() {}

  static List<Sample> of(Cluster cluster, List<String> outside, Collection<Integer> ports) {
    List<End> ends = new ArrayList<>();
    cluster
        .workloads()
        .forEach(workload -> workload
            .pods()
            .forEach(pod -> ends.add(new End.InPod(
                workload, Optional.of(pod), pod.addresses().stream().findFirst()))));
    outside.forEach(address -> ends.add(new End.Outside(Address.parse(address))));
    Reference policies = new Reference(cluster, Options.DEFAULT);
    List<Sample> samples = new ArrayList<>();
    for (End from : ends) {
      for (End to : ends) {
        if (from == to || !(from instanceof End.InPod) && !(to instanceof End.InPod)) {
          continue;
        }
        for (Protocol protocol : List.of(Protocol.TCP, Protocol.UDP, Protocol.SCTP)) {
          for (int port : ports) {
            samples.add(new Sample(
                Packet.opening(address(from), address(to), protocol, port),
                policies.judge(new Flow(from, to, protocol, port)).verdict()
                    == FlowVerdict.ALLOWED));
          }
        }
      }
    }
    return samples;
  }

  private static Address address(End end) {
    return end instanceof End.InPod pod
        ? pod.address().orElseThrow()
        : ((End.Outside) end).address();
  }
}
