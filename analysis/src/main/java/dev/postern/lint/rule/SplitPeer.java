package dev.postern.lint.rule;

import com.google.auto.service.AutoService;
import dev.postern.diagnostic.Code;
import dev.postern.diagnostic.Diagnostic;
import dev.postern.diagnostic.Severity;
import dev.postern.policy.NamespaceSelection;
import dev.postern.policy.Peer;
import dev.postern.policy.Peers;
import dev.postern.policy.Policy;
import dev.postern.policy.PolicyRule;
import dev.postern.policy.Tier;
import java.util.function.Consumer;

/** The dash too many in a peer: a {@code namespaceSelector} and a {@code podSelector} as two peers, where one peer with both was meant. */
@AutoService(LintRule.class)
public final class SplitPeer implements LintRule {

  private static final Code CODE = Code.ofRule(
      "NP320",
      "SPLIT_PEER",
      Severity.WARNING,
      "`{1}` of {0} are two peers, either of which is enough: every pod of those namespaces, and those pods of this namespace");

  @Override
  public Code code() {
    return CODE;
  }

  @Override
  public String title() {
    return "a dash too many";
  }

  @Override
  public void check(LintInput input, Consumer<Diagnostic> found) {
    for (Policy policy : input.cluster().policies()) {
      if (policy.tier() == Tier.NETWORK_POLICY) {
        policy.rules().forEach(rule -> rule(input, policy, rule, found));
      }
    }
  }

  private static void rule(
      LintInput input, Policy policy, PolicyRule rule, Consumer<Diagnostic> found) {
    if (!(rule.peers() instanceof Peers.AnyOf any)) {
      return;
    }
    for (int i = 0; i + 1 < any.peers().size(); i++) {
      if (any.peers().get(i) instanceof Peer.Pods first
          && any.peers().get(i + 1) instanceof Peer.Pods second) {
        boolean forward = isNamespacesOnly(first) && isOwnPodsOnly(second);
        boolean backward = isOwnPodsOnly(first) && isNamespacesOnly(second);
        if (forward || backward) {
          String field = FindingNames.peer(rule, i) + " and [" + (i + 1) + "]";
          String what = forward ? "podSelector" : "namespaceSelector";
          Evidence evidence = forward
              ? Evidence.of(input, policy, rule, first, second)
              : Evidence.of(input, policy, rule, second, first);
          Diagnostic finding = CODE.at(second.origin(), policy, field)
              .hint("if both must hold, write one peer: drop the `-` before this `" + what + "`")
              .severity(evidence.severity(forward));
          found.accept(
              TextEdits.joinPeers(input, second.origin()).map(finding::fix).orElse(finding));
        }
      }
    }
  }

  /** Where the pods of such labels are. */
  private enum Evidence {
    HERE,
    THERE,
    UNKNOWN;

    static Evidence of(
        LintInput input, Policy policy, PolicyRule rule, Peer.Pods namespaces, Peer.Pods pods) {
      boolean here = !input.plan().matched(policy, rule, pods).isEmpty();
      Peer both = new Peer.Pods(namespaces.namespaces(), pods.pods(), pods.origin());
      boolean there = !input.plan().matched(policy, rule, both).isEmpty();
      return here == there ? UNKNOWN : here ? HERE : THERE;
    }

    /** Namespaces first is how the mistake is made; pods of the own namespace that are there were meant. */
    Severity severity(boolean forward) {
      return this == THERE || (forward && this == UNKNOWN) ? Severity.WARNING : Severity.INFO;
    }
  }

  private static boolean isNamespacesOnly(Peer.Pods peer) {
    return peer.namespaces() instanceof NamespaceSelection.Matching matching
        && !matching.selector().isEverything()
        && peer.pods().isEverything();
  }

  private static boolean isOwnPodsOnly(Peer.Pods peer) {
    return peer.namespaces() instanceof NamespaceSelection.Named && !peer.pods().isEverything();
  }
}
