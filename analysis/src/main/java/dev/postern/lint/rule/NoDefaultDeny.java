package dev.postern.lint.rule;

import com.google.auto.service.AutoService;
import dev.postern.diagnostic.Code;
import dev.postern.diagnostic.Diagnostic;
import dev.postern.diagnostic.Severity;
import dev.postern.policy.Direction;
import dev.postern.policy.Policy;
import dev.postern.policy.Tier;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;

/** Namespaces with policies of which none isolates every pod in a direction. */
@AutoService(LintRule.class)
public final class NoDefaultDeny implements LintRule {

  private static final Code CODE = Code.ofRule(
      "NP341",
      "NO_DEFAULT_DENY",
      Severity.INFO,
      "namespace {0} has policies, but none that selects every pod for {1}: a pod that comes is open");

  @Override
  public Code code() {
    return CODE;
  }

  @Override
  public String title() {
    return "a namespace without a default deny";
  }

  private static final RuleOption<Direction> DIRECTIONS = RuleOption.directions(
      "directions",
      "The directions in which a default deny is wanted.",
      List.of(Direction.values()));

  @Override
  public List<RuleOption<?>> options() {
    return List.of(DIRECTIONS);
  }

  @Override
  public void check(LintInput input, Consumer<Diagnostic> found) {
    Map<String, List<Policy>> byNamespace = new TreeMap<>();
    for (Policy policy : input.cluster().policies()) {
      if (policy.tier() == Tier.NETWORK_POLICY) {
        byNamespace
            .computeIfAbsent(policy.namespace(), name -> new ArrayList<>())
            .add(policy);
      }
    }
    byNamespace.forEach((namespace, policies) -> {
      List<String> open = new ArrayList<>();
      for (Direction direction : input.options().values(DIRECTIONS)) {
        if (policies.stream().noneMatch(policy -> isDefault(policy, direction))) {
          open.add(direction.field());
        }
      }
      if (!open.isEmpty()) {
        found.accept(CODE.at(policies.get(0).origin(), namespace, String.join(" and ", open)));
      }
    });
  }

  private static boolean isDefault(Policy policy, Direction direction) {
    return policy.subject().pods().isEverything() && policy.isolates().contains(direction);
  }
}
