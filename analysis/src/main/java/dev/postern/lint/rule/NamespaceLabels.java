package dev.postern.lint.rule;

import com.google.auto.service.AutoService;
import dev.postern.cluster.Namespace;
import dev.postern.diagnostic.Code;
import dev.postern.diagnostic.Diagnostic;
import dev.postern.diagnostic.Severity;
import dev.postern.policy.NamespaceSelection;
import dev.postern.policy.Peer;
import dev.postern.policy.Peers;
import dev.postern.policy.Policy;
import dev.postern.policy.PolicyRule;
import java.util.List;
import java.util.function.Consumer;

/** Selectors over labels of namespaces that no manifest declares: they are judged as if those namespaces had no labels. */
@AutoService(LintRule.class)
public final class NamespaceLabels implements LintRule {

  private static final Code CODE = Code.ofRule(
      "NP322",
      "NAMESPACE_LABELS_UNKNOWN",
      Severity.INFO,
      "`{1}` of {0} looks at labels of namespaces, but {2} has no manifest here: its labels are not known");

  @Override
  public Code code() {
    return CODE;
  }

  @Override
  public String title() {
    return "labels of an unknown namespace";
  }

  @Override
  public void check(LintInput input, Consumer<Diagnostic> found) {
    List<String> undeclared = input.cluster().namespaces().values().stream()
        .filter(namespace -> !namespace.declared())
        .map(Namespace::name)
        .toList();
    if (undeclared.isEmpty()) {
      return;
    }
    String names = FindingNames.some(
        undeclared.stream().map(name -> "namespace `" + name + "`").toList());
    FindingsByCause groups = new FindingsByCause(found);
    for (Policy policy : input.cluster().policies()) {
      if (looksAtLabels(policy.subject().namespaces())) {
        groups.add(names, CODE.at(policy.origin(), policy, "subject", names));
      }
      policy.rules().forEach(rule -> peers(policy, rule, names, groups));
    }
  }

  private static void peers(Policy policy, PolicyRule rule, String names, FindingsByCause groups) {
    if (rule.peers() instanceof Peers.AnyOf any) {
      for (int i = 0; i < any.peers().size(); i++) {
        if (any.peers().get(i) instanceof Peer.Pods pods && looksAtLabels(pods.namespaces())) {
          groups.add(names, CODE.at(pods.origin(), policy, FindingNames.peer(rule, i), names));
        }
      }
    }
  }

  private static boolean looksAtLabels(NamespaceSelection selection) {
    return selection instanceof NamespaceSelection.Matching matching
        && matching.selector().requirements().stream()
            .anyMatch(r -> !r.key().equals(Namespace.NAME_LABEL));
  }
}
