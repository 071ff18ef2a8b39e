package dev.postern.cli.proof;

import dev.postern.backend.Machine;
import dev.postern.backend.Reader.Dump;
import dev.postern.backend.Scope;
import dev.postern.cli.console.UserError;
import dev.postern.cluster.Cluster;
import dev.postern.cluster.Pod;
import dev.postern.enforced.Contract.Binding;
import dev.postern.net.Address;
import dev.postern.netfilter.reader.UnreadableDump;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Asks a machine's routes which interface each pod is behind. */
final class LiveRoutes {

  private LiveRoutes() {}

  /**
   * What was said, and what the machine's routes say of the other pods of the scope.
   *
   * @throws UserError if {@code ip} prints what is no table of routes
   */
  static Wiring besides(Wiring said, Machine machine, Cluster cluster, Scope scope) {
    List<Address> others = podsBesides(said.bindings(), cluster, scope);
    Wiring all = said;
    List<List<String>> commands =
        List.of(List.of("ip", "-j", "route", "show"), List.of("ip", "-j", "-6", "route", "show"));
    for (List<String> command : commands) {
      Optional<Dump> dump = machine.print(command).filter(each -> !each.text().isBlank());
      if (dump.isPresent()) {
        try {
          Routes table = Routes.of(dump.get().file(), dump.get().text());
          all = all.and(table.behind(others)).and(table.routing(taken(cluster)));
        } catch (UnreadableDump problem) {
          throw new UserError(String.valueOf(problem.getMessage()));
        }
      }
    }
    return all;
  }

  /** The addresses of a cluster's pods and nodes. */
  static List<Address> taken(Cluster cluster) {
    return Stream.concat(
            cluster.nodes().stream().flatMap(node -> node.addresses().stream()),
            cluster.workloads().stream()
                .flatMap(workload -> workload.pods().stream())
                .flatMap(pod -> pod.addresses().stream()))
        .distinct()
        .toList();
  }

  /** The addresses of the scope's pods that nothing binds. */
  static List<Address> podsBesides(List<Binding> said, Cluster cluster, Scope scope) {
    return cluster.workloads().stream()
        .filter(workload -> !workload.hostNetwork())
        .flatMap(workload -> workload.pods().stream())
        .filter(scope::contains)
        .map(Pod::addresses)
        .flatMap(List::stream)
        .filter(
            address -> said.stream().noneMatch(binding -> binding.addresses().contains(address)))
        .distinct()
        .toList();
  }
}
