package dev.postern.cli.proof;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.postern.cluster.Cluster;
import dev.postern.cluster.Pod;
import dev.postern.cluster.Workload;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * What OVN-Kubernetes adds to its rows where there are user-defined networks, written after its sources of August 2026 ({@code
 * udn_isolation.go}, {@code base_network_controller_pods.go}, {@code base_secondary_layer2_network_controller.go}): a primary network of layer
 * 2 with ports whose addresses are those of the default network's, too, and the rows that keep its pods off the default network.
 */
final class OvnKubernetesNetworks {

  static final String LABEL = "k8s.ovn.org/primary-user-defined-network";
  static final String NETWORK = "k8s.ovn.org/network";
  static final String LOCK = "UDNIsolation";
  private static final String CONTROLLER = "blue-network-controller";
  private static final ObjectMapper JSON = new ObjectMapper();

  private final ArrayNode operations;
  private final Map<String, String> ports = new TreeMap<>();
  private int next = 100_000;

  private OvnKubernetesNetworks(ArrayNode operations) {
    this.operations = operations;
  }

  /**
   * The rows with those of the networks.
   *
   * @param rows the rows of the default network, as a transaction
   * @param members the namespaces on the primary network
   * @param opened what a pod of it opens to the default network, such as {@code tcp.dst == 80}; empty if nothing
   */
  static String in(String rows, Cluster cluster, Set<String> members, String opened) {
    try {
      OvnKubernetesNetworks networks = new OvnKubernetesNetworks((ArrayNode) JSON.readTree(rows));
      networks.findPorts();
      networks.secondary();
      networks.primary(cluster, members);
      networks.lock(cluster, members, opened);
      return networks.operations.toString();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private void findPorts() {
    for (JsonNode operation : operations) {
      if (operation.path("table").asText().equals("Logical_Switch_Port")) {
        ports.put(
            operation.path("row").path("name").asText(),
            operation.path("uuid-name").asText());
      }
    }
  }

  private ObjectNode row(String table, String... ids) {
    ObjectNode row = operations
        .addObject()
        .put("op", "insert")
        .put("table", table)
        .put("uuid-name", "row" + next++)
        .putObject("row");
    ArrayNode pairs = row.putArray("external_ids").add("map").addArray();
    for (int i = 0; i < ids.length; i += 2) {
      pairs.addArray().add(ids[i]).add(ids[i + 1]);
    }
    return row;
  }

  private String last() {
    return "row" + (next - 1);
  }

  private static void refer(ObjectNode row, String column, List<String> names) {
    ArrayNode set = row.putArray(column).add("set").addArray();
    names.forEach(name -> set.addArray().add("named-uuid").add(name));
  }

  private String acl(
      String type,
      String name,
      String direction,
      int tier,
      int priority,
      String match,
      String action) {
    row(
            "ACL",
            "k8s.ovn.org/owner-controller",
            type.equals(LOCK) ? "default-network-controller" : CONTROLLER,
            "k8s.ovn.org/owner-type",
            type,
            "k8s.ovn.org/name",
            name,
            "direction",
            direction.equals("to-lport") ? "Ingress" : "Egress")
        .put("direction", direction)
        .put("tier", tier)
        .put("priority", priority)
        .put("match", match)
        .put("action", action);
    return last();
  }

  private String port(String name, String addresses, String topology) {
    row(
            "Logical_Switch_Port",
            "namespace",
            "red",
            "pod",
            "true",
            NETWORK,
            "blue",
            "k8s.ovn.org/nad",
            "red/blue",
            "k8s.ovn.org/topology",
            topology)
        .put("name", name)
        .put("addresses", addresses)
        .put("port_security", addresses);
    return last();
  }

  /** A network beside the default one, whose switch drops everything. */
  private void secondary() {
    String drop = acl("NetworkPolicy", "red:multi", "to-lport", 2, 32_000, "ip", "drop");
    ObjectNode logical = row(
            "Logical_Switch",
            NETWORK,
            "green",
            "k8s.ovn.org/role",
            "secondary",
            "k8s.ovn.org/topology",
            "localnet")
        .put("name", "green_ovn_localnet_switch");
    refer(logical, "acls", List.of(drop));
  }

  /** A switch with every address that the default network has, where nothing may pass. */
  private void primary(Cluster cluster, Set<String> members) {
    List<String> all = new ArrayList<>();
    int number = 0;
    for (Workload workload : cluster.workloads()) {
      for (Pod pod : workload.pods()) {
        if (!workload.hostNetwork()) {
          StringBuilder addresses =
              new StringBuilder(String.format("0a:58:0b:00:01:%02x", number++));
          pod.addresses().forEach(address -> addresses.append(' ').append(address));
          all.add(port(
              "red.blue_" + workload.namespace() + "_" + pod.name(),
              addresses.toString(),
              "layer2"));
        }
      }
    }
    row("Logical_Switch_Port")
        .put("name", "k8s-blue_worker-1")
        .put("addresses", "0a:58:0b:f4:00:02 10.244.0.9");
    all.add(last());
    row("Logical_Switch_Port")
        .put("name", "blue_stor-ovn_layer2_switch")
        .put("type", "router")
        .put("addresses", "router");
    all.add(last());
    List<String> acls = new ArrayList<>();
    for (String direction : List.of("to-lport", "from-lport")) {
      acls.add(acl(
          "NetpolNamespace",
          "red",
          direction,
          2,
          1000,
          (direction.equals("to-lport") ? "outport" : "inport") + " == @blue_pods",
          "drop"));
    }
    ObjectNode group = row(
            "Port_Group",
            "k8s.ovn.org/owner-controller",
            CONTROLLER,
            "k8s.ovn.org/owner-type",
            "NetpolNamespace")
        .put("name", "blue_pods");
    refer(group, "ports", all);
    refer(group, "acls", acls);
    ObjectNode logical = row(
            "Logical_Switch",
            NETWORK,
            "blue",
            "k8s.ovn.org/role",
            "primary",
            "k8s.ovn.org/topology",
            "layer2")
        .put("name", "blue_ovn_layer2_switch");
    refer(logical, "ports", all);
    refer(
        logical,
        "acls",
        List.of(acl("MulticastCluster", "blue", "to-lport", 2, 1011, "ip4", "drop")));
    row("Load_Balancer", NETWORK, "blue", "k8s.ovn.org/role", "primary")
        .put("name", "Service_red/web_TCP_cluster")
        .putArray("vips")
        .add("map")
        .addArray()
        .addArray()
        .add(firstAddress(cluster) + ":80")
        .add("10.9.9.9:80");
    refer(logical, "load_balancer", List.of(last()));
  }

  private static String firstAddress(Cluster cluster) {
    return cluster.workloads().stream()
        .flatMap(workload -> workload.pods().stream())
        .flatMap(pod -> pod.addresses().stream())
        .filter(address -> address.toString().contains("."))
        .map(Object::toString)
        .findFirst()
        .orElse("10.9.9.8");
  }

  private static boolean isOneNode(Cluster cluster) {
    return cluster.workloads().stream()
            .flatMap(workload -> workload.pods().stream())
            .map(Pod::node)
            .distinct()
            .count()
        == 1;
  }

  private void lock(Cluster cluster, Set<String> members, String opened) {
    List<String> locked = new ArrayList<>();
    List<String> acls = new ArrayList<>();
    String group = "a11111111111111111111";
    for (Workload workload : cluster.workloads()) {
      for (Pod pod : workload.pods()) {
        String name = workload.namespace() + "_" + pod.name();
        String port = ports.getOrDefault(name, "");
        if (!workload.hostNetwork() && members.contains(workload.namespace())) {
          locked.add(port);
          if (!opened.isEmpty() && locked.size() == 1) {
            String open = "OpenPort-" + workload.namespace() + "/" + pod.name();
            acls.add(acl(
                LOCK,
                open,
                "to-lport",
                0,
                1001,
                "outport == \"" + name + "\" && (arp || nd || (" + opened + "))",
                "allow-related"));
            acls.add(acl(
                LOCK,
                open,
                "from-lport",
                0,
                1001,
                "inport == \"" + name + "\" && (arp || nd)",
                "allow"));
          }
        }
      }
    }
    String arp = " && (( arp && arp.PART == 10.244.0.2 ))";
    acls.add(acl(LOCK, "DenyPrimaryUDN", "from-lport", 0, 1000, "inport == @" + group, "drop"));
    acls.add(acl(LOCK, "DenyPrimaryUDN", "to-lport", 0, 1000, "outport == @" + group, "drop"));
    acls.add(acl(
        LOCK,
        "AllowHostARPPrimaryUDN",
        "from-lport",
        0,
        1001,
        "inport == @" + group + arp.replace("PART", "tpa"),
        "allow"));
    acls.add(acl(
        LOCK,
        "AllowHostARPPrimaryUDN",
        "to-lport",
        0,
        1001,
        "outport == @" + group + arp.replace("PART", "spa"),
        "allow"));
    if (isOneNode(cluster)) {
      // The controller of a node writes that of its own.
      acls.add(acl(
          LOCK,
          "AllowHostPrimaryUDN",
          "to-lport",
          0,
          1001,
          "outport == @" + group + " && (ip4.src==10.244.0.2)",
          "allow-related"));
    }
    ObjectNode row = row(
            "Port_Group",
            "k8s.ovn.org/owner-controller",
            "default-network-controller",
            "k8s.ovn.org/owner-type",
            LOCK,
            "k8s.ovn.org/name",
            "SecondaryPods")
        .put("name", group);
    refer(row, "ports", locked);
    refer(row, "acls", acls);
  }
}
