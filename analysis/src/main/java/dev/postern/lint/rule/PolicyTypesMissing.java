package dev.postern.lint.rule;

import com.google.auto.service.AutoService;
import dev.postern.diagnostic.Code;
import dev.postern.diagnostic.Diagnostic;
import dev.postern.diagnostic.Severity;
import dev.postern.manifest.Written;
import dev.postern.policy.Policy;
import dev.postern.policy.Tier;
import java.util.function.Consumer;

/** Directions that {@code policyTypes} would have named and that are not as they look without it. */
@AutoService(LintRule.class)
public final class PolicyTypesMissing implements LintRule {

  private static final Code CODE = Code.ofRule(
      "NP348", "POLICY_TYPES_MISSING", Severity.WARNING, "{0} has no `policyTypes`: {1}");

  @Override
  public Code code() {
    return CODE;
  }

  @Override
  public String title() {
    return "missing policyTypes";
  }

  @Override
  public void check(LintInput input, Consumer<Diagnostic> found) {
    for (Policy policy : input.cluster().policies()) {
      if (policy.tier() == Tier.NETWORK_POLICY && policy.typesDefaulted()) {
        input
            .written(policy)
            .flatMap(object -> object.field("spec"))
            .filter(spec -> spec.items("policyTypes").isEmpty())
            .ifPresent(spec -> spec(input, policy, spec, found));
      }
    }
  }

  private static void spec(
      LintInput input, Policy policy, Written spec, Consumer<Diagnostic> found) {
    boolean egress = !policy.egress().isEmpty();
    if (egress && !spec.mentions("ingress")) {
      report(
          input,
          policy,
          spec,
          "it denies all ingress of its pods as well, since `policyTypes` then is [Ingress, Egress]",
          "[Ingress, Egress]",
          found);
    } else if (!egress && spec.mentions("egress")) {
      report(
          input,
          policy,
          spec,
          "its empty `egress` restricts nothing, since `policyTypes` then is [Ingress]",
          "[Ingress]",
          found);
    }
  }

  private static void report(
      LintInput input,
      Policy policy,
      Written spec,
      String why,
      String types,
      Consumer<Diagnostic> found) {
    Diagnostic finding = CODE.at(policy.origin(), policy, why)
        .hint("write `policyTypes: " + types + "` if that is meant");
    if (spec.mentions("policyTypes")) {
      found.accept(finding);
    } else {
      found.accept(TextEdits.firstField(input, spec, "policyTypes: " + types)
          .map(finding::fix)
          .orElse(finding));
    }
  }
}
