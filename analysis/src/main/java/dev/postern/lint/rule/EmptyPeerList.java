package dev.postern.lint.rule;

import com.google.auto.service.AutoService;
import dev.postern.diagnostic.Code;
import dev.postern.diagnostic.Diagnostic;
import dev.postern.diagnostic.Severity;
import dev.postern.policy.Direction;
import dev.postern.policy.Peers;
import dev.postern.policy.Policy;
import dev.postern.policy.PolicyRule;
import dev.postern.policy.Tier;
import java.util.function.Consumer;

/** A rule whose list of peers is written and empty: it lets everyone pass, where nobody may have been meant. */
@AutoService(LintRule.class)
public final class EmptyPeerList implements LintRule {

  private static final Code CODE = Code.ofRule(
      "NP346",
      "EMPTY_PEER_LIST",
      Severity.WARNING,
      "`{1}` of {0} is an empty list, which means everyone, inside the cluster and outside");

  @Override
  public Code code() {
    return CODE;
  }

  @Override
  public String title() {
    return "an empty list that means everyone";
  }

  @Override
  public void check(LintInput input, Consumer<Diagnostic> found) {
    for (Policy policy : input.cluster().policies()) {
      policy.rules().forEach(rule -> rule(input, policy, rule, found));
    }
  }

  private static void rule(
      LintInput input, Policy policy, PolicyRule rule, Consumer<Diagnostic> found) {
    // Any other list has a peer in it.
    if (!(rule.peers() instanceof Peers.Everyone) || policy.tier() != Tier.NETWORK_POLICY) {
      return;
    }
    String list = FindingNames.list(rule.direction());
    boolean empty = input
        .written(policy)
        .flatMap(object -> object.field("spec"))
        .map(spec -> spec.items(rule.direction().field()))
        .filter(rules -> rule.index() < rules.size())
        .filter(rules -> rules.get(rule.index()).isEmptyList(list))
        .isPresent();
    boolean isolatesByRules = rule.direction() == Direction.EGRESS && policy.typesDefaulted();
    if (empty) {
      found.accept(CODE.at(rule.origin(), policy, rule.field() + "." + list)
          .hint("leave `" + list + "` out if everyone is meant; leave the rule out if nobody is"
              + (isolatesByRules
                  ? ", and write `" + policy.typesText()
                      + "`: without it, egress is isolated only while there is a rule"
                  : "")));
    }
  }
}
