package dev.postern.reach;

import dev.postern.cluster.Cluster;
import dev.postern.cluster.Node;
import dev.postern.cluster.Pod;
import dev.postern.meaning.End;
import dev.postern.meaning.Options;
import dev.postern.net.Address;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Flows that pass whatever the policies say: a pod's own, and those between a pod and its node. */
final class Exemptions {

  private final boolean nodeTrafficPasses;
  private final Map<Address, Set<String>> nodesAt = new HashMap<>();

  Exemptions(Cluster cluster, Options options) {
    this.nodeTrafficPasses = options.nodeTrafficPasses();
    for (Node node : cluster.nodes()) {
      for (Address address : node.addresses()) {
        nodesAt.computeIfAbsent(address, a -> new HashSet<>(1)).add(node.name());
      }
    }
  }

  boolean exempt(End source, End destination) {
    return isSamePod(source, destination)
        || (nodeTrafficPasses
            && (isOwnNode(source, destination) || isOwnNode(destination, source)));
  }

  /** Whether the two may be a pod and its node for all that is known: a pod of which no manifest says where it runs may run anywhere. */
  boolean perhaps(End source, End destination) {
    return nodeTrafficPasses
        && !exempt(source, destination)
        && (isPerhapsNode(source, destination) || isPerhapsNode(destination, source));
  }

  private boolean isPerhapsNode(End node, End end) {
    if (!(end instanceof End.InPod pod)) {
      return false;
    }
    Optional<String> where = node(pod);
    if (node instanceof End.InPod other) {
      return other.workload().hostNetwork() && (where.isEmpty() || node(other).isEmpty());
    }
    return where.isEmpty()
        && node instanceof End.Outside outside
        && nodesAt.containsKey(outside.address());
  }

  private static Optional<String> node(End.InPod pod) {
    return pod.pod().flatMap(Pod::node);
  }

  private static boolean isSamePod(End source, End destination) {
    if (!(source instanceof End.InPod from)
        || !(destination instanceof End.InPod to)
        || from.pod().isEmpty()
        || to.pod().isEmpty()) {
      return false;
    }
    Pod one = from.pod().get();
    Pod other = to.pod().get();
    return one.name().equals(other.name())
        && one.equals(other)
        && from.workload().equals(to.workload());
  }

  private boolean isOwnNode(End node, End end) {
    if (!(end instanceof End.InPod pod) || pod.pod().isEmpty()) {
      return false;
    }
    Optional<String> name = pod.pod().get().node();
    if (name.isEmpty()) {
      return false;
    }
    if (node instanceof End.InPod other) {
      return other.workload().hostNetwork()
          && other.pod().isPresent()
          && other.pod().get().node().equals(name);
    }
    return node instanceof End.Outside outside
        && nodesAt.getOrDefault(outside.address(), Set.of()).contains(name.get());
  }
}
