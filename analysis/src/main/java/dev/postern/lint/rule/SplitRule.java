package dev.postern.lint.rule;

import com.google.auto.service.AutoService;
import dev.postern.diagnostic.Code;
import dev.postern.diagnostic.Diagnostic;
import dev.postern.diagnostic.Severity;
import dev.postern.policy.Direction;
import dev.postern.policy.Peers;
import dev.postern.policy.Policy;
import dev.postern.policy.PolicyRule;
import dev.postern.policy.Ports;
import dev.postern.policy.Tier;
import java.util.List;
import java.util.function.Consumer;

/** The dash too many in a rule: peers without ports, and beside them ports without peers, where one rule with both was meant. */
@AutoService(LintRule.class)
public final class SplitRule implements LintRule {

  private static final Code CODE = Code.ofRule(
      "NP323",
      "SPLIT_RULE",
      Severity.WARNING,
      "`{1}` of {0} are two rules, either of which is enough: every port for those peers, and those ports for everyone");

  @Override
  public Code code() {
    return CODE;
  }

  @Override
  public String title() {
    return "a dash too many before ports";
  }

  @Override
  public void check(LintInput input, Consumer<Diagnostic> found) {
    for (Policy policy : input.cluster().policies()) {
      if (policy.tier() == Tier.NETWORK_POLICY) {
        for (Direction direction : Direction.values()) {
          List<PolicyRule> rules = policy.rules(direction);
          for (int i = 0; i + 1 < rules.size(); i++) {
            pair(input, policy, rules.get(i), rules.get(i + 1), found);
          }
        }
      }
    }
  }

  private static void pair(
      LintInput input,
      Policy policy,
      PolicyRule first,
      PolicyRule second,
      Consumer<Diagnostic> found) {
    boolean forward = isPeersOnly(first) && isPortsOnly(second);
    boolean backward = isPortsOnly(first) && isPeersOnly(second);
    if (!forward && !backward) {
      return;
    }
    String what = forward ? "ports" : FindingNames.list(first.direction());
    Diagnostic finding = CODE.at(
            second.origin(), policy, first.field() + "` and `" + second.field())
        .hint("if those ports are for those peers, write one rule: drop the `-` before this `"
            + what + "`")
        .severity(forward ? Severity.WARNING : Severity.INFO);
    found.accept(TextEdits.joinRules(input, second.origin()).map(finding::fix).orElse(finding));
  }

  private static boolean isPeersOnly(PolicyRule rule) {
    return rule.peers() instanceof Peers.AnyOf && rule.ports() instanceof Ports.AllTraffic;
  }

  private static boolean isPortsOnly(PolicyRule rule) {
    return rule.peers() instanceof Peers.Everyone && rule.ports() instanceof Ports.AnyOf;
  }
}
