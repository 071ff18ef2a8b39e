package dev.postern.suggestion;

import dev.postern.cluster.Cluster;
import dev.postern.cluster.Workload;
import dev.postern.meaning.Decision;
import dev.postern.meaning.Flow;
import dev.postern.meaning.FlowVerdict;
import dev.postern.meaning.Judgement;
import dev.postern.meaning.Options;
import dev.postern.meaning.Reference;
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
import java.util.ArrayList;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** What policies of the kind that is suggested, and that are there already, do about subjects and calls. */
final class ExistingPolicies {

  private final Cluster cluster;
  private final List<Policy> policies;
  private final Map<String, List<Policy>> byNamespace = new HashMap<>();
  private final Reference reference;
  private final Map<Flow, Judgement> judged = new IdentityHashMap<>();

  ExistingPolicies(Cluster cluster, Options options, PolicyKind kind) {
    this.cluster = cluster;
    this.policies = cluster.policies().stream()
        .filter(policy -> policy.kind() == kind && policy.tier() != Tier.ADMIN)
        .toList();
    policies.forEach(policy ->
        byNamespace.computeIfAbsent(policy.namespace(), n -> new ArrayList<>()).add(policy));
    this.reference = new Reference(cluster.withPolicies(policies).withUnread(List.of()), options);
  }

  /** Whether all pods of a subject are isolated in a direction. */
  boolean isolate(SubjectPods subject, Direction direction) {
    return subject.meant().stream().allMatch(workload -> isolate(workload, direction));
  }

  private boolean isolate(Workload workload, Direction direction) {
    return isolating(workload.namespace(), direction)
        .anyMatch(policy -> policy.subject().pods().matches(workload.labels()));
  }

  /** Whether all pods that a namespace could ever have are isolated in a direction. */
  boolean isolateAll(String namespace, Direction direction) {
    return isolating(namespace, direction)
        .anyMatch(policy -> policy.subject().pods().isEverything());
  }

  private Stream<Policy> isolating(String namespace, Direction direction) {
    return Stream.concat(
            byNamespace.getOrDefault(namespace, List.of()).stream(),
            byNamespace.getOrDefault("", List.of()).stream())
        .filter(policy -> (policy.isolates().contains(direction)
                || policy.rules(direction).stream().anyMatch(ExistingPolicies::deniesRest))
            && isIn(policy.subject().namespaces(), namespace));
  }

  private boolean isIn(NamespaceSelection namespaces, String namespace) {
    return namespaces instanceof NamespaceSelection.Matching matching
        ? matching.selector().matches(cluster.namespace(namespace).labels())
        : ((NamespaceSelection.Named) namespaces).namespace().equals(namespace);
  }

  /** Whether a rule of an ordered policy denies all pods everything. */
  private static boolean deniesRest(PolicyRule rule) {
    return rule.action() == Action.DENY
        && rule.ports().equals(Ports.ALL)
        && rule.peers() instanceof Peers.AnyOf any
        && any.peers().stream()
            .anyMatch(peer -> peer instanceof Peer.Pods pods
                && pods.namespaces().equals(NamespaceSelection.ALL)
                && pods.pods().isEverything());
  }

  /** Whether all flows of a call pass on one side. */
  boolean pass(Call call, Direction direction) {
    return call.flows().stream()
        .allMatch(flow -> side(flow, direction).verdict() == FlowVerdict.ALLOWED);
  }

  /**
   * Whether an ordered policy denies a call, or may, before one of a priority is asked: then nothing that is suggested lets it pass.
   *
   * @param priority the priority of what is suggested
   */
  boolean denyBefore(Call call, Direction direction, int priority) {
    return call.flows().stream()
        .anyMatch(flow -> side(flow, direction).causes().stream()
            .anyMatch(cause -> cause.policy().tier() == Tier.BASELINE
                && cause.policy().priority() <= priority
                && cause.rule().filter(ExistingPolicies::denies).isPresent()));
  }

  /** A Pass to peers that are not understood denies, since nobody knows whom its author wanted to pass. */
  private static boolean denies(PolicyRule rule) {
    return switch (rule.action()) {
      case ALLOW -> false;
      case DENY -> true;
      case PASS -> rule.hasUnknownPeer();
    };
  }

  private Decision side(Flow flow, Direction direction) {
    Judgement judgement = judged.computeIfAbsent(flow, reference::judge);
    return direction == Direction.EGRESS ? judgement.egress() : judgement.ingress();
  }
}
