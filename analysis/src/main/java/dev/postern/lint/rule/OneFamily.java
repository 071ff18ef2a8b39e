package dev.postern.lint.rule;

import com.google.auto.service.AutoService;
import dev.postern.cluster.Workload;
import dev.postern.diagnostic.Code;
import dev.postern.diagnostic.Diagnostic;
import dev.postern.diagnostic.Severity;
import dev.postern.net.Cidr;
import dev.postern.net.Family;
import dev.postern.policy.Direction;
import dev.postern.policy.Peer;
import dev.postern.policy.Peers;
import dev.postern.policy.Policy;
import dev.postern.policy.PolicyRule;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;

/** A rule for every address of one family about pods that have addresses of both. */
@AutoService(LintRule.class)
public final class OneFamily implements LintRule {

  private static final Code CODE = Code.ofRule(
      "NP345",
      "ONE_FAMILY",
      Severity.WARNING,
      "`{1}` of {0} is every {2} address, but {3} has {4} addresses too");

  @Override
  public Code code() {
    return CODE;
  }

  @Override
  public String title() {
    return "one address family for pods that have both";
  }

  @Override
  public void check(LintInput input, Consumer<Diagnostic> found) {
    for (Policy policy : input.cluster().policies()) {
      for (Direction direction : Direction.values()) {
        Set<Family> everyone = EnumSet.noneOf(Family.class);
        for (PolicyRule rule : policy.rules(direction)) {
          whole(rule).forEach(block -> everyone.add(block.cidr().family()));
        }
        if (everyone.size() == 1) {
          policy.rules(direction).forEach(rule -> rule(input, policy, rule, found));
        }
      }
    }
  }

  private static void rule(
      LintInput input, Policy policy, PolicyRule rule, Consumer<Diagnostic> found) {
    for (Peer.IpBlock block : whole(rule)) {
      Family family = block.cidr().family();
      Family other = family == Family.IPV4 ? Family.IPV6 : Family.IPV4;
      input.workloads(input.plan().targets(policy)).stream()
          .filter(workload -> has(workload, family) && has(workload, other))
          .findFirst()
          .ifPresent(workload -> found.accept(CODE.at(
                  block.origin(), policy, rule.field(), family.word(), workload.id(), other.word())
              .hint("add an `ipBlock` with `cidr: " + Cidr.all(other) + "`")));
    }
  }

  private static List<Peer.IpBlock> whole(PolicyRule rule) {
    List<Peer.IpBlock> blocks = new ArrayList<>();
    if (rule.peers() instanceof Peers.AnyOf any) {
      for (Peer peer : any.peers()) {
        if (peer instanceof Peer.IpBlock block && block.cidr().prefix() == 0) {
          blocks.add(block);
        }
      }
    }
    return blocks;
  }

  private static boolean has(Workload workload, Family family) {
    return workload.pods().stream()
        .flatMap(pod -> pod.addresses().stream())
        .anyMatch(address -> address.family() == family);
  }
}
