package dev.postern.answer;

import dev.postern.cluster.Cluster;
import dev.postern.cluster.UnreadPolicy;
import dev.postern.meaning.Decision;
import dev.postern.meaning.End;
import dev.postern.meaning.Flow;
import dev.postern.meaning.FlowVerdict;
import dev.postern.meaning.Judgement;
import dev.postern.policy.Direction;
import dev.postern.policy.NamespaceSelection;
import dev.postern.policy.Peer;
import dev.postern.policy.Peers;
import dev.postern.policy.PolicyKind;
import dev.postern.policy.PolicyRule;
import dev.postern.reach.NotRead;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Says what is missing where a flow could not be judged. */
public final class Uncertainty {

  private Uncertainty() {}

  /** What would have to be known; empty of a flow that was judged. */
  public static Optional<String> of(Judgement judgement, Cluster cluster) {
    if (judgement.verdict() != FlowVerdict.UNKNOWN) {
      // What one side leaves open, the other has decided.
      return Optional.empty();
    }
    return Stream.of(judgement.egress(), judgement.ingress())
        .filter(decision -> decision.verdict() == FlowVerdict.UNKNOWN)
        .map(
            decision -> open(judgement, decision, cluster).orElseGet(() -> of(judgement, decision)))
        .findFirst();
  }

  /** What was not understood, or not declared, among the causes of a decision. */
  private static Optional<String> open(Judgement judgement, Decision decision, Cluster cluster) {
    Flow flow = judgement.flow();
    Set<String> here = Stream.of(flow.source(), flow.destination())
        .flatMap(end ->
            end instanceof End.InPod pod ? Stream.of(pod.workload().namespace()) : Stream.empty())
        .collect(Collectors.toSet());
    End peer = decision.direction() == Direction.EGRESS ? flow.destination() : flow.source();
    Set<String> words = new LinkedHashSet<>();
    for (Decision.Cause cause : decision.causes()) {
      if (cause.policy().kind() == PolicyKind.UNDETERMINED) {
        Optional<UnreadPolicy> unread = cluster.unread().stream()
            .filter(
                each -> each.matters() && each.origin().equals(cause.policy().origin()))
            .findFirst();
        if (unread.isPresent()) {
          words.add(NotRead.words(unread.get()));
          continue;
        }
      }
      namespaces(cause).stream()
          // Of an end that is not known, any namespace may be the one.
          .filter(name -> !(peer instanceof End.InPod) || here.contains(name))
          .forEach(name ->
              words.add("the labels of namespace `" + name + "`, which no manifest declares"));
    }
    return words.isEmpty()
        ? Optional.empty()
        : Optional.of("it depends on " + String.join(", and on ", words));
  }

  /** The namespaces whose labels decide whether a rule is meant. */
  private static List<String> namespaces(Decision.Cause cause) {
    if (cause.rule().isEmpty() || !(cause.rule().get().peers() instanceof Peers.AnyOf any)) {
      return List.of();
    }
    Stream<String> ofPeers = any.peers().stream()
        .flatMap(peer ->
            peer instanceof Peer.Perhaps perhaps && perhaps.whom() instanceof Peers.AnyOf whom
                ? whom.peers().stream()
                : Stream.empty())
        .flatMap(
            peer -> peer instanceof Peer.Pods pods ? named(pods.namespaces()) : Stream.empty());
    Stream<String> ofSubject = any.peers().stream()
            .anyMatch(peer ->
                peer instanceof Peer.Perhaps perhaps && perhaps.whom() instanceof Peers.Everyone)
        ? named(cause.policy().subject().namespaces())
        : Stream.empty();
    return Stream.concat(ofPeers, ofSubject).distinct().toList();
  }

  private static Stream<String> named(NamespaceSelection selection) {
    return selection instanceof NamespaceSelection.Named named
        ? Stream.of(named.namespace())
        : Stream.empty();
  }

  private static String of(Judgement judgement, Decision decision) {
    End peer = decision.direction() == Direction.EGRESS
        ? judgement.flow().destination()
        : judgement.flow().source();
    List<PolicyRule> rules =
        decision.causes().stream().flatMap(cause -> cause.rule().stream()).toList();
    return peer.on(new End.Cases<>() {
      @Override
      public String inPod(End.InPod end) {
        boolean address = end.address().isEmpty()
            && rules.stream()
                .anyMatch(rule -> names(
                    rule, peer -> peer instanceof Peer.IpBlock || peer instanceof Peer.Networks));
        boolean node = end.workload().hostNetwork()
            && rules.stream().anyMatch(rule -> names(rule, Peer.Nodes.class::isInstance));
        String open = Stream.of(
                address ? "which address " + end + " has" : "",
                node ? "which node " + end + " runs on" : "")
            .filter(each -> !each.isEmpty())
            .collect(Collectors.joining(" and "));
        return open.isEmpty()
            ? "it depends on what the manifests do not say of " + end
            : "it depends on " + open + ", which no manifest says";
      }

      @Override
      public String outside(End.Outside end) {
        String names = rules.stream()
            .flatMap(rule -> names(rule).stream())
            .distinct()
            .collect(Collectors.joining(" or "));
        return "it depends on whether " + end + " is an address of " + names
            + ", which no manifest says";
      }

      @Override
      public String domainName(End.DomainName end) {
        return "the addresses of " + end + " are not known, and rules go by address";
      }

      @Override
      public String ingressController(End.IngressController end) {
        return "the manifests do not hold the ingress controller's pods, and rules go by their labels or addresses";
      }
    });
  }

  private static boolean names(PolicyRule rule, Predicate<Peer> kind) {
    return rule.peers() instanceof Peers.AnyOf any && any.peers().stream().anyMatch(kind);
  }

  private static List<String> names(PolicyRule rule) {
    return rule.peers() instanceof Peers.AnyOf any
        ? any.peers().stream()
            .flatMap(peer ->
                peer instanceof Peer.DomainNames names ? names.names().stream() : Stream.empty())
            .toList()
        : List.of();
  }
}
