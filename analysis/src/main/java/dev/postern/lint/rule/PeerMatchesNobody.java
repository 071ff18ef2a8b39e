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
import dev.postern.selector.Selector;
import dev.postern.why.NearMatch;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** A peer of labels that nobody has, though those whom it could match are in the input. */
@AutoService(LintRule.class)
public final class PeerMatchesNobody implements LintRule {

  private static final Code CODE = Code.ofRule(
      "NP310", "PEER_MATCHES_NOBODY", Severity.WARNING, "`{1}` of {0} matches nobody: {2}");

  @Override
  public Code code() {
    return CODE;
  }

  @Override
  public String title() {
    return "a peer that matches nobody";
  }

  @Override
  public void check(LintInput input, Consumer<Diagnostic> found) {
    FindingsByCause groups = new FindingsByCause(found);
    for (Policy policy : input.cluster().policies()) {
      for (PolicyRule rule : policy.rules()) {
        peers(input, policy, rule, groups);
      }
    }
  }

  private static void peers(
      LintInput input, Policy policy, PolicyRule rule, FindingsByCause groups) {
    if (!(rule.peers() instanceof Peers.AnyOf any)) {
      return;
    }
    for (int i = 0; i < any.peers().size(); i++) {
      if (any.peers().get(i) instanceof Peer.Pods peer
          && input.plan().matched(policy, rule, peer).isEmpty()) {
        String field = FindingNames.peer(rule, i);
        finding(input, policy, field, peer)
            .ifPresent(finding -> groups.add(cause(policy, peer), finding));
      }
    }
  }

  /** The same selectors miss for the same reason; a peer without namespaces looks in its policy's own. */
  private static Object cause(Policy policy, Peer.Pods peer) {
    return List.of(policy.kind(), peer.namespaces(), peer.pods());
  }

  private static Optional<Diagnostic> finding(
      LintInput input, Policy policy, String field, Peer.Pods peer) {
    Known known = Known.of(peer.namespaces(), input);
    if (known == Known.NO) {
      return Optional.empty();
    }
    Optional<NearMatch> near = input.nearMatch(peer.namespaces(), peer.pods(), policy.kind());
    boolean closed = input.options().closed();
    // What has no match among the declared namespaces may yet have one that is not declared here.
    if (near.isEmpty() && known == Known.NAMESPACES && !closed) {
      return Optional.empty();
    }
    String why = near.map(NearMatch::words).orElse("no pod here has what it asks for");
    return Optional.of(CODE.at(peer.origin(), policy, field, why)
        .hint(near.map(NearMatch::hint).orElse(""))
        .severity(near.isPresent() || closed ? Severity.WARNING : Severity.INFO));
  }

  /** How much of what a peer could match is in the input. */
  private enum Known {
    /** The pods. */
    PODS,
    /** The namespaces declared, of which none matches. */
    NAMESPACES,
    NO;

    static Known of(NamespaceSelection selection, LintInput input) {
      if (selection instanceof NamespaceSelection.Named named) {
        return input.hasPods(named.namespace()) ? PODS : NO;
      }
      Selector selector = ((NamespaceSelection.Matching) selection).selector();
      List<Namespace> matching = input.cluster().namespaces().values().stream()
          .filter(namespace -> selector.matches(namespace.labels()))
          .toList();
      if (matching.isEmpty()) {
        boolean some = input.cluster().namespaces().values().stream().anyMatch(Namespace::declared);
        return some || input.options().closed() ? NAMESPACES : NO;
      }
      return matching.stream().allMatch(namespace -> input.hasPods(namespace.name())) ? PODS : NO;
    }
  }
}
