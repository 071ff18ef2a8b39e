package dev.postern.lint;

import dev.postern.cluster.Cluster;
import dev.postern.cluster.Namespace;
import dev.postern.diagnostic.Code;
import dev.postern.diagnostic.Diagnostic;
import dev.postern.policy.Direction;
import dev.postern.policy.NamespaceSelection;
import dev.postern.policy.Peer;
import dev.postern.policy.Peers;
import dev.postern.policy.Policy;
import dev.postern.policy.PolicyRule;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** Selectors over labels of namespaces that no manifest declares: they are judged as if those namespaces had no labels. */
final class NamespaceLabels {

  private NamespaceLabels() {}

  static List<Diagnostic> of(Cluster cluster) {
    List<String> undeclared = cluster.namespaces().values().stream()
        .filter(n -> !n.declared())
        .map(Namespace::name)
        .toList();
    List<Diagnostic> found = new ArrayList<>();
    if (undeclared.isEmpty()) {
      return found;
    }
    String names = undeclared.stream()
            .limit(3)
            .map(n -> "namespace `" + n + "`")
            .collect(Collectors.joining(", "))
        + (undeclared.size() > 3 ? " and " + (undeclared.size() - 3) + " more" : "");
    for (Policy policy : cluster.policies()) {
      if (looksAtLabels(policy.subject().namespaces())) {
        found.add(
            Code.NAMESPACE_LABELS_UNKNOWN.at(policy.origin(), policy.toString(), "subject", names));
      }
      for (Direction direction : Direction.values()) {
        for (PolicyRule rule : policy.rules(direction)) {
          peers(policy, rule, names, found);
        }
      }
    }
    return found;
  }

  private static void peers(Policy policy, PolicyRule rule, String names, List<Diagnostic> found) {
    if (!(rule.peers() instanceof Peers.AnyOf any)) {
      return;
    }
    String list = rule.direction() == Direction.INGRESS ? "from" : "to";
    for (int i = 0; i < any.peers().size(); i++) {
      if (any.peers().get(i) instanceof Peer.Pods pods && looksAtLabels(pods.namespaces())) {
        String field = rule.field() + "." + list + "[" + i + "]";
        found.add(Code.NAMESPACE_LABELS_UNKNOWN.at(pods.origin(), policy.toString(), field, names));
      }
    }
  }

  private static boolean looksAtLabels(NamespaceSelection selection) {
    return selection instanceof NamespaceSelection.Matching matching
        && matching.selector().requirements().stream()
            .anyMatch(r -> !r.key().equals(Namespace.NAME_LABEL));
  }
}
