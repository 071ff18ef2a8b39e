package dev.postern.lint.rule;

import dev.postern.cluster.Workload;
import dev.postern.diagnostic.Code;
import dev.postern.diagnostic.Diagnostic;
import dev.postern.net.Protocol;
import dev.postern.policy.Direction;
import dev.postern.policy.Policy;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.function.IntPredicate;

/** The workloads whose egress is restricted, by what they can ask the cluster's DNS. */
final class ClientsOfNameServers {

  private ClientsOfNameServers() {}

  /**
   * One finding for the policies that restrict the same workloads.
   *
   * @param protocol what the workloads lack
   * @param lacks the endpoint classes that lack it
   */
  static void check(
      LintInput input,
      Code code,
      Protocol protocol,
      IntPredicate lacks,
      Consumer<Diagnostic> found) {
    NameServers servers = input.nameServers();
    FindingsByCause groups = new FindingsByCause(found);
    for (Policy policy : input.cluster().policies()) {
      Set<String> clients = clients(input, policy, lacks);
      if (!clients.isEmpty()) {
        groups.add(
            clients,
            code.at(policy.origin(), policy, FindingNames.quoted(clients), servers.words(protocol))
                .hint(servers.hint()));
      }
    }
  }

  private static Set<String> clients(LintInput input, Policy policy, IntPredicate lacks) {
    Set<String> clients = new TreeSet<>();
    if (policy.isolates().contains(Direction.EGRESS)) {
      input.plan().targets(policy).forEach(number -> {
        if (lacks.test(number)) {
          input.members(number).stream()
              .filter(workload -> !input.nameServers().isServer(workload))
              .map(Workload::id)
              .forEach(clients::add);
        }
      });
    }
    return clients;
  }
}
