package dev.postern.ovn;

import dev.postern.cluster.Cluster;
import dev.postern.meaning.End;
import dev.postern.meaning.Flow;
import dev.postern.net.Address;
import dev.postern.net.Protocol;
import dev.postern.plan.Plan;
import dev.postern.testing.Probes;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Random flows between ends that have an address of the same family, at the borders of what the policies mention. */
public final class Flows {

  private final List<End> pods = new ArrayList<>();
  private final List<End> ends = new ArrayList<>();
  private final Probes probes;
  private final Random random;

  public Flows(Cluster cluster, Plan plan, Random random) {
    this.random = random;
    this.probes = Probes.of(cluster, random);
    plan.classes().endpoints().stream().filter(end -> end.address().isPresent()).forEach(pods::add);
    ends.addAll(pods);
    probes.outside(cluster).forEach(address -> ends.add(new End.Outside(address)));
    cluster
        .nodes()
        .forEach(node -> node.addresses().forEach(address -> ends.add(new End.Outside(address))));
  }

  /** Up to this many flows. */
  public List<Flow> some(int count) {
    List<Flow> flows = new ArrayList<>();
    for (int i = 0; i < 4 * count && flows.size() < count && !ends.isEmpty(); i++) {
      End source = end();
      End destination = end();
      if (address(source).family() == address(destination).family()) {
        Protocol protocol = Protocol.values()[random.nextInt(4)];
        flows.add(
            new Flow(source, destination, protocol, protocol.hasPorts() ? probes.port(random) : 0));
      }
    }
    return flows;
  }

  /** Mostly a pod: nothing judges a flow between two ends outside. */
  private End end() {
    List<End> from = pods.isEmpty() || random.nextInt(10) < 3 ? ends : pods;
    return from.get(random.nextInt(from.size()));
  }

  public static Address address(End end) {
    return end instanceof End.InPod pod
        ? pod.address().orElseThrow()
        : ((End.Outside) end).address();
  }
}
