package dev.postern.cli.proof;

import static dev.postern.cli.proof.OvnKubernetesRows.ALLOW;
import static dev.postern.cli.proof.OvnKubernetesRows.DENY;
import static dev.postern.cli.proof.OvnKubernetesRows.at;
import static dev.postern.cli.proof.OvnKubernetesRows.hashed;
import static dev.postern.cli.proof.OvnKubernetesRows.ids;
import static dev.postern.cli.proof.OvnKubernetesRows.side;
import static dev.postern.cli.proof.OvnKubernetesRows.word;

import dev.postern.cli.proof.NorthboundRows.Row;
import dev.postern.cluster.Cluster;
import dev.postern.cluster.Namespace;
import dev.postern.cluster.Workload;
import dev.postern.net.Cidr;
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

/** NetworkPolicies: a port group a policy, and in each namespace a default denial a direction. */
final class OvnKubernetesNetworkPolicies {

  private final Cluster cluster;
  private final OvnKubernetesRows rows;
  private final OvnKubernetesPods pods;
  private final boolean mistaken;

  /** @param mistaken as in {@link OvnKubernetesLayout#of} */
  OvnKubernetesNetworkPolicies(
      Cluster cluster, OvnKubernetesRows rows, OvnKubernetesPods pods, boolean mistaken) {
    this.cluster = cluster;
    this.rows = rows;
    this.pods = pods;
    this.mistaken = mistaken;
  }

  void add(Policy policy) {
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
            acls.add(rows.acl(
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
    rows.group(ids, pods.portsOf(pods.selected(policy.subject())), acls);
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
      if (peer instanceof Peer.Pods peers) {
        List<Workload> chosen = pods.selected(new Subject(peers.namespaces(), peers.pods()));
        String[] names = rows.set(
                "PodSelector",
                OvnKubernetesPods.addresses(chosen),
                "k8s.ovn.org/name",
                "LS" + peers.pods() + "_" + peers.namespaces())
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
  void addDefaultDenials() {
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
            .flatMap(policy -> pods.portsOf(pods.selected(policy.subject())).stream())
            .distinct()
            .toList();
        String[] key = {"k8s.ovn.org/name", namespace.name(), "direction", word(direction)};
        String at = at(direction, hashed(ids("NetpolNamespace", key)));
        rows.group(
            ids("NetpolNamespace", key),
            members,
            List.of(
                rows.acl(
                    ids("NetpolNamespace", key[0], key[1], key[2], key[3], "type", "defaultDeny"),
                    direction,
                    2,
                    DENY,
                    at,
                    "drop"),
                rows.acl(
                    ids("NetpolNamespace", key[0], key[1], key[2], key[3], "type", "arpAllow"),
                    direction,
                    2,
                    ALLOW,
                    at + " && (arp || nd)",
                    "allow")));
      }
    }
  }
}
