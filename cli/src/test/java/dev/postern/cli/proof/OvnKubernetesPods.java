package dev.postern.cli.proof;

import dev.postern.cli.proof.NorthboundRows.Row;
import dev.postern.cluster.Cluster;
import dev.postern.cluster.Pod;
import dev.postern.cluster.Workload;
import dev.postern.net.Address;
import dev.postern.policy.NamespaceSelection;
import dev.postern.policy.Subject;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Who is selected, with addresses and ports; pods on the host network never are. */
final class OvnKubernetesPods {

  private final Cluster cluster;
  private final Map<Pod, Row> portOf = new LinkedHashMap<>();

  OvnKubernetesPods(Cluster cluster) {
    this.cluster = cluster;
  }

  void put(Pod pod, Row port) {
    portOf.put(pod, port);
  }

  List<Workload> pods(NamespaceSelection namespaces) {
    return cluster.workloads().stream()
        .filter(workload -> !workload.hostNetwork())
        .filter(workload -> namespaces instanceof NamespaceSelection.Named named
            ? named.namespace().equals(workload.namespace())
            : ((NamespaceSelection.Matching) namespaces)
                .selector()
                .matches(cluster.namespace(workload.namespace()).labels()))
        .toList();
  }

  static List<Address> addresses(List<Workload> workloads) {
    return workloads.stream()
        .flatMap(workload -> workload.pods().stream())
        .flatMap(pod -> pod.addresses().stream())
        .toList();
  }

  List<Workload> selected(Subject subject) {
    return pods(subject.namespaces()).stream()
        .filter(workload -> subject.pods().matches(workload.labels()))
        .toList();
  }

  List<Row> portsOf(List<Workload> workloads) {
    return workloads.stream()
        .flatMap(workload -> workload.pods().stream())
        .flatMap(pod ->
            portOf.containsKey(pod) ? List.of(portOf.get(pod)).stream() : List.<Row>of().stream())
        .distinct()
        .toList();
  }
}
