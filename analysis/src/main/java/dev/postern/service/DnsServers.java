package dev.postern.service;

import dev.postern.cluster.Cluster;
import dev.postern.cluster.ContainerPort;
import dev.postern.cluster.Service;
import dev.postern.cluster.Workload;
import dev.postern.meaning.End;
import dev.postern.net.PortSet;
import dev.postern.net.Protocol;
import dev.postern.net.Traffic;
import dev.postern.selector.Labels;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.Set;

/**
 * The cluster's DNS: the pods behind Services of the names that kubeadm, CoreDNS' chart and OpenShift give, and pods with the labels of
 * kube-dns, CoreDNS and OpenShift. Each is reached at its own port, which is where a Service's port leads, not the Service's port itself.
 * Immutable once made, and safe for use by several threads.
 */
public final class DnsServers {

  /** The port of DNS (RFC 1035). */
  public static final int PORT = 53;

  /** OpenShift's and multicast DNS' port: pods of {@code dns-default} listen on it. */
  public static final int OPENSHIFT_PORT = 5353;

  /** Where clusters keep their DNS. */
  public static final Set<String> NAMESPACES = Set.of("kube-system", "openshift-dns");

  private static final Set<String> SERVICES = Set.of("kube-dns", "coredns", "dns-default");

  private final Map<Workload, Traffic> servers = new IdentityHashMap<>();

  private DnsServers(Cluster cluster, Backends backends) {
    for (Service service : cluster.services()) {
      if (SERVICES.contains(service.name()) && NAMESPACES.contains(service.namespace())) {
        for (ServiceBackend backend : backends.behind(service)) {
          if (backend.end() instanceof End.InPod pod && backend.protocol() != Protocol.SCTP) {
            servers.merge(
                pod.workload(),
                Traffic.of(backend.protocol(), PortSet.of(backend.port())),
                Traffic::union);
          }
        }
      }
    }
    for (Workload workload : cluster.workloads()) {
      if (!servers.containsKey(workload) && isLabelled(workload.labels())) {
        servers.put(workload, declared(workload));
      }
    }
  }

  /** The name servers of a cluster; none if the manifests hold none. */
  public static DnsServers of(Cluster cluster, Backends backends) {
    return new DnsServers(cluster, backends);
  }

  /** What each listens on; the keys are the cluster's own objects, in no order. */
  public Map<Workload, Traffic> traffic() {
    return Collections.unmodifiableMap(servers);
  }

  private static boolean isLabelled(Labels labels) {
    String app = labels.get("k8s-app").orElse("");
    return app.equals("kube-dns")
        || app.equals("coredns")
        || labels.get("app.kubernetes.io/name").filter("coredns"::equals).isPresent()
        || labels.get("dns.operator.openshift.io/daemonset-dns").isPresent();
  }

  private static Traffic declared(Workload workload) {
    Traffic traffic = Traffic.NONE;
    for (ContainerPort port : workload.ports()) {
      if (port.number() == PORT || port.number() == OPENSHIFT_PORT) {
        traffic = traffic.union(Traffic.of(port.protocol(), PortSet.of(port.number())));
      }
    }
    int number = traffic.contains(Protocol.UDP, OPENSHIFT_PORT) ? OPENSHIFT_PORT : PORT;
    return traffic.union(Traffic.udp(number)).union(Traffic.tcp(number));
  }
}
