package dev.postern.lint;

import dev.postern.anomaly.Anomalies;
import dev.postern.anomaly.Finding;
import dev.postern.diagnostic.Code;
import dev.postern.diagnostic.Diagnostic;
import dev.postern.diagnostic.Origin;
import dev.postern.meaning.Decision.Cause;
import dev.postern.plan.Plan;
import dev.postern.policy.PolicyRule;
import java.util.ArrayList;
import java.util.List;

/** Everything to say about policies that the API accepts. */
public final class Lint {

  /** As many other rules a message names. */
  private static final int NAMED = 4;

  private Lint() {}

  /** All findings, by file, line and column. */
  public static List<Diagnostic> of(Plan plan) {
    List<Diagnostic> diagnostics = new ArrayList<>();
    Anomalies.of(plan).stream()
        .filter(finding -> !isDefaultDeny(finding))
        .forEach(finding -> diagnostics.add(diagnostic(finding)));
    diagnostics.addAll(SplitPeer.of(plan.cluster()));
    diagnostics.addAll(NameService.of(plan));
    diagnostics.addAll(NamespaceLabels.of(plan.cluster()));
    return diagnostics.stream().sorted().distinct().toList();
  }

  /** A default deny is good practice, however little it does beside the other policies. */
  private static boolean isDefaultDeny(Finding finding) {
    return finding.kind() == Finding.Kind.REDUNDANT_NOW
        || (finding.kind() == Finding.Kind.REDUNDANT_POLICY
            && finding.policy().ingress().isEmpty()
            && finding.policy().egress().isEmpty());
  }

  private static Diagnostic diagnostic(Finding finding) {
    String field = finding.rule().map(PolicyRule::field).orElse("");
    String place = finding.part().isEmpty() ? field : field + "." + finding.part();
    Diagnostic diagnostic = code(finding.kind())
        .at(finding.origin(), finding.policy().toString(), place, detail(finding), span(finding))
        .related(finding.because().stream()
            .filter(cause -> cause.rule().isEmpty() || !cause.rule().equals(finding.rule()))
            .map(cause -> new Diagnostic.Related(name(cause), origin(cause)))
            .distinct()
            .toList());
    return finding.witness().map(flow -> diagnostic.hint("for example " + flow)).orElse(diagnostic);
  }

  private static Origin origin(Cause cause) {
    return cause.rule().map(PolicyRule::origin).orElse(cause.policy().origin());
  }

  private static String detail(Finding finding) {
    String others = others(finding);
    return switch (finding.kind()) {
      case CONFLICT -> others;
      case SHADOWED_RULE -> others.isEmpty() ? "a tier before" : others;
      case REDUNDANT_RULE -> others + span(finding);
      case REDUNDANT_POLICY, REDUNDANT_NOW, REDUNDANT_PEER, REDUNDANT_PORT ->
        span(finding)
            + (others.isEmpty() ? "" : "; " + others + " do" + verbs(finding) + " the same");
      case POINTLESS_RULE -> others.isEmpty() ? "" : " (" + others + ")";
      default -> finding.explanation();
    };
  }

  /** Whether it lasts. */
  private static String span(Finding finding) {
    return finding.lasting() ? ", whatever pods come" : " for the pods that are here";
  }

  private static String verbs(Finding finding) {
    return finding.because().size() == 1 ? "es" : "";
  }

  /** The first few of those that make it so. */
  private static String others(Finding finding) {
    List<String> names = finding.because().stream().map(Lint::name).distinct().toList();
    String first = String.join(" and ", names.subList(0, Math.min(NAMED, names.size())));
    return names.size() > NAMED ? first + " and " + (names.size() - NAMED) + " more" : first;
  }

  private static String name(Cause cause) {
    return cause
        .rule()
        .map(rule -> "`" + rule.field() + "` of " + cause.policy())
        .orElse(cause.policy().toString());
  }

  private static Code code(Finding.Kind kind) {
    return switch (kind) {
      case REDUNDANT_POLICY, REDUNDANT_NOW -> Code.REDUNDANT_POLICY;
      case REDUNDANT_RULE -> Code.REDUNDANT_RULE;
      case REDUNDANT_PEER -> Code.REDUNDANT_PEER;
      case REDUNDANT_PORT -> Code.REDUNDANT_PORT;
      case SHADOWED_RULE -> Code.SHADOWED_RULE;
      case POINTLESS_RULE -> Code.POINTLESS_RULE;
      case CONFLICT -> Code.CONFLICT;
      case CONTRADICTORY_SELECTOR -> Code.CONTRADICTORY_SELECTOR;
      case SELECTS_NOTHING -> Code.SELECTS_NOTHING;
      case PEER_MATCHES_NOTHING -> Code.PEER_MATCHES_NOTHING;
      case NAMED_PORT_NOWHERE -> Code.NAMED_PORT_NOWHERE;
      case INERT_RULES -> Code.INERT_RULES;
      case HALF_OPEN -> Code.HALF_OPEN;
      case PASS_TO_NOWHERE -> Code.PASS_TO_NOWHERE;
    };
  }
}
