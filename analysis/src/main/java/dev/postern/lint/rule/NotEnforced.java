package dev.postern.lint.rule;

import com.google.auto.service.AutoService;
import dev.postern.dataplane.Dataplane;
import dev.postern.dataplane.Feature;
import dev.postern.diagnostic.Code;
import dev.postern.diagnostic.Diagnostic;
import dev.postern.diagnostic.Origin;
import dev.postern.diagnostic.Severity;
import dev.postern.net.AddressSet;
import dev.postern.net.Protocol;
import dev.postern.policy.Direction;
import dev.postern.policy.Peer;
import dev.postern.policy.Peers;
import dev.postern.policy.Policy;
import dev.postern.policy.PolicyRule;
import dev.postern.policy.Ports;
import java.util.List;
import java.util.function.Consumer;

/** What the dataplane that the user names, or any of those named, does not enforce. */
@AutoService(LintRule.class)
public final class NotEnforced implements LintRule {

  private static final Code CODE = Code.ofRule(
      "NP350", "NOT_ENFORCED", Severity.WARNING, "{0} does not enforce {1}, which {2} needs{3}");

  @Override
  public Code code() {
    return CODE;
  }

  @Override
  public String title() {
    return "what a dataplane does not enforce";
  }

  @Override
  public void check(LintInput input, Consumer<Diagnostic> found) {
    FindingsByCause groups = new FindingsByCause(found);
    for (Dataplane dataplane : input.options().dataplanes()) {
      boolean nothing = isMissing(dataplane, Feature.NETWORK_POLICY);
      for (Policy policy : input.cluster().policies()) {
        if (nothing) {
          say(dataplane, Feature.NETWORK_POLICY, policy.toString(), policy.origin(), groups);
          continue;
        }
        switch (policy.tier()) {
          case ADMIN, BASELINE ->
            say(dataplane, Feature.ADMIN_POLICY, policy.toString(), policy.origin(), groups);
          case NETWORK_POLICY -> {}
        }
        policy.rules().forEach(rule -> rule(input, dataplane, policy, rule, groups));
        pods(input, dataplane, policy, groups);
      }
    }
  }

  private static boolean isMissing(Dataplane dataplane, Feature feature) {
    return dataplane.fact(feature).filter(fact -> !fact.enforced()).isPresent();
  }

  private static void say(
      Dataplane dataplane, Feature feature, String where, Origin origin, FindingsByCause groups) {
    dataplane
        .fact(feature)
        .filter(fact -> !fact.enforced())
        .ifPresent(fact -> groups.add(
            List.of(dataplane.name(), feature),
            CODE.at(
                    origin,
                    dataplane.name(),
                    feature.words(),
                    where,
                    fact.details().isEmpty() ? "" : ": " + fact.details())
                .hint("see " + fact.source())));
  }

  private static void rule(
      LintInput input,
      Dataplane dataplane,
      Policy policy,
      PolicyRule rule,
      FindingsByCause groups) {
    String where = FindingNames.rule(policy, rule);
    boolean named = false;
    if (rule.ports() instanceof Ports.AnyOf any) {
      for (Ports.PortMatch match : any.matches()) {
        if (match instanceof Ports.Numbered numbered) {
          if (!numbered.ports().isAll() && numbered.ports().size() > 1) {
            say(dataplane, Feature.END_PORT, where, match.origin(), groups);
          }
          if (numbered.protocol() == Protocol.SCTP) {
            say(dataplane, Feature.SCTP, where, match.origin(), groups);
          }
        } else {
          named = true;
          say(dataplane, Feature.NAMED_PORT, where, match.origin(), groups);
        }
      }
    }
    if (rule.peers() instanceof Peers.AnyOf any) {
      for (Peer peer : any.peers()) {
        if (peer instanceof Peer.IpBlock block) {
          if (named && rule.direction() == Direction.EGRESS) {
            say(dataplane, Feature.NAMED_PORT_OF_BLOCK, where, block.origin(), groups);
          }
          if (holdsPods(input, block)) {
            say(dataplane, Feature.IP_BLOCK_OF_PODS, where, block.origin(), groups);
          }
        }
      }
    }
  }

  private static boolean holdsPods(LintInput input, Peer.IpBlock block) {
    AddressSet addresses = block.addresses();
    return input.cluster().workloads().stream()
        .filter(workload -> !workload.hostNetwork())
        .flatMap(workload -> workload.pods().stream())
        .flatMap(pod -> pod.addresses().stream())
        .anyMatch(addresses::contains);
  }

  /** A pod of its own kind is one that was written alone. */
  private static void pods(
      LintInput input, Dataplane dataplane, Policy policy, FindingsByCause groups) {
    if (isMissing(dataplane, Feature.BARE_POD)) {
      input.workloads(input.plan().targets(policy)).stream()
          .filter(workload -> workload.kind().equals("Pod"))
          .forEach(workload -> say(
              dataplane,
              Feature.BARE_POD,
              "Pod " + workload.id() + ", which " + policy + " selects,",
              workload.origin(),
              groups));
    }
  }
}
