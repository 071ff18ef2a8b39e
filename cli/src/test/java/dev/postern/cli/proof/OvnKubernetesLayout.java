package dev.postern.cli.proof;

import dev.postern.cli.proof.NorthboundRows.Row;
import dev.postern.cluster.Cluster;
import dev.postern.cluster.Namespace;
import dev.postern.cluster.Pod;
import dev.postern.cluster.Workload;
import dev.postern.policy.Direction;
import dev.postern.policy.NamespaceSelection;
import dev.postern.policy.Policy;
import dev.postern.policy.PolicyKind;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A cluster's rows as OVN-Kubernetes of December 2024 writes them for its default network, both families on, no multicast: port groups a
 * policy and a namespace's default denial, address sets a peer and family, ACLs of tiers 1 to 3, rows named after a hash of their
 * {@code external_ids}. A NetworkPolicy's named port is all ports of the protocol there.
 */
final class OvnKubernetesLayout {

  /** Packets that come back to the pod which called a Service bear these. */
  static final String HAIRPIN = "169.254.169.5 fd69::5";

  private final Cluster cluster;
  private final OvnKubernetesRows rows = new OvnKubernetesRows();
  private final OvnKubernetesPods pods;
  private final Map<String, Row> ports = new LinkedHashMap<>();

  private OvnKubernetesLayout(Cluster cluster) {
    this.cluster = cluster;
    this.pods = new OvnKubernetesPods(cluster);
  }

  /**
   * The rows as a transaction on an empty database.
   *
   * @param mistaken whether an entry for all ports is forgotten beside one for some ports of its protocol, as OVN-Kubernetes does
   */
  static String of(Cluster cluster, boolean mistaken) {
    OvnKubernetesLayout layout = new OvnKubernetesLayout(cluster);
    OvnKubernetesNetworkPolicies own =
        new OvnKubernetesNetworkPolicies(cluster, layout.rows, layout.pods, mistaken);
    OvnKubernetesAdminPolicies admin =
        new OvnKubernetesAdminPolicies(cluster, layout.rows, layout.pods, mistaken);
    layout.switches();
    layout.everyNamespace();
    layout.everyCluster();
    for (Policy policy : cluster.policies()) {
      if (policy.kind() == PolicyKind.NETWORK_POLICY) {
        own.add(policy);
      } else {
        admin.add(policy);
      }
    }
    own.addDefaultDenials();
    return layout.rows.text();
  }

  /** A switch a node, with the ports of its pods and its management port. */
  private void switches() {
    Map<String, List<Row>> byNode = new TreeMap<>();
    int number = 0;
    for (Workload workload : cluster.workloads()) {
      for (Pod pod : workload.pods()) {
        if (workload.hostNetwork()) {
          continue;
        }
        StringBuilder addresses = new StringBuilder(String.format("0a:58:0a:00:01:%02x", number++));
        pod.addresses().forEach(address -> addresses.append(' ').append(address));
        Row port = port(workload.namespace() + "_" + pod.name(), addresses.toString());
        pods.put(pod, port);
        byNode
            .computeIfAbsent(pod.node().orElse("lost"), n -> new ArrayList<>())
            .add(port);
      }
    }
    int subnet = 0;
    for (Map.Entry<String, List<Row>> node : byNode.entrySet()) {
      String management = "10.244." + subnet++ + ".2";
      node.getValue().add(port("k8s-" + node.getKey(), "0a:58:0a:f4:00:02 " + management));
      Row allow = rows.acl(
          OvnKubernetesRows.ids("NetpolNode", "k8s.ovn.org/name", node.getKey(), "ip", management),
          Direction.INGRESS,
          2,
          OvnKubernetesRows.ALLOW,
          "ip4.src==" + management,
          "allow-related");
      rows.insert("Logical_Switch")
          .set("name", node.getKey())
          .rows("ports", node.getValue())
          .rows("acls", List.of(allow));
    }
    rows.insert("Load_Balancer")
        .set("name", "Service_default/kubernetes_TCP_cluster")
        .map("options", Map.of("hairpin_snat_ip", HAIRPIN, "reject", "true"));
  }

  private Row port(String name, String addresses) {
    Row port = rows.insert("Logical_Switch_Port").set("name", name).set("addresses", addresses);
    ports.put(name, port);
    return port;
  }

  private void everyNamespace() {
    for (Namespace namespace : cluster.namespaces().values()) {
      rows.set(
          "Namespace",
              OvnKubernetesPods.addresses(
                  pods.pods(new NamespaceSelection.Named(namespace.name()))),
          "k8s.ovn.org/name", namespace.name());
    }
  }

  private void everyCluster() {
    String match = "(ip4.src == 169.254.169.5 || ip6.src == fd69::5)";
    List<Row> acls = new ArrayList<>();
    for (Direction direction : Direction.values()) {
      acls.add(rows.acl(
          OvnKubernetesRows.ids(
              "NetpolDefault",
              "k8s.ovn.org/name",
              "allow-hairpinning",
              "direction",
              OvnKubernetesRows.word(direction)),
          direction,
          2,
          OvnKubernetesRows.ALLOW,
          match,
          "allow-related"));
    }
    rows.group(
        OvnKubernetesRows.ids("Cluster", "k8s.ovn.org/name", "clusterPortGroup"),
        ports.values(),
        acls);
  }
}
