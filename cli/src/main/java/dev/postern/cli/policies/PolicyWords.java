package dev.postern.cli.policies;

import dev.postern.cluster.Namespace;
import dev.postern.net.Cidr;
import dev.postern.policy.NamespaceSelection;
import dev.postern.policy.Peer;
import dev.postern.policy.Peers;
import dev.postern.policy.Ports;
import dev.postern.policy.Subject;
import dev.postern.selector.Requirement;
import dev.postern.selector.Selector;
import java.util.List;
import java.util.stream.Collectors;

/** What subjects, peers and ports of policies say, in the words of questions where those have some. */
final class PolicyWords {

  private PolicyWords() {}

  /** {@code pods app=db in shop}, {@code namespace shop}, {@code every pod}. */
  static String of(Subject subject) {
    return pods(subject.namespaces(), subject.pods());
  }

  private static String pods(NamespaceSelection namespaces, Selector pods) {
    String where = namespaces instanceof NamespaceSelection.Named named
        ? named.namespace()
        : namespaces((NamespaceSelection.Matching) namespaces);
    if (pods.isEverything()) {
      return namespaces instanceof NamespaceSelection.Named
          ? "namespace " + where
          : where.isEmpty() ? "every pod" : "every pod in " + where;
    }
    return "pods " + pods + (where.isEmpty() ? "" : " in " + where);
  }

  private static String namespaces(NamespaceSelection.Matching matching) {
    List<Requirement> requirements = matching.selector().requirements();
    if (requirements.isEmpty()) {
      return "";
    }
    Requirement only = requirements.get(0);
    boolean named = requirements.size() == 1
        && only.key().equals(Namespace.NAME_LABEL)
        && only.operator() == Requirement.Operator.IN;
    return named
        ? (only.values().size() == 1 ? "namespace " : "namespaces ")
            + String.join(", ", only.values())
        : "namespaces " + matching.selector();
  }

  /** {@code everyone}; {@code nobody} for a list that lost all its entries. */
  static List<String> of(Peers peers) {
    if (!(peers instanceof Peers.AnyOf any)) {
      return List.of("everyone");
    }
    return any.peers().isEmpty()
        ? List.of("nobody")
        : any.peers().stream().map(PolicyWords::of).toList();
  }

  private static String of(Peer peer) {
    return peer.on(new Peer.Cases<>() {
      @Override
      public String pods(Peer.Pods pods) {
        return PolicyWords.pods(pods.namespaces(), pods.pods());
      }

      @Override
      public String ipBlock(Peer.IpBlock block) {
        return block.cidr() + (block.except().isEmpty() ? "" : " except " + joined(block.except()));
      }

      @Override
      public String networks(Peer.Networks networks) {
        return joined(networks.cidrs());
      }

      @Override
      public String nodes(Peer.Nodes nodes) {
        return nodes.nodes().isEverything() ? "every node" : "nodes " + nodes.nodes();
      }

      @Override
      public String domainNames(Peer.DomainNames names) {
        return String.join(" ", names.names());
      }

      @Override
      public String unknown(Peer.Unknown unknown) {
        return "a peer that is not known";
      }

      @Override
      public String perhaps(Peer.Perhaps perhaps) {
        return "perhaps " + String.join(", ", PolicyWords.of(perhaps.whom()));
      }
    });
  }

  private static String joined(List<Cidr> cidrs) {
    return cidrs.stream().map(Cidr::toString).collect(Collectors.joining(" "));
  }

  /** {@code tcp/80 tcp/http}. */
  static String of(Ports ports) {
    if (!(ports instanceof Ports.AnyOf any)) {
      return "all traffic";
    }
    return any.matches().stream().map(PolicyWords::of).collect(Collectors.joining(" "));
  }

  private static String of(Ports.PortMatch match) {
    if (match instanceof Ports.Named named) {
      return named.protocol().map(protocol -> protocol.word() + "/").orElse("") + named.name();
    }
    Ports.Numbered numbered = (Ports.Numbered) match;
    String protocol = numbered.protocol().word();
    return numbered.ports().equals(dev.postern.net.PortSet.ALL)
        ? protocol
        : protocol + "/" + numbered.ports();
  }
}
