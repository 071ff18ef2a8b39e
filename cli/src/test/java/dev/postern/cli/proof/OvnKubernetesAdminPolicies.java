package dev.postern.cli.proof;

import static dev.postern.cli.proof.OvnKubernetesRows.at;
import static dev.postern.cli.proof.OvnKubernetesRows.hashed;
import static dev.postern.cli.proof.OvnKubernetesRows.ids;
import static dev.postern.cli.proof.OvnKubernetesRows.side;
import static dev.postern.cli.proof.OvnKubernetesRows.word;

import dev.postern.cli.proof.NorthboundRows.Row;
import dev.postern.cluster.Cluster;
import dev.postern.cluster.Node;
import dev.postern.cluster.Workload;
import dev.postern.net.Address;
import dev.postern.net.Family;
import dev.postern.policy.Direction;
import dev.postern.policy.Peer;
import dev.postern.policy.Peers;
import dev.postern.policy.Policy;
import dev.postern.policy.PolicyKind;
import dev.postern.policy.PolicyRule;
import dev.postern.policy.Subject;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;

/** AdminNetworkPolicies and the baseline: a port group a policy, an ACL a rule and protocol, address sets a rule. */
final class OvnKubernetesAdminPolicies {

  private final Cluster cluster;
  private final OvnKubernetesRows rows;
  private final OvnKubernetesPods pods;
  private final boolean mistaken;

  /** @param mistaken as in {@link OvnKubernetesLayout#of} */
  OvnKubernetesAdminPolicies(
      Cluster cluster, OvnKubernetesRows rows, OvnKubernetesPods pods, boolean mistaken) {
    this.cluster = cluster;
    this.rows = rows;
    this.pods = pods;
    this.mistaken = mistaken;
  }

  void add(Policy policy) {
    boolean baseline = policy.kind() == PolicyKind.BASELINE_ADMIN_NETWORK_POLICY;
    String type = baseline ? "BaselineAdminNetworkPolicy" : "AdminNetworkPolicy";
    int first = baseline ? 1750 : 30000 - 100 * policy.priority();
    SortedMap<String, String> ids = ids(type, "k8s.ovn.org/name", policy.name());
    List<Workload> subject = pods.selected(policy.subject());
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
            .forEach((protocol, ports) -> acls.add(rows.acl(
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
            .forEach((protocol, ports) -> acls.add(rows.acl(
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
    rows.group(ids, pods.portsOf(subject), acls);
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
      PolicyRule rule, List<Address> peers, List<String> networks, List<Workload> peerPods) {
    if (!(rule.peers() instanceof Peers.AnyOf any)) {
      throw new IllegalArgumentException("an admin rule has peers");
    }
    for (Peer peer : any.peers()) {
      if (peer instanceof Peer.Pods chosen) {
        List<Workload> workloads = pods.selected(new Subject(chosen.namespaces(), chosen.pods()));
        peerPods.addAll(workloads);
        peers.addAll(OvnKubernetesPods.addresses(workloads));
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
