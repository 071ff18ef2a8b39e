package dev.postern.answer;

import dev.postern.cluster.ContainerPort;
import dev.postern.meaning.End;
import dev.postern.meaning.Flow;
import dev.postern.net.Protocol;
import dev.postern.net.Traffic;
import java.util.List;

/**
 * Ends between which something happens, and the traffic to which it happens.
 *
 * @param source who calls
 * @param destination who is called
 * @param traffic with what; not empty
 * @param throughService whether the source called a Service
 */
record Sample(Cell source, Cell destination, Traffic traffic, boolean throughService) {

  /** A flow of this kind that a reader knows: to a port that the destination declares if there is one. */
  Flow flow() {
    if (destination.first() instanceof End.InPod pod) {
      for (ContainerPort port : pod.workload().ports()) {
        if (traffic.contains(port.protocol(), port.number())) {
          return flow(port.protocol(), port.number());
        }
      }
    }
    for (Protocol protocol : Protocol.values()) {
      if (protocol.hasPorts() && !traffic.ports(protocol).isEmpty()) {
        for (int usual : new int[] {443, 80, 53}) {
          if (traffic.contains(protocol, usual)) {
            return flow(protocol, usual);
          }
        }
        return flow(protocol, traffic.ports(protocol).intervals().get(0).first());
      }
    }
    return flow(Protocol.OTHER, 0);
  }

  private Flow flow(Protocol protocol, int port) {
    List<End> ends = ends();
    return new Flow(ends.get(0), ends.get(1), protocol, port, throughService);
  }

  /** One of each cell; not the same pod, unless there is no other. */
  private List<End> ends() {
    End from = source.first();
    for (End to : destination.ends()) {
      if (!Cell.samePod(from, to)) {
        return List.of(from, to);
      }
    }
    End to = destination.first();
    for (End other : source.ends()) {
      if (!Cell.samePod(other, to)) {
        return List.of(other, to);
      }
    }
    return List.of(from, to);
  }
}
