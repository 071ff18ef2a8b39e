package dev.postern.suggestion;

import dev.postern.net.Cidr;
import dev.postern.net.PortSet;
import dev.postern.net.Protocol;
import dev.postern.policy.Action;
import dev.postern.policy.Direction;
import dev.postern.policy.NamespaceSelection;
import dev.postern.policy.Peer;
import dev.postern.policy.Peers;
import dev.postern.policy.PolicyRule;
import dev.postern.policy.Ports;
import dev.postern.selector.Selector;

/** Rules as entries of a list in block style. */
final class RuleText {

  private RuleText() {}

  /**
   * A rule of a NetworkPolicy.
   *
   * @param indent where the dash stands
   * @param own the namespace of the policy
   */
  static void of(YamlLines yaml, int indent, PolicyRule rule, String own) {
    yaml.line(indent, "- " + (rule.direction() == Direction.INGRESS ? "from:" : "to:"));
    for (Peer peer : ((Peers.AnyOf) rule.peers()).peers()) {
      peer(yaml, indent + 4, peer, own);
    }
    yaml.line(indent + 2, "ports:");
    for (Ports.PortMatch match : ((Ports.AnyOf) rule.ports()).matches()) {
      port(yaml, indent + 4, match);
    }
  }

  private static void peer(YamlLines yaml, int indent, Peer peer, String own) {
    if (peer instanceof Peer.IpBlock block) {
      yaml.line(indent, "- ipBlock:");
      yaml.line(indent + 4, "cidr: " + quoted(block.cidr()));
      if (!block.except().isEmpty()) {
        yaml.line(indent + 4, "except:");
        block.except().forEach(except -> yaml.line(indent + 6, "- " + quoted(except)));
      }
      return;
    }
    Peer.Pods pods = (Peer.Pods) peer;
    String dash = "- ";
    if (!pods.namespaces().equals(new NamespaceSelection.Named(own))) {
      yaml.selector(indent, dash + "namespaceSelector", indent + 4, selector(pods.namespaces()));
      dash = "  ";
    }
    if (dash.equals("- ") || !pods.pods().isEverything()) {
      yaml.selector(indent, dash + "podSelector", indent + 4, pods.pods());
    }
  }

  private static String quoted(Cidr cidr) {
    return "\"" + cidr + "\"";
  }

  private static Selector selector(NamespaceSelection namespaces) {
    return ((NamespaceSelection.Matching) namespaces).selector();
  }

  private static void port(YamlLines yaml, int indent, Ports.PortMatch match) {
    if (match instanceof Ports.Named named) {
      yaml.line(indent, "- protocol: " + named.protocol().map(Protocol::name).orElse("TCP"));
      yaml.line(indent + 2, "port: " + YamlLines.scalar(named.name()));
      return;
    }
    Ports.Numbered numbered = (Ports.Numbered) match;
    PortSet.Interval interval = numbered.ports().intervals().get(0);
    yaml.line(indent, "- protocol: " + numbered.protocol().name());
    yaml.line(indent + 2, "port: " + interval.first());
    if (interval.last() > interval.first()) {
      yaml.line(indent + 2, "endPort: " + interval.last());
    }
  }

  /** A rule of a ClusterNetworkPolicy. */
  static void ordered(YamlLines yaml, int indent, PolicyRule rule) {
    yaml.line(indent, "- action: " + (rule.action() == Action.ALLOW ? "Accept" : "Deny"));
    yaml.line(indent + 2, rule.direction() == Direction.INGRESS ? "from:" : "to:");
    for (Peer peer : ((Peers.AnyOf) rule.peers()).peers()) {
      if (peer instanceof Peer.Networks networks) {
        yaml.line(indent + 4, "- networks:");
        networks.cidrs().forEach(cidr -> yaml.line(indent + 8, "- " + quoted(cidr)));
      } else {
        Peer.Pods pods = (Peer.Pods) peer;
        orderedPods(yaml, indent + 4, "- ", pods.namespaces(), pods.pods());
      }
    }
    if (rule.ports() instanceof Ports.AnyOf ports) {
      yaml.line(indent + 2, "protocols:");
      ports.matches().forEach(match -> protocol(yaml, indent + 4, match));
    }
  }

  /**
   * Pods as a subject or a peer.
   *
   * @param dash what stands before the first field
   */
  static void orderedPods(
      YamlLines yaml, int indent, String dash, NamespaceSelection namespaces, Selector pods) {
    int below = indent + dash.length() + 2;
    if (pods.isEverything()) {
      yaml.selector(indent, dash + "namespaces", below, selector(namespaces));
      return;
    }
    yaml.line(indent, dash + "pods:");
    yaml.selector(below, "namespaceSelector", below + 2, selector(namespaces));
    yaml.selector(below, "podSelector", below + 2, pods);
  }

  private static void protocol(YamlLines yaml, int indent, Ports.PortMatch match) {
    if (match instanceof Ports.Named named) {
      yaml.line(indent, "- destinationNamedPort: " + YamlLines.scalar(named.name()));
      return;
    }
    Ports.Numbered numbered = (Ports.Numbered) match;
    PortSet.Interval interval = numbered.ports().intervals().get(0);
    yaml.line(indent, "- " + numbered.protocol().word() + ":");
    yaml.line(indent + 4, "destinationPort:");
    if (interval.first() == interval.last()) {
      yaml.line(indent + 6, "number: " + interval.first());
    } else {
      yaml.line(indent + 6, "range:");
      yaml.line(indent + 8, "start: " + interval.first());
      yaml.line(indent + 8, "end: " + interval.last());
    }
  }
}
