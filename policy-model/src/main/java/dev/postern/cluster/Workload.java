package dev.postern.cluster;

import dev.postern.diagnostic.Origin;
import dev.postern.selector.Labels;
import java.util.List;

/**
 * Pods that no policy's selectors or named ports can tell apart because they come from one template: a controller's pods, or a bare pod.
 * Ports and pods are sorted, so that what was written in another order is equal.
 *
 * @param namespace its namespace
 * @param name the controlling owner's name, or the pod's; {@code owner[pod]} for a pod that differs from its siblings
 * @param kind {@code Deployment}, {@code StatefulSet}, … or {@code Pod}
 * @param labels the pods' labels
 * @param ports the container ports that count: of containers and of init containers that keep running (sidecars)
 * @param hostNetwork whether the pods share their node's network
 * @param pods the pods that exist; empty for a template of which none is known, which then stands for pods without known addresses
 * @param origin where it was written
 */
public record Workload(
    String namespace,
    String name,
    String kind,
    Labels labels,
    List<ContainerPort> ports,
    boolean hostNetwork,
    List<Pod> pods,
    Origin origin) {

  /** The labels by which Deployments, and Rollouts of Argo, name a revision's pods. */
  private static final List<String> REVISIONS =
      List.of("pod-template-hash", "rollouts-pod-template-hash");

  public Workload {
    ports = ports.stream().distinct().sorted().toList();
    // Comparator.comparing makes a class at run time that no archive keeps.
    pods =
        pods.stream().sorted((one, other) -> one.name().compareTo(other.name())).toList();
  }

  /** {@code namespace/name}. */
  public String id() {
    return namespace + "/" + name;
  }

  /** The name without what tells a pod from siblings that differ: brackets, which no name of Kubernetes holds. */
  public String ownerName() {
    int bracket = name.indexOf('[');
    return bracket < 0 ? name : name.substring(0, bracket);
  }

  /**
   * The name that stays through rollouts: of a ReplicaSet whose own owner no manifest tells, its name without the revision's hash, which its pods
   * have as a label; else the {@link #ownerName() owner's}.
   */
  public String lastingName() {
    String owner = ownerName();
    if (!kind.equals("ReplicaSet")) {
      return owner;
    }
    for (String key : REVISIONS) {
      String hash = labels.get(key).orElse("");
      int end = owner.length() - hash.length() - 1;
      if (!hash.isEmpty() && end > 0 && owner.endsWith("-" + hash)) {
        return owner.substring(0, end);
      }
    }
    return owner;
  }

  // What a record generates for these is linked at run time, which costs every start a millisecond.
  @Override
  public boolean equals(Object other) {
    return this == other
        || (other instanceof Workload workload
            && namespace.equals(workload.namespace)
            && name.equals(workload.name)
            && kind.equals(workload.kind)
            && labels.equals(workload.labels)
            && ports.equals(workload.ports)
            && hostNetwork == workload.hostNetwork
            && pods.equals(workload.pods)
            && origin.equals(workload.origin));
  }

  @Override
  public int hashCode() {
    return ((((((namespace.hashCode() * 31 + name.hashCode()) * 31 + kind.hashCode()) * 31
                                        + labels.hashCode())
                                    * 31
                                + ports.hashCode())
                            * 31
                        + Boolean.hashCode(hostNetwork))
                    * 31
                + pods.hashCode())
            * 31
        + origin.hashCode();
  }
}
