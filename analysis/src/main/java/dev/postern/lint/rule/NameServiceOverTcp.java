package dev.postern.lint.rule;

import com.google.auto.service.AutoService;
import dev.postern.cluster.Workload;
import dev.postern.diagnostic.Code;
import dev.postern.diagnostic.Diagnostic;
import dev.postern.diagnostic.Severity;
import dev.postern.net.Protocol;
import dev.postern.policy.Direction;
import dev.postern.policy.Policy;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;

/** Pods that can ask for names over UDP and not over TCP, which long answers need. */
@AutoService(LintRule.class)
public final class NameServiceOverTcp implements LintRule {

  private static final Code CODE = Code.ofRule(
      "NP326",
      "NO_NAME_SERVICE_OVER_TCP",
      Severity.INFO,
      "{0} lets {1} ask for names over UDP alone: nothing lets it reach {2}");

  @Override
  public Code code() {
    return CODE;
  }

  @Override
  public String title() {
    return "names over UDP alone";
  }

  @Override
  public void check(LintInput input, Consumer<Diagnostic> found) {
    NameServers servers = input.nameServers();
    FindingsByCause groups = new FindingsByCause(found);
    for (Policy policy : input.cluster().policies()) {
      if (policy.isolates().contains(Direction.EGRESS)) {
        Set<String> cut = new TreeSet<>();
        input.plan().targets(policy).forEach(number -> {
          if (servers.canAsk(number, Protocol.UDP) && !servers.canAsk(number, Protocol.TCP)) {
            input.members(number).stream()
                .filter(workload -> !servers.isServer(workload))
                .map(Workload::id)
                .forEach(cut::add);
          }
        });
        if (!cut.isEmpty()) {
          groups.add(
              cut,
              CODE.at(
                      policy.origin(),
                      policy,
                      FindingNames.quoted(cut),
                      servers.words(Protocol.TCP))
                  .hint(servers.hint()));
        }
      }
    }
  }
}
