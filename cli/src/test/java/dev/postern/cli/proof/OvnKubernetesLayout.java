package dev.postern.cli.proof;

import dev.postern.cli.proof.NorthboundRows.Row;
import dev.postern.cluster.Cluster;
import dev.postern.cluster.Namespace;
import dev.postern.cluster.Node;
import dev.postern.cluster.Pod;
import dev.postern.cluster.Workload;
import dev.postern.net.Address;
import dev.postern.net.Cidr;
import dev.postern.net.Family;
import dev.postern.policy.Direction;
import dev.postern.policy.NamespaceSelection;
import dev.postern.policy.Peer;
import dev.postern.policy.Peers;
import dev.postern.policy.Policy;
import dev.postern.policy.PolicyKind;
import dev.postern.policy.PolicyRule;
import dev.postern.policy.Subject;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A cluster's rows as OVN-Kubernetes of December 2024 writes them for its default network, both families on, no multicast: port groups a
 * policy and a namespace's default denial, address sets a peer and family, ACLs of tiers 1 to 3, rows named after a hash of their
 * {@code external_ids}. A NetworkPolicy's named port is all ports of the protocol there.
 */
final class OvnKubernetesLayout {

  /** Packets that come back to the pod which called a Service bear these. */
  static final String HAIRPIN = "169.254.169.5 fd69::5";

  private static final String CONTROLLER = "default-network-controller";
  private static final int ALLOW = 1001;
  private static final int DENY = 1000;

  private final Cluster cluster;
  private final NorthboundRows rows = new NorthboundRows();
  private final Map<String, Row> ports = new LinkedHashMap<>();
  private final Map<Pod, Row> portOf = new LinkedHashMap<>();
  private final Map<String, String> sets = new LinkedHashMap<>();

  private final boolean mistaken;

  private OvnKubernetesLayout(Cluster cluster, boolean mistaken) {
    this.cluster = cluster;
    this.mistaken = mistaken;
  }

  /**
   * The rows as a transaction on an empty database.
   *
   * @param mistaken whether an entry for all ports is forgotten beside one for some ports of its protocol, as OVN-Kubernetes does
   */
  static String of(Cluster cluster, boolean mistaken) {
    OvnKubernetesLayout layout = new OvnKubernetesLayout(cluster, mistaken);
    layout.switches();
    layout.everyNamespace();
    layout.everyCluster();
    for (Policy policy : cluster.policies()) {
      if (policy.kind() == PolicyKind.NETWORK_POLICY) {
        layout.networkPolicy(policy);
      } else {
        layout.adminPolicy(policy);
      }
    }
    layout.defaultDenials();
    return layout.rows.text();
  }

  /** FNV-1a over an object's primary id, as decimal digits after an `a`. */
  private static String hash(String id) {
    long hash = 0xcbf29ce484222325L;
    for (byte each : id.getBytes(StandardCharsets.UTF_8)) {
      hash = (hash ^ (each & 0xff)) * 0x100000001b3L;
    }
    return "a" + Long.toUnsignedString(hash);
  }

  private static SortedMap<String, String> ids(String type, String... keysAndValues) {
    SortedMap<String, String> ids = new TreeMap<>();
    StringBuilder id = new StringBuilder(CONTROLLER + ":" + type);
    for (int i = 0; i < keysAndValues.length; i += 2) {
      ids.put(keysAndValues[i], keysAndValues[i + 1]);
      id.append(':').append(keysAndValues[i + 1]);
    }
    ids.put("k8s.ovn.org/owner-controller", CONTROLLER);
    ids.put("k8s.ovn.org/owner-type", type);
    ids.put("k8s.ovn.org/id", id.toString());
    return ids;
  }

  private static String hashed(Map<String, String> ids) {
    return hash(ids.getOrDefault("k8s.ovn.org/id", ""));
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
        portOf.put(pod, port);
        byNode
            .computeIfAbsent(pod.node().orElse("lost"), n -> new ArrayList<>())
            .add(port);
      }
    }
    int subnet = 0;
    for (Map.Entry<String, List<Row>> node : byNode.entrySet()) {
      String management = "10.244." + subnet++ + ".2";
      node.getValue().add(port("k8s-" + node.getKey(), "0a:58:0a:f4:00:02 " + management));
      Row allow = acl(
          ids("NetpolNode", "k8s.ovn.org/name", node.getKey(), "ip", management),
          Direction.INGRESS,
          2,
          ALLOW,
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
      set(
          "Namespace", addresses(pods(new NamespaceSelection.Named(namespace.name()))),
          "k8s.ovn.org/name", namespace.name());
    }
  }

  /** Makes the sets of both families of an address set, and returns their names with a comma between. */
  private String set(String type, Collection<Address> addresses, String... keysAndValues) {
    return sets.computeIfAbsent(type + String.join(":", keysAndValues), made -> {
      List<String> names = new ArrayList<>();
      for (Family family : Family.values()) {
        String[] all = new String[keysAndValues.length + 2];
        System.arraycopy(keysAndValues, 0, all, 0, keysAndValues.length);
        all[keysAndValues.length] = "ip-family";
        all[keysAndValues.length + 1] = family == Family.IPV4 ? "v4" : "v6";
        SortedMap<String, String> ids = ids(type, all);
        rows.insert("Address_Set")
            .set("name", hashed(ids))
            .map("external_ids", ids)
            .texts(
                "addresses",
                addresses.stream()
                    .filter(a -> a.family() == family)
                    .map(Address::toString)
                    .toList());
        names.add(hashed(ids));
      }
      return String.join(",", names);
    });
  }

  private void everyCluster() {
    String match = "(ip4.src == 169.254.169.5 || ip6.src == fd69::5)";
    List<Row> acls = new ArrayList<>();
    for (Direction direction : Direction.values()) {
      acls.add(acl(
          ids(
              "NetpolDefault",
              "k8s.ovn.org/name",
              "allow-hairpinning",
              "direction",
              word(direction)),
          direction,
          2,
          ALLOW,
          match,
          "allow-related"));
    }
    group(ids("Cluster", "k8s.ovn.org/name", "clusterPortGroup"), ports.values(), acls);
  }

  private Row group(Map<String, String> ids, Collection<Row> members, Collection<Row> acls) {
    return rows.insert("Port_Group")
        .set("name", hashed(ids))
        .map("external_ids", ids)
        .rows("ports", members)
        .rows("acls", acls);
  }

  private static String word(Direction direction) {
    return direction == Direction.INGRESS ? "Ingress" : "Egress";
  }

  private Row acl(
      Map<String, String> ids,
      Direction direction,
      int tier,
      int priority,
      String match,
      String action) {
    Row acl = rows.insert("ACL")
        .set("direction", direction == Direction.INGRESS ? "to-lport" : "from-lport")
        .set("priority", priority)
        .set("match", match)
        .set("action", action)
        .set("tier", tier)
        .set("meter", "acl-logging")
        .map("external_ids", ids);
    return direction == Direction.INGRESS
        ? acl
        : acl.map("options", Map.of("apply-after-lb", "true"));
  }

  private List<Workload> pods(NamespaceSelection namespaces) {
    return cluster.workloads().stream()
        .filter(workload -> !workload.hostNetwork())
        .filter(workload -> namespaces instanceof NamespaceSelection.Named named
            ? named.namespace().equals(workload.namespace())
            : ((NamespaceSelection.Matching) namespaces)
                .selector()
                .matches(cluster.namespace(workload.namespace()).labels()))
        .toList();
  }

  private static List<Address> addresses(List<Workload> workloads) {
    return workloads.stream()
        .flatMap(workload -> workload.pods().stream())
        .flatMap(pod -> pod.addresses().stream())
        .toList();
  }

  private List<Workload> selected(Subject subject) {
    return pods(subject.namespaces()).stream()
        .filter(workload -> subject.pods().matches(workload.labels()))
        .toList();
  }

  private List<Row> portsOf(List<Workload> workloads) {
    return workloads.stream()
        .flatMap(workload -> workload.pods().stream())
        .flatMap(pod ->
            portOf.containsKey(pod) ? List.of(portOf.get(pod)).stream() : List.<Row>of().stream())
        .distinct()
        .toList();
  }

  private static String at(Direction direction, String group) {
    return (direction == Direction.INGRESS ? "outport" : "inport") + " == @" + group;
  }

  private static String side(Direction direction) {
    return direction == Direction.INGRESS ? "src" : "dst";
  }

  private void networkPolicy(Policy policy) {
    SortedMap<String, String> ids =
        ids("NetworkPolicy", "k8s.ovn.org/name", policy.namespace() + ":" + policy.name());
    List<Row> acls = new ArrayList<>();
    for (Direction direction : policy.isolates()) {
      for (PolicyRule rule : policy.rules(direction)) {
        OvnKubernetesPorts.numbered(rule.ports(), true, mistaken).forEach((protocol, ports) -> {
          List<String> matches = matches(rule);
          for (int i = 0; i < matches.size(); i++) {
            String match = matches.get(i) + ports.map(p -> " && " + p).orElse("") + " && "
                + at(direction, hashed(ids));
            acls.add(acl(
                ids(
                    "NetworkPolicy",
                    "k8s.ovn.org/name",
                    policy.namespace() + ":" + policy.name(),
                    "direction",
                    word(direction),
                    "gress-index",
                    "" + rule.index(),
                    "port-policy-protocol",
                    protocol,
                    "ip-block-index",
                    "" + (i - 1)),
                direction,
                2,
                ALLOW,
                match,
                "allow-related"));
          }
        });
      }
    }
    group(ids, portsOf(selected(policy.subject())), acls);
  }

  /** What a rule's peers look like: one match for all its selectors, one for each block. */
  private List<String> matches(PolicyRule rule) {
    if (!(rule.peers() instanceof Peers.AnyOf any)) {
      return List.of("(ip4 || ip6)");
    }
    List<String> v4 = new ArrayList<>();
    List<String> v6 = new ArrayList<>();
    List<String> matches = new ArrayList<>();
    String side = side(rule.direction());
    for (Peer peer : any.peers()) {
      if (peer instanceof Peer.Pods pods) {
        List<Workload> chosen = selected(new Subject(pods.namespaces(), pods.pods()));
        String[] names = set(
                "PodSelector",
                addresses(chosen),
                "k8s.ovn.org/name",
                "LS" + pods.pods() + "_" + pods.namespaces())
            .split(",");
        v4.add("$" + names[0]);
        v6.add("$" + names[1]);
      } else if (peer instanceof Peer.IpBlock block) {
        String field = (block.cidr().family() == Family.IPV4 ? "ip4." : "ip6.") + side;
        String except =
            String.join(", ", block.except().stream().map(Cidr::toString).toList());
        matches.add(field + " == " + block.cidr()
            + (except.isEmpty() ? "" : " && " + field + " != {" + except + "}"));
      }
    }
    if (!v4.isEmpty()) {
      v4.sort(String::compareTo);
      v6.sort(String::compareTo);
      matches.add(
          0,
          "(ip4." + side + " == {" + String.join(", ", v4) + "} || ip6." + side + " == {"
              + String.join(", ", v6) + "})");
    }
    return matches;
  }

  /** In each namespace a port group a direction: ARP passes, the rest does not. */
  private void defaultDenials() {
    for (Namespace namespace : cluster.namespaces().values()) {
      List<Policy> own = cluster.policies().stream()
          .filter(policy -> policy.kind() == PolicyKind.NETWORK_POLICY)
          .filter(policy -> policy.namespace().equals(namespace.name()))
          .toList();
      if (own.isEmpty()) {
        continue;
      }
      for (Direction direction : Direction.values()) {
        List<Row> members = own.stream()
            .filter(policy -> policy.isolates().contains(direction))
            .flatMap(policy -> portsOf(selected(policy.subject())).stream())
            .distinct()
            .toList();
        String[] key = {"k8s.ovn.org/name", namespace.name(), "direction", word(direction)};
        String at = at(direction, hashed(ids("NetpolNamespace", key)));
        group(
            ids("NetpolNamespace", key),
            members,
            List.of(
                acl(
                    ids("NetpolNamespace", key[0], key[1], key[2], key[3], "type", "defaultDeny"),
                    direction,
                    2,
                    DENY,
                    at,
                    "drop"),
                acl(
                    ids("NetpolNamespace", key[0], key[1], key[2], key[3], "type", "arpAllow"),
                    direction,
                    2,
                    ALLOW,
                    at + " && (arp || nd)",
                    "allow")));
      }
    }
  }

  private void adminPolicy(Policy policy) {
    boolean baseline = policy.kind() == PolicyKind.BASELINE_ADMIN_NETWORK_POLICY;
    String type = baseline ? "BaselineAdminNetworkPolicy" : "AdminNetworkPolicy";
    int first = baseline ? 1750 : 30000 - 100 * policy.priority();
    SortedMap<String, String> ids = ids(type, "k8s.ovn.org/name", policy.name());
    List<Workload> subject = selected(policy.subject());
    List<Row> acls = new ArrayList<>();
    for (Direction direction : Direction.values()) {
      for (PolicyRule rule : policy.rules(direction)) {
        String[] key = {
          "k8s.ovn.org/name",
          policy.name(),
          "direction",
          word(direction),
          "gress-index",
          "" + rule.index()
        };
        List<Address> peers = new ArrayList<>();
        List<String> networks = new ArrayList<>();
        List<Workload> peerPods = new ArrayList<>();
        expand(rule, peers, networks, peerPods);
        String match = admin(type, key, side(direction), peers, networks);
        String at = at(direction, hashed(ids));
        String action = switch (rule.action()) {
          case ALLOW -> "allow-related";
          case DENY -> "drop";
          case PASS -> "pass";
        };
        OvnKubernetesPorts.numbered(rule.ports(), false, mistaken)
            .forEach((protocol, ports) -> acls.add(acl(
                ids(
                    type,
                    key[0],
                    key[1],
                    key[2],
                    key[3],
                    key[4],
                    key[5],
                    "port-policy-protocol",
                    protocol),
                direction,
                baseline ? 3 : 1,
                first - rule.index(),
                at + " && " + match + ports.map(p -> " && " + p).orElse(""),
                action)));
        List<Workload> named = direction == Direction.INGRESS ? subject : peerPods;
        OvnKubernetesPorts.named(rule.ports(), named)
            .forEach((protocol, ports) -> acls.add(acl(
                ids(
                    type,
                    key[0],
                    key[1],
                    key[2],
                    key[3],
                    key[4],
                    key[5],
                    "port-policy-protocol",
                    protocol + "-namedPort"),
                direction,
                baseline ? 3 : 1,
                first - rule.index(),
                (direction == Direction.INGRESS ? match : at) + " && " + ports,
                action)));
      }
    }
    group(ids, portsOf(subject), acls);
  }

  /** An admin rule has one address set a family, of pods, nodes and networks together. */
  private String admin(
      String type, String[] key, String side, List<Address> peers, List<String> networks) {
    List<String> names = new ArrayList<>();
    for (Family family : Family.values()) {
      SortedMap<String, String> ids = ids(
          type,
          key[0],
          key[1],
          key[2],
          key[3],
          key[4],
          key[5],
          "ip-family",
          family == Family.IPV4 ? "v4" : "v6");
      List<String> members = new ArrayList<>();
      peers.stream().filter(a -> a.family() == family).forEach(a -> members.add(a.toString()));
      networks.stream()
          .filter(network -> network.contains(":") == (family == Family.IPV6))
          .forEach(members::add);
      rows.insert("Address_Set")
          .set("name", hashed(ids))
          .map("external_ids", ids)
          .texts("addresses", members.stream().distinct().toList());
      names.add(hashed(ids));
    }
    return "((ip4." + side + " == $" + names.get(0) + " || ip6." + side + " == $" + names.get(1)
        + "))";
  }

  private void expand(
      PolicyRule rule, List<Address> peers, List<String> networks, List<Workload> pods) {
    if (!(rule.peers() instanceof Peers.AnyOf any)) {
      throw new IllegalArgumentException("an admin rule has peers");
    }
    for (Peer peer : any.peers()) {
      if (peer instanceof Peer.Pods chosen) {
        List<Workload> workloads = selected(new Subject(chosen.namespaces(), chosen.pods()));
        pods.addAll(workloads);
        peers.addAll(addresses(workloads));
      } else if (peer instanceof Peer.Networks blocks) {
        blocks.cidrs().forEach(cidr -> networks.add(cidr.toString()));
      } else if (peer instanceof Peer.Nodes nodes) {
        for (Node node : cluster.nodes()) {
          if (nodes.nodes().matches(node.labels())) {
            peers.addAll(node.addresses());
          }
        }
      }
    }
  }
}
