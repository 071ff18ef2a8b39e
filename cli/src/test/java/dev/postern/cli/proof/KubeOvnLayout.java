package dev.postern.cli.proof;

import dev.postern.cli.proof.NorthboundRows.Row;
import dev.postern.cluster.Cluster;
import dev.postern.cluster.Node;
import dev.postern.cluster.Pod;
import dev.postern.cluster.Workload;
import dev.postern.net.Address;
import dev.postern.net.Cidr;
import dev.postern.net.Family;
import dev.postern.net.PortSet;
import dev.postern.policy.Direction;
import dev.postern.policy.Peer;
import dev.postern.policy.Peers;
import dev.postern.policy.Policy;
import dev.postern.policy.PolicyKind;
import dev.postern.policy.PolicyRule;
import dev.postern.policy.Ports;
import dev.postern.policy.Subject;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A cluster's rows as kube-ovn writes them ({@code pkg/controller/network_policy.go}, {@code pkg/ovs/ovn-nb-acl.go}): all pods on one dual-stack
 * subnet, a port group a policy and a node, an address set a rule and family. Ports by name are left out.
 */
final class KubeOvnLayout {

  /** How releases differ in their ACLs. */
  enum Release {
    /** Without tiers; what gateways and nodes exchange with pods is not tracked. */
    V1_12,
    /** In tier 2; ICMPv6 passes untracked. */
    V1_15
  }

  static final String GATEWAY_4 = "10.16.0.1";
  static final String GATEWAY_6 = "fd00:10:16::1";

  private static final String SUBNET = "ovn-default";
  private static final Map<String, String> VENDOR = Map.of("vendor", "kube-ovn");
  private static final int DROP = 2000;
  private static final int ALLOW = 2001;
  private static final int NODE = 3000;

  private final Cluster cluster;
  private final Release release;
  private final NorthboundRows rows = new NorthboundRows();
  private final OvnKubernetesPods pods;
  private final Map<String, List<Row>> byNode = new TreeMap<>();

  private KubeOvnLayout(Cluster cluster, Release release) {
    this.cluster = cluster;
    this.release = release;
    this.pods = new OvnKubernetesPods(cluster);
  }

  /** The rows as a transaction on an empty database. */
  static String of(Cluster cluster, Release release) {
    KubeOvnLayout layout = new KubeOvnLayout(cluster, release);
    layout.subnets();
    layout.nodes();
    cluster.policies().stream()
        .filter(policy -> policy.kind() == PolicyKind.NETWORK_POLICY)
        .forEach(layout::policy);
    return layout.rows.text();
  }

  private void subnets() {
    List<Row> ports = new ArrayList<>();
    int number = 1;
    for (Workload workload : cluster.workloads()) {
      for (Pod pod : workload.pods()) {
        if (workload.hostNetwork()) {
          continue;
        }
        StringBuilder addresses = new StringBuilder(String.format("00:00:00:10:00:%02x", number++));
        pod.addresses().forEach(address -> addresses.append(' ').append(address));
        Row port = rows.insert("Logical_Switch_Port")
            .set("name", pod.name() + "." + workload.namespace())
            .texts("addresses", List.of(addresses.toString()))
            .map(
                "external_ids",
                Map.of(
                    "ls",
                    SUBNET,
                    "pod",
                    workload.namespace() + "/" + pod.name(),
                    "vendor",
                    "kube-ovn"));
        ports.add(port);
        pods.put(pod, port);
        pod.node()
            .ifPresent(
                node -> byNode.computeIfAbsent(node, n -> new ArrayList<>()).add(port));
      }
    }
    List<Row> joins = new ArrayList<>();
    int host = 2;
    for (Node node : cluster.nodes()) {
      joins.add(rows.insert("Logical_Switch_Port")
          .set("name", "node-" + node.name())
          .texts("addresses", List.of("00:00:00:64:00:0" + host % 10 + " 100.64.0." + host))
          .map("external_ids", VENDOR));
      host++;
    }
    List<Row> routerPorts = new ArrayList<>();
    attach(SUBNET, ports, List.of(GATEWAY_4 + "/16", GATEWAY_6 + "/64"), routerPorts);
    attach("join", joins, List.of("100.64.0.1/16"), routerPorts);
    rows.insert("Logical_Router")
        .set("name", "ovn-cluster")
        .map("external_ids", VENDOR)
        .rows("ports", routerPorts);
  }

  private void attach(
      String subnet, List<Row> ports, List<String> networks, List<Row> routerPorts) {
    String name = "ovn-cluster-" + subnet;
    routerPorts.add(rows.insert("Logical_Router_Port")
        .set("name", name)
        .set("mac", "00:00:00:aa:00:0" + routerPorts.size())
        .texts("networks", networks)
        .map("external_ids", VENDOR));
    List<Row> all = new ArrayList<>(ports);
    all.add(rows.insert("Logical_Switch_Port")
        .set("name", subnet + "-ovn-cluster")
        .set("type", "router")
        .texts("addresses", List.of("router"))
        .map("options", Map.of("router-port", name))
        .map("external_ids", VENDOR));
    Row logical = rows.insert("Logical_Switch")
        .set("name", subnet)
        .map("external_ids", VENDOR)
        .rows("ports", all);
    if (subnet.equals(SUBNET)) {
      logical.rows(
          "load_balancer",
          List.of(rows.insert("Load_Balancer")
              .set("name", "cluster-tcp-loadbalancer")
              .set("protocol", "tcp")
              .map("vips", Map.of("10.96.0.1:443", "172.18.0.2:6443"))
              .map("external_ids", VENDOR)));
    }
  }

  /** A group a node: what it exchanges with its own pods passes. */
  private void nodes() {
    for (Node node : cluster.nodes()) {
      String group = "node." + dotted(node.name());
      List<Row> acls = new ArrayList<>();
      for (Address address : node.addresses()) {
        String ip = ip(address.family());
        String set = "$" + group + "_" + ip;
        String action = release == Release.V1_12 ? "allow-stateless" : "allow-related";
        acls.add(acl(
            Direction.INGRESS,
            NODE,
            ip + ".src == " + address + " && " + ip + ".dst == " + set,
            action));
        acls.add(acl(
            Direction.EGRESS,
            NODE,
            ip + ".dst == " + address + " && " + ip + ".src == " + set,
            action));
      }
      group(group, byNode.getOrDefault(node.name(), List.of()), acls);
    }
  }

  private void policy(Policy policy) {
    String group = dotted(policy.name() + "." + policy.namespace());
    List<Row> members = pods.portsOf(pods.selected(policy.subject()));
    List<Row> acls = new ArrayList<>();
    if (!members.isEmpty()) {
      for (Direction direction : policy.isolates()) {
        isolate(group, direction, acls);
        for (PolicyRule rule : policy.rules(direction)) {
          for (Family family : Family.values()) {
            allow(group, rule, family, acls);
          }
        }
      }
      uncounted(acls);
    }
    group(group, members, acls);
  }

  private void isolate(String group, Direction direction, List<Row> acls) {
    List<String> all = release == Release.V1_12 ? List.of("ip4", "ip6") : List.of("ip");
    all.forEach(ip -> acls.add(acl(direction, DROP, at(direction, group) + " && " + ip, "drop")));
  }

  /** What passes whatever rules say. */
  private void uncounted(List<Row> acls) {
    if (release == Release.V1_15) {
      acls.add(acl(Direction.EGRESS, ALLOW, "icmp6", "allow-stateless"));
      acls.add(acl(Direction.INGRESS, ALLOW, "icmp6", "allow-stateless"));
      return;
    }
    for (String gateway : List.of(GATEWAY_4, GATEWAY_6)) {
      String ip = ip(Address.parse(gateway).family());
      acls.add(acl(Direction.INGRESS, ALLOW, ip + ".src == " + gateway, "allow-stateless"));
      acls.add(acl(Direction.EGRESS, ALLOW, ip + ".dst == " + gateway, "allow-stateless"));
    }
    acls.add(acl(Direction.EGRESS, ALLOW, "nd || nd_ra || nd_rs", "allow-stateless"));
  }

  private void allow(String group, PolicyRule rule, Family family, List<Row> acls) {
    List<String> selected = new ArrayList<>();
    List<Peer.IpBlock> blocks = new ArrayList<>();
    if (rule.peers() instanceof Peers.AnyOf any) {
      for (Peer peer : any.peers()) {
        if (peer instanceof Peer.IpBlock block && block.cidr().family() == family) {
          blocks.add(block);
        } else if (peer instanceof Peer.Pods some) {
          selected.addAll(
              addresses(pods.selected(new Subject(some.namespaces(), some.pods())), family));
        }
      }
    } else {
      selected.add(Cidr.all(family).toString());
    }
    List<String> excepts = new ArrayList<>();
    if (release == Release.V1_12) {
      for (Peer.IpBlock block : blocks) {
        selected.add(block.cidr().toString());
        block.except().forEach(except -> excepts.add(except.toString()));
      }
      blocks.clear();
    }
    String direction = rule.direction() == Direction.INGRESS ? "ingress" : "egress";
    String number = (family == Family.IPV4 ? ".IPv4." : ".IPv6.") + rule.index();
    String allowed = group + "." + direction + ".allow" + number;
    String except = group + "." + direction + ".except" + number;
    rows.insert("Address_Set").set("name", allowed).texts("addresses", selected);
    rows.insert("Address_Set").set("name", except).texts("addresses", excepts);
    String side = ip(family) + (rule.direction() == Direction.INGRESS ? ".src" : ".dst");
    String match = at(rule.direction(), group) + " && ip && " + side;
    if (!selected.isEmpty()) {
      ports(match + " == $" + allowed + " && " + side + " != $" + except, rule, acls);
    }
    for (Peer.IpBlock block : blocks) {
      StringBuilder only = new StringBuilder(match + " == " + block.cidr());
      block.except().forEach(cidr -> only.append(" && " + side + " != " + cidr));
      ports(only.toString(), rule, acls);
    }
  }

  private void ports(String match, PolicyRule rule, List<Row> acls) {
    if (!(rule.ports() instanceof Ports.AnyOf any)) {
      acls.add(acl(rule.direction(), ALLOW, match, "allow-related"));
      return;
    }
    for (Ports.PortMatch port : any.matches()) {
      if (!(port instanceof Ports.Numbered numbered)) {
        continue;
      }
      String word = numbered.protocol().word();
      if (numbered.ports().isAll()) {
        acls.add(acl(rule.direction(), ALLOW, match + " && " + word, "allow-related"));
        continue;
      }
      for (PortSet.Interval range : numbered.ports().intervals()) {
        String of = range.first() == range.last()
            ? word + ".dst == " + range.first()
            : range.first() + " <= " + word + ".dst <= " + range.last();
        acls.add(acl(rule.direction(), ALLOW, match + " && " + of, "allow-related"));
      }
    }
  }

  private static List<String> addresses(List<Workload> workloads, Family family) {
    return OvnKubernetesPods.addresses(workloads).stream()
        .filter(address -> address.family() == family)
        .map(Address::toString)
        .toList();
  }

  private Row acl(Direction direction, int priority, String match, String action) {
    Row acl = rows.insert("ACL")
        .set("direction", direction == Direction.INGRESS ? "to-lport" : "from-lport")
        .set("priority", priority)
        .set("match", match)
        .set("action", action)
        .map("external_ids", VENDOR);
    if (release == Release.V1_15) {
      acl.set("tier", 2);
    }
    return direction == Direction.INGRESS
        ? acl
        : acl.map("options", Map.of("apply-after-lb", "true"));
  }

  private void group(String name, Collection<Row> members, Collection<Row> acls) {
    rows.insert("Port_Group")
        .set("name", name)
        .map("external_ids", new LinkedHashMap<>(VENDOR))
        .rows("ports", members)
        .rows("acls", acls);
  }

  private static String at(Direction direction, String group) {
    return (direction == Direction.INGRESS ? "outport" : "inport") + " == @" + group;
  }

  private static String ip(Family family) {
    return family == Family.IPV4 ? "ip4" : "ip6";
  }

  private static String dotted(String name) {
    return name.replace('-', '.');
  }
}
