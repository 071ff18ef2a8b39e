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
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
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
    Map<String, List<Policy>> ofEveryPod = new LinkedHashMap<>();
    for (Policy policy : input.cluster().policies()) {
      if (policy.tier() == Tier.NETWORK_POLICY && policy.subject().pods().isEverything()) {
        ofEveryPod
            .computeIfAbsent(policy.namespace(), namespace -> new ArrayList<>())
            .add(policy);
      }
    }
    for (List<Policy> policies : ofEveryPod.values()) {
      for (Direction direction : Direction.values()) {
        List<Policy> isolating = policies.stream()
            .filter(policy -> policy.isolates().contains(direction))
            .toList();
        List<PolicyAndRule> allowing = isolating.stream()
            .flatMap(policy -> policy.rules(direction).stream()
                .filter(VoidDefaultDeny::isAllowAll)
                .map(rule -> new PolicyAndRule(policy, rule)))
            .toList();
        for (Policy deny : isolating) {
          if (deny.rules(direction).isEmpty()) {
            allowing.forEach(each -> found.accept(finding(deny, each, direction)));
          }
        }
      }
    }
  }

  private record PolicyAndRule(Policy policy, PolicyRule rule) {}

  private static Diagnostic finding(Policy deny, PolicyAndRule allow, Direction direction) {
    return CODE.at(
            allow.rule().origin(),
            allow.policy(),
            allow.rule().field(),
            allow.policy().namespace(),
            direction == Direction.INGRESS ? "be reached by" : "reach",
            deny)
        .related(List.of(new Diagnostic.Related(deny.toString(), deny.origin())));
  }

  private static boolean isAllowAll(PolicyRule rule) {
    return rule.peers() instanceof Peers.Everyone && rule.ports() instanceof Ports.AllTraffic;
  }
}
