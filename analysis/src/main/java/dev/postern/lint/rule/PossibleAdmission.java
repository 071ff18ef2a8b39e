package dev.postern.lint.rule;

import dev.postern.cluster.ContainerPort;
import dev.postern.cluster.Namespace;
import dev.postern.cluster.Workload;
import dev.postern.net.Protocol;
import dev.postern.policy.Action;
import dev.postern.policy.Direction;
import dev.postern.policy.NamespaceSelection;
import dev.postern.policy.Peer;
import dev.postern.policy.Peers;
import dev.postern.policy.Policy;
import dev.postern.policy.PolicyRule;
import dev.postern.policy.Ports;
import dev.postern.policy.Tier;
import java.util.List;

/**
 * Whether rules could let somebody pass who is not in the input: an allow counts whoever its selectors may match. Says no only if no pod or
 * address that could ever come would pass.
 */
final class PossibleAdmission {

  /** Who is at the other end. */
  enum Who {
    /** Anyone at all. */
    ANYONE,
    /** A pod of another namespace, or an address: an ingress controller. */
    ELSEWHERE,
    /** An address, or an agent in kube-system that forwards for it: the API server. */
    API_SERVER,
    /** An address: the node. */
    NODE
  }

  /** Where agents run that forward the API server's calls, or where people look for it: what dataplanes make of that differs. */
  private static final List<String> CONTROL_PLANE =
      List.of("kube-system", "openshift-kube-apiserver", "openshift-apiserver", "default");

  private final LintInput input;

  PossibleAdmission(LintInput input) {
    this.input = input;
  }

  /** The NetworkPolicies that isolate a workload in a direction. */
  List<Policy> isolating(Workload workload, Direction direction) {
    return input.selecting(workload).stream()
        .filter(policy -> policy.isolates().contains(direction))
        .filter(policy -> input.areTogether(policy, workload))
        .toList();
  }

  /** Whether somebody may pass to, or from, a workload's port. */
  boolean mayPass(Workload workload, Direction direction, Protocol protocol, int port, Who who) {
    List<Policy> isolating = isolating(workload, direction);
    // What an ordered policy decides before or after is not looked into.
    boolean ordered =
        input.selecting(workload).stream().anyMatch(p -> p.tier() != Tier.NETWORK_POLICY);
    return workload.hostNetwork()
        || isolating.isEmpty()
        || ordered
        || input.selecting(workload).stream()
            .filter(policy -> policy.isolates().contains(direction))
            .flatMap(policy -> policy.rules(direction).stream())
            .anyMatch(rule -> rule.action() == Action.ALLOW
                && covers(rule, workload, direction, protocol, port)
                && mayBe(rule.peers(), who));
  }

  private static boolean covers(
      PolicyRule rule, Workload workload, Direction direction, Protocol protocol, int port) {
    return !(rule.ports() instanceof Ports.AnyOf any)
        || any.matches().stream()
            .anyMatch(match -> match instanceof Ports.Numbered numbered
                ? numbered.protocol() == protocol && numbered.ports().contains(port)
                : direction == Direction.EGRESS
                    || workload
                        .ports()
                        .contains(new ContainerPort(((Ports.Named) match).name(), protocol, port)));
  }

  private static boolean mayBe(Peers peers, Who who) {
    return !(peers instanceof Peers.AnyOf any)
        || any.peers().stream().anyMatch(peer -> mayBe(peer, who));
  }

  private static boolean mayBe(Peer peer, Who who) {
    return peer.on(new Peer.Cases<>() {
      @Override
      public Boolean pods(Peer.Pods pods) {
        return switch (who) {
          case ANYONE -> true;
          case ELSEWHERE -> pods.namespaces() instanceof NamespaceSelection.Matching;
          case API_SERVER ->
            pods.namespaces() instanceof NamespaceSelection.Matching matching
                ? matching.selector().requirements().stream()
                    .filter(requirement -> requirement.key().equals(Namespace.NAME_LABEL))
                    .allMatch(requirement -> CONTROL_PLANE.stream()
                        .anyMatch(name ->
                            requirement.matches(Namespace.undeclared(name).labels())))
                : false;
          case NODE -> false;
        };
      }

      @Override
      public Boolean ipBlock(Peer.IpBlock block) {
        return !block.addresses().isEmpty();
      }

      @Override
      public Boolean networks(Peer.Networks networks) {
        return true;
      }

      @Override
      public Boolean nodes(Peer.Nodes nodes) {
        return true;
      }

      @Override
      public Boolean domainNames(Peer.DomainNames names) {
        return true;
      }

      @Override
      public Boolean unknown(Peer.Unknown unknown) {
        return true;
      }

      @Override
      public Boolean perhaps(Peer.Perhaps perhaps) {
        return mayBe(perhaps.whom(), who);
      }
    });
  }
}
