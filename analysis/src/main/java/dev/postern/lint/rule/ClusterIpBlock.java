package dev.postern.lint.rule;

import com.google.auto.service.AutoService;
import dev.postern.diagnostic.Code;
import dev.postern.diagnostic.Diagnostic;
import dev.postern.diagnostic.Severity;
import dev.postern.policy.Direction;
import dev.postern.policy.Peer;
import dev.postern.policy.Peers;
import dev.postern.policy.Policy;
import dev.postern.policy.PolicyRule;
import java.util.List;
import java.util.function.Consumer;

/** Egress to a Service by its cluster address, which is gone when policies look. */
@AutoService(LintRule.class)
public final class ClusterIpBlock implements LintRule {

  private static final Code CODE = Code.ofRule(
      "NP327",
      "CLUSTER_IP_BLOCK",
      Severity.WARNING,
      "`{1}` of {0} is the cluster address of Service {2}: policies see the pod behind it, at its own address");

  @Override
  public Code code() {
    return CODE;
  }

  @Override
  public String title() {
    return "a Service's address as an ipBlock";
  }

  @Override
  public void check(LintInput input, Consumer<Diagnostic> found) {
    for (Policy policy : input.cluster().policies()) {
      policy.rules().forEach(rule -> rule(input, policy, rule, found));
    }
  }

  private static void rule(
      LintInput input, Policy policy, PolicyRule rule, Consumer<Diagnostic> found) {
    if (rule.direction() != Direction.EGRESS || !(rule.peers() instanceof Peers.AnyOf any)) {
      return;
    }
    for (int i = 0; i < any.peers().size(); i++) {
      if (any.peers().get(i) instanceof Peer.IpBlock block
          && block.cidr().first().equals(block.cidr().last())) {
        String field = FindingNames.peer(rule, i);
        input.cluster().services().stream()
            .filter(service -> service.clusterIps().contains(block.cidr().first()))
            .findFirst()
            .ifPresent(service -> found.accept(CODE.at(block.origin(), policy, field, service.id())
                .hint("select the pods of Service " + service.id() + " by their labels")
                .related(
                    List.of(new Diagnostic.Related("Service " + service.id(), service.origin())))));
      }
    }
  }
}
