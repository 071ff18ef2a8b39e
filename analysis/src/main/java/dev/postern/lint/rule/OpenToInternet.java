package dev.postern.lint.rule;

import com.google.auto.service.AutoService;
import dev.postern.cluster.Workload;
import dev.postern.diagnostic.Code;
import dev.postern.diagnostic.Diagnostic;
import dev.postern.diagnostic.Severity;
import dev.postern.net.PortSet;
import dev.postern.net.Protocol;
import dev.postern.policy.Action;
import dev.postern.policy.Direction;
import dev.postern.policy.Peer;
import dev.postern.policy.Peers;
import dev.postern.policy.Policy;
import dev.postern.policy.PolicyRule;
import dev.postern.policy.Ports;
import java.util.List;
import java.util.function.Consumer;

/** Ingress rules for every address. */
@AutoService(LintRule.class)
public final class OpenToInternet implements LintRule {

  private static final Code CODE = Code.ofRule(
      "NP343", "OPEN_TO_INTERNET", Severity.INFO, "`{1}` of {0} lets every address in on {2}: {3}");

  @Override
  public Code code() {
    return CODE;
  }

  @Override
  public String title() {
    return "pods that the internet may reach";
  }

  private static final RuleOption<Integer> PORTS =
      RuleOption.ports("ports", "TCP and UDP ports that may be open to every address.", List.of());

  @Override
  public List<RuleOption<?>> options() {
    return List.of(PORTS);
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
        && policy.isolates().contains(Direction.INGRESS)
        && isEveryone(rule.peers())
        && !isMeant(rule.ports(), input.options().values(PORTS))) {
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

  /** Whether a rule opens no ports but these; a name may stand for any. */
  private static boolean isMeant(Ports ports, List<Integer> meant) {
    return ports instanceof Ports.AnyOf any
        && any.matches().stream()
            .allMatch(match -> match instanceof Ports.Numbered numbered
                && numbered.protocol() != Protocol.SCTP
                && meant.stream()
                    .map(PortSet::of)
                    .reduce(PortSet.NONE, PortSet::union)
                    .intersect(numbered.ports())
                    .equals(numbered.ports()));
  }

  private static boolean isEveryone(Peers peers) {
    return !(peers instanceof Peers.AnyOf any)
        || any.peers().stream()
            .anyMatch(peer -> peer instanceof Peer.IpBlock block
                && block.cidr().prefix() == 0
                && block.except().isEmpty());
  }
}
