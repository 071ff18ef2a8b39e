package dev.postern.meaning;

import dev.postern.cluster.Cluster;
import dev.postern.policy.NamespaceSelection;
import dev.postern.policy.Policy;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A cluster's policies by the namespace of the pods that they may select, so that who judges one end looks at no policy of elsewhere.
 * Immutable, and safe for use by several threads.
 */
public final class PoliciesBySubject {

  /** A policy at its place in the cluster's order. */
  private record Placed(int place, Policy policy) {}

  private final Map<String, List<Placed>> byNamespace = new HashMap<>();
  /** Those whose subject is no single namespace. */
  private final List<Placed> wide = new ArrayList<>();

  private PoliciesBySubject(List<Policy> policies) {
    for (int place = 0; place < policies.size(); place++) {
      Policy policy = policies.get(place);
      List<Placed> holder = policy.subject().namespaces() instanceof NamespaceSelection.Named named
          ? byNamespace.computeIfAbsent(named.namespace(), name -> new ArrayList<>())
          : wide;
      holder.add(new Placed(place, policy));
    }
  }

  /** The policies of a cluster. */
  public static PoliciesBySubject of(Cluster cluster) {
    return new PoliciesBySubject(cluster.policies());
  }

  /** Whether a policy may select an end, as far as namespaces say; of a controller that no manifest holds they say nothing. */
  public static boolean mayBeAbout(Policy policy, End end) {
    return !(policy.subject().namespaces() instanceof NamespaceSelection.Named named
        && end instanceof End.InPod pod
        && !named.namespace().equals(pod.workload().namespace()));
  }

  /** All that may select an end, in the cluster's order; only pods are selected. */
  public List<Policy> about(End end) {
    return end instanceof End.InPod pod ? in(pod.workload().namespace()) : List.of();
  }

  /** All that may select pods of a namespace, in the cluster's order. */
  public List<Policy> in(String namespace) {
    List<Placed> own = byNamespace.getOrDefault(namespace, List.of());
    List<Policy> all = new ArrayList<>(own.size() + wide.size());
    int next = 0;
    for (Placed each : own) {
      while (next < wide.size() && wide.get(next).place() < each.place()) {
        all.add(wide.get(next++).policy());
      }
      all.add(each.policy());
    }
    while (next < wide.size()) {
      all.add(wide.get(next++).policy());
    }
    return all;
  }
}
