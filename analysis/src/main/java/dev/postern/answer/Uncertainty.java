package dev.postern.answer;

import dev.postern.meaning.Decision;
import dev.postern.meaning.End;
import dev.postern.meaning.Judgement;
import dev.postern.meaning.Verdict;
import dev.postern.policy.Direction;
import dev.postern.policy.Peer;
import dev.postern.policy.Peers;
import dev.postern.policy.PolicyRule;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Says what is missing where a flow could not be judged. */
final class Uncertainty {

  private Uncertainty() {}

  /** What would have to be known; empty of a flow that was judged. */
  static Optional<String> of(Judgement judgement) {
    return Stream.of(judgement.egress(), judgement.ingress())
        .filter(decision -> decision.verdict() == Verdict.UNKNOWN)
        .map(decision -> of(judgement, decision))
        .findFirst();
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
        return "it depends on what the manifests do not say of " + end;
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

  private static List<String> names(PolicyRule rule) {
    return rule.peers() instanceof Peers.AnyOf any
        ? any.peers().stream()
            .flatMap(peer ->
                peer instanceof Peer.DomainNames names ? names.names().stream() : Stream.empty())
            .toList()
        : List.of();
  }
}
