package dev.postern.lint.rule;

import com.google.auto.service.AutoService;
import dev.postern.cluster.Workload;
import dev.postern.diagnostic.Code;
import dev.postern.diagnostic.Diagnostic;
import dev.postern.diagnostic.Severity;
import dev.postern.policy.Action;
import dev.postern.policy.Direction;
import dev.postern.policy.NamespaceSelection;
import dev.postern.policy.Peer;
import dev.postern.policy.Peers;
import dev.postern.policy.Policy;
import dev.postern.policy.PolicyRule;
import java.util.List;
import java.util.function.Consumer;

/** Ingress rules for every pod of every namespace. */
@AutoService(LintRule.class)
public final class OpenToEveryNamespace implements LintRule {

  private static final Code CODE = Code.ofRule(
      "NP344",
      "OPEN_TO_EVERY_NAMESPACE",
      Severity.INFO,
      "`{1}` of {0} lets every pod of every namespace in on {2}: {3}");

  @Override
  public Code code() {
    return CODE;
  }

  @Override
  public String title() {
    return "pods that every namespace may reach";
  }

  @Override
  public void check(LintInput input, Consumer<Diagnostic> found) {
    for (Policy policy : input.cluster().policies()) {
      policy.rules().forEach(rule -> rule(input, policy, rule, found));
    }
  }

  private static void rule(
      LintInput input, Policy policy, PolicyRule rule, Consumer<Diagnostic> found) {
    if (rule.direction() == Direction.INGRESS
        && rule.action() == Action.ALLOW
        && rule.peers() instanceof Peers.AnyOf any
        && any.peers().stream().anyMatch(OpenToEveryNamespace::isEveryPod)) {
      List<Workload> selected = input.workloads(input.plan().targets(policy));
      if (!selected.isEmpty()) {
        found.accept(CODE.at(
            rule.origin(),
            policy,
            rule.field(),
            FindingNames.ports(rule.ports()),
            FindingNames.quoted(selected.stream().map(Workload::id).toList())));
      }
    }
  }

  private static boolean isEveryPod(Peer peer) {
    return peer instanceof Peer.Pods pods
        && pods.pods().isEverything()
        && pods.namespaces() instanceof NamespaceSelection.Matching matching
        && matching.selector().isEverything();
  }
}
