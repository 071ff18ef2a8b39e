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

/** A default deny beside an allow-all of the same pods. */
@AutoService(LintRule.class)
public final class VoidDefaultDeny implements LintRule {

  private static final Code CODE = Code.ofRule(
      "NP342",
      "VOID_DEFAULT_DENY",
      Severity.WARNING,
      "`{1}` of {0} lets every pod of namespace {2} {3} everyone: {4} denies nothing");

  @Override
  public Code code() {
    return CODE;
  }

  @Override
  public String title() {
    return "a default deny made void";
  }

  @Override
  public void check(LintInput input, Consumer<Diagnostic> found) {
    List<Policy> policies = input.cluster().policies();
    for (Policy deny : policies) {
      for (Direction direction : Direction.values()) {
        if (isDefaultDeny(deny, direction)) {
          policies.stream()
              .filter(policy -> policy.namespace().equals(deny.namespace())
                  && policy.tier() == Tier.NETWORK_POLICY
                  && policy.subject().pods().isEverything()
                  && policy.isolates().contains(direction))
              .forEach(policy -> policy.rules(direction).stream()
                  .filter(VoidDefaultDeny::isAllowAll)
                  .forEach(rule -> found.accept(CODE.at(
                          rule.origin(),
                          policy,
                          rule.field(),
                          policy.namespace(),
                          direction == Direction.INGRESS ? "be reached by" : "reach",
                          deny)
                      .related(List.of(new Diagnostic.Related(deny.toString(), deny.origin()))))));
        }
      }
    }
  }

  private static boolean isDefaultDeny(Policy policy, Direction direction) {
    return policy.tier() == Tier.NETWORK_POLICY
        && policy.subject().pods().isEverything()
        && policy.isolates().contains(direction)
        && policy.rules(direction).isEmpty();
  }

  private static boolean isAllowAll(PolicyRule rule) {
    return rule.peers() instanceof Peers.Everyone && rule.ports() instanceof Ports.AllTraffic;
  }
}
