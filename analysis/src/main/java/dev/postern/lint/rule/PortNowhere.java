package dev.postern.lint.rule;

import com.google.auto.service.AutoService;
import dev.postern.diagnostic.Code;
import dev.postern.diagnostic.Diagnostic;
import dev.postern.diagnostic.Severity;
import dev.postern.net.Traffic;
import dev.postern.policy.Direction;
import dev.postern.policy.Peer;
import dev.postern.policy.Peers;
import dev.postern.policy.Policy;
import dev.postern.policy.PolicyRule;
import dev.postern.policy.Ports;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/** A rule whose ports no pod at the receiving end listens on, by all that the manifests say. */
@AutoService(LintRule.class)
public final class PortNowhere implements LintRule {

  private static final Code CODE =
      Code.ofRule("NP324", "PORT_NOWHERE", Severity.WARNING, "`{1}` of {0} is about {2}, but {3}");

  @Override
  public Code code() {
    return CODE;
  }

  @Override
  public String title() {
    return "a port that no pod listens on";
  }

  @Override
  public void check(LintInput input, Consumer<Diagnostic> found) {
    for (Policy policy : input.cluster().policies()) {
      policy.rules().forEach(rule -> rule(input, policy, rule, found));
    }
  }

  private static void rule(
      LintInput input, Policy policy, PolicyRule rule, Consumer<Diagnostic> found) {
    if (!(rule.ports() instanceof Ports.AnyOf any) || isWide(policy, rule)) {
      return;
    }
    Traffic meant = Traffic.NONE;
    for (Ports.PortMatch match : any.matches()) {
      if (!(match instanceof Ports.Numbered numbered)) {
        return;
      }
      meant = meant.union(Traffic.of(numbered.protocol(), numbered.ports()));
    }
    Listeners receivers = input.receivers(policy, rule);
    // A Service's port in its place is another rule's finding.
    if (!receivers.isEmpty()
        && !receivers.hearSomeOf(meant)
        && receivers.allSayWhere()
        && !receivers.haveServicePort(meant)) {
      String where = receivers.workloads().stream()
          .limit(2)
          .map(workload -> workload.id() + " listens on " + input.listening().of(workload))
          .collect(Collectors.joining(", "));
      found.accept(CODE.at(rule.origin(), policy, rule.field(), meant, where));
    }
  }

  /** Whether it is about pods that nothing tells from others: some of them may listen. */
  private static boolean isWide(Policy policy, PolicyRule rule) {
    return rule.direction() == Direction.INGRESS
        ? policy.subject().pods().isEverything()
        : !(rule.peers() instanceof Peers.AnyOf any)
            || any.peers().stream()
                .anyMatch(
                    peer -> !(peer instanceof Peer.Pods pods) || pods.pods().isEverything());
  }
}
