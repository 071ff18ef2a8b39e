package dev.postern.meaning;

import dev.postern.cluster.UnreadPolicy;
import dev.postern.diagnostic.Origin;
import dev.postern.policy.Action;
import dev.postern.policy.Direction;
import dev.postern.policy.NamespaceSelection;
import dev.postern.policy.Peer;
import dev.postern.policy.Peers;
import dev.postern.policy.Policy;
import dev.postern.policy.PolicyKind;
import dev.postern.policy.PolicyRule;
import dev.postern.policy.Ports;
import dev.postern.policy.Tier;
import dev.postern.selector.Requirement;
import dev.postern.selector.Requirement.Operator;
import dev.postern.selector.Selector;
import java.util.List;
import java.util.Set;

/**
 * A primary network in the language of policies: before all others, pods of other networks are denied in both directions. The cluster's name
 * servers are an exception that the operator configures, so that they are open (OVN-Kubernetes, {@code udn-allowed-default-services}). Nodes
 * and pods on the host network are no pods of a network.
 */
final class IsolatedNetwork {

  /** Where the Services lie that pods of every network may reach. */
  private static final List<String> OF_NAME_SERVERS = List.of("kube-system", "openshift-dns");

  private IsolatedNetwork() {}

  static Policy policy(UnreadPolicy network) {
    Origin origin = network.origin();
    List<Peer> others = complement(network.subject().namespaces()).stream()
        .<Peer>map(namespaces -> new Peer.Pods(namespaces, Selector.EVERYTHING, origin))
        .toList();
    List<Peer> servers = OF_NAME_SERVERS.stream()
        .<Peer>map(
            name -> new Peer.Pods(new NamespaceSelection.Named(name), Selector.EVERYTHING, origin))
        .toList();
    Peers perhaps = new Peers.AnyOf(List.of(new Peer.Perhaps(new Peers.AnyOf(servers), origin)));
    return new Policy(
        PolicyKind.UNDETERMINED,
        network.namespace(),
        network.name(),
        Tier.ADMIN,
        Policy.FIRST,
        network.subject(),
        Set.of(),
        List.of(rule(Direction.INGRESS, 0, Action.DENY, new Peers.AnyOf(others), origin)),
        List.of(
            rule(Direction.EGRESS, 0, Action.ALLOW, perhaps, origin),
            rule(Direction.EGRESS, 1, Action.DENY, new Peers.AnyOf(others), origin)),
        origin);
  }

  private static PolicyRule rule(
      Direction direction, int index, Action action, Peers peers, Origin origin) {
    return new PolicyRule(direction, index, "", action, peers, Ports.ALL, origin);
  }

  /** All other namespaces: those that miss one requirement or another. */
  private static List<NamespaceSelection> complement(NamespaceSelection members) {
    return ((NamespaceSelection.Matching) members)
        .selector().requirements().stream()
            .<NamespaceSelection>map(requirement ->
                new NamespaceSelection.Matching(new Selector(List.of(opposite(requirement)))))
            .toList();
  }

  private static Requirement opposite(Requirement requirement) {
    Operator operator = switch (requirement.operator()) {
      case IN -> Operator.NOT_IN;
      case NOT_IN -> Operator.IN;
      case EXISTS -> Operator.DOES_NOT_EXIST;
      case DOES_NOT_EXIST -> Operator.EXISTS;
    };
    return new Requirement(requirement.key(), operator, requirement.values());
  }
}
