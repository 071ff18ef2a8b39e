package dev.postern.testing.text;

import static dev.postern.testing.text.Tree.map;
import static dev.postern.testing.text.Tree.selector;

import dev.postern.net.Cidr;
import dev.postern.net.PortSet;
import dev.postern.policy.Action;
import dev.postern.policy.Direction;
import dev.postern.policy.NamespaceSelection;
import dev.postern.policy.Peer;
import dev.postern.policy.Peers;
import dev.postern.policy.Policy;
import dev.postern.policy.PolicyKind;
import dev.postern.policy.PolicyRule;
import dev.postern.policy.Ports;
import dev.postern.selector.Labels;
import dev.postern.selector.Selector;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Policies as their kind's manifest writes them. */
final class PolicyDocuments {

  private PolicyDocuments() {}

  static Map<String, Object> of(Policy policy) {
    Map<String, Object> document = Tree.document(
        policy.kind().apiVersion(),
        policy.kind().kind(),
        Tree.metadata(policy.namespace(), policy.name(), Labels.NONE));
    document.put(
        "spec",
        policy.kind() == PolicyKind.NETWORK_POLICY ? networkPolicy(policy) : ordered(policy));
    return document;
  }

  private static Map<String, Object> networkPolicy(Policy policy) {
    Map<String, Object> spec = map("podSelector", selector(policy.subject().pods()));
    if (!policy.typesDefaulted()) {
      spec.put(
          "policyTypes",
          policy.isolates().stream()
              .sorted()
              .map(d -> d == Direction.INGRESS ? "Ingress" : "Egress")
              .toList());
    }
    for (Direction direction : Direction.values()) {
      List<Object> rules = new ArrayList<>();
      for (PolicyRule rule : policy.rules(direction)) {
        Map<String, Object> tree = map();
        if (rule.peers() instanceof Peers.AnyOf peers) {
          tree.put(
              direction == Direction.INGRESS ? "from" : "to",
              peers(peers).stream().map(peer -> networkPolicyPeer(policy, peer)).toList());
        }
        if (rule.ports() instanceof Ports.AnyOf ports) {
          tree.put(
              "ports",
              matches(ports).stream().map(PolicyDocuments::networkPolicyPort).toList());
        }
        rules.add(tree);
      }
      if (!rules.isEmpty()) {
        spec.put(direction.field(), rules);
      }
    }
    return spec;
  }

  private static Map<String, Object> networkPolicyPeer(Policy policy, Peer peer) {
    if (peer instanceof Peer.IpBlock block) {
      Map<String, Object> tree = map("cidr", block.cidr().toString());
      if (!block.except().isEmpty()) {
        tree.put("except", block.except().stream().map(Cidr::toString).toList());
      }
      return map("ipBlock", tree);
    }
    if (peer instanceof Peer.Pods pods) {
      Map<String, Object> tree = map();
      if (pods.namespaces() instanceof NamespaceSelection.Matching matching) {
        tree.put("namespaceSelector", selector(matching.selector()));
      } else if (!pods.namespaces().equals(new NamespaceSelection.Named(policy.namespace()))) {
        throw unwritable(policy, "a peer in another namespace by name");
      }
      if (tree.isEmpty() || !pods.pods().isEverything()) {
        tree.put("podSelector", selector(pods.pods()));
      }
      return tree;
    }
    throw unwritable(policy, "a peer of an admin policy");
  }

  private static Map<String, Object> networkPolicyPort(Ports.PortMatch match) {
    Map<String, Object> tree = map();
    if (match instanceof Ports.Named named) {
      tree.put("protocol", named.protocol().orElseThrow().name());
      tree.put("port", named.name());
    } else if (match instanceof Ports.Numbered numbered) {
      tree.put("protocol", numbered.protocol().name());
      if (!numbered.ports().isAll()) {
        PortSet.Interval interval = interval(numbered);
        tree.put("port", interval.first());
        if (interval.last() > interval.first()) {
          tree.put("endPort", interval.last());
        }
      }
    }
    return tree;
  }

  private static Map<String, Object> ordered(Policy policy) {
    boolean isNew = policy.kind() == PolicyKind.CLUSTER_NETWORK_POLICY;
    Map<String, Object> spec = map();
    if (isNew) {
      spec.put("tier", policy.tier().word());
    }
    if (policy.kind() != PolicyKind.BASELINE_ADMIN_NETWORK_POLICY) {
      spec.put("priority", policy.priority());
    }
    spec.put(
        "subject", pods(policy, policy.subject().namespaces(), policy.subject().pods()));
    for (Direction direction : Direction.values()) {
      List<Object> rules = new ArrayList<>();
      for (PolicyRule rule : policy.rules(direction)) {
        Map<String, Object> tree = map();
        if (!rule.name().isEmpty()) {
          tree.put("name", rule.name());
        }
        tree.put("action", action(rule.action(), isNew));
        if (!(rule.peers() instanceof Peers.AnyOf peers)) {
          throw unwritable(policy, "a rule without peers");
        }
        tree.put(
            direction == Direction.INGRESS ? "from" : "to",
            peers(peers).stream().map(peer -> orderedPeer(policy, peer)).toList());
        if (rule.ports() instanceof Ports.AnyOf ports) {
          tree.put(
              isNew ? "protocols" : "ports",
              matches(ports).stream()
                  .map(match -> isNew ? protocol(match) : adminPort(match))
                  .toList());
        }
        rules.add(tree);
      }
      if (!rules.isEmpty()) {
        spec.put(direction.field(), rules);
      }
    }
    return spec;
  }

  private static String action(Action action, boolean isNew) {
    return switch (action) {
      case ALLOW -> isNew ? "Accept" : "Allow";
      case DENY -> "Deny";
      case PASS -> "Pass";
    };
  }

  private static Map<String, Object> orderedPeer(Policy policy, Peer peer) {
    if (peer instanceof Peer.Pods pods) {
      return pods(policy, pods.namespaces(), pods.pods());
    } else if (peer instanceof Peer.Networks networks) {
      return map("networks", networks.cidrs().stream().map(Cidr::toString).toList());
    } else if (peer instanceof Peer.Nodes nodes) {
      return map("nodes", selector(nodes.nodes()));
    } else if (peer instanceof Peer.DomainNames domains) {
      return map("domainNames", domains.names());
    } else if (peer instanceof Peer.Unknown) {
      return map("fieldOfANewerApi", map());
    }
    throw unwritable(policy, "an ipBlock");
  }

  private static Map<String, Object> pods(
      Policy policy, NamespaceSelection namespaces, Selector pods) {
    if (!(namespaces instanceof NamespaceSelection.Matching matching)) {
      throw unwritable(policy, "a namespace by name");
    }
    return pods.isEverything()
        ? map("namespaces", selector(matching.selector()))
        : map(
            "pods",
            map("namespaceSelector", selector(matching.selector()), "podSelector", selector(pods)));
  }

  private static Map<String, Object> adminPort(Ports.PortMatch match) {
    if (!(match instanceof Ports.Numbered numbered)) {
      return map("namedPort", ((Ports.Named) match).name());
    }
    PortSet.Interval interval = interval(numbered);
    String protocol = numbered.protocol().name();
    return interval.first() == interval.last()
        ? map("portNumber", map("protocol", protocol, "port", interval.first()))
        : map(
            "portRange",
            map("protocol", protocol, "start", interval.first(), "end", interval.last()));
  }

  private static Map<String, Object> protocol(Ports.PortMatch match) {
    if (!(match instanceof Ports.Numbered numbered)) {
      return map("destinationNamedPort", ((Ports.Named) match).name());
    }
    PortSet.Interval interval = interval(numbered);
    Map<String, Object> port = interval.first() == interval.last()
        ? map("number", interval.first())
        : map("range", map("start", interval.first(), "end", interval.last()));
    return map(
        numbered.protocol().name().toLowerCase(Locale.ROOT),
        numbered.ports().isAll() ? map() : map("destinationPort", port));
  }

  private static PortSet.Interval interval(Ports.Numbered numbered) {
    if (numbered.ports().intervals().size() != 1) {
      throw new IllegalArgumentException(
          "no manifest has one entry for the ports " + numbered.ports());
    }
    return numbered.ports().intervals().get(0);
  }

  private static List<Peer> peers(Peers.AnyOf peers) {
    if (peers.peers().isEmpty()) {
      throw new IllegalArgumentException(
          "no manifest says nobody: an empty list is everyone or an error");
    }
    return peers.peers();
  }

  private static List<Ports.PortMatch> matches(Ports.AnyOf ports) {
    if (ports.matches().isEmpty()) {
      throw new IllegalArgumentException(
          "no manifest says no traffic: an empty list is all traffic");
    }
    return ports.matches();
  }

  private static IllegalArgumentException unwritable(Policy policy, String what) {
    return new IllegalArgumentException(
        "no manifest of kind " + policy.kind().kind() + " says " + what + " (" + policy.id() + ")");
  }
}
