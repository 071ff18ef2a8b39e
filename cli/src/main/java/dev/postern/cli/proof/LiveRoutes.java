package dev.postern.cli.proof;

import dev.postern.backend.Machine;
import dev.postern.backend.Scope;
import dev.postern.cli.console.UserError;
import dev.postern.cluster.Cluster;
import dev.postern.cluster.Pod;
import dev.postern.enforced.Contract.Binding;
import dev.postern.net.Address;
import dev.postern.net.AddressSet;
import dev.postern.netfilter.reader.UnreadableDump;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Asks a machine's routes which interface each pod is behind. */
final class LiveRoutes {

  private LiveRoutes() {}

  /**
   * What was said, and what the machine's routes say of the other pods of the scope.
   *
   * @throws UserError if {@code ip} prints what is no table of routes
   */
  static List<Binding> besides(List<Binding> said, Machine machine, Cluster cluster, Scope scope) {
    List<Address> others = cluster.workloads().stream()
        .filter(workload -> !workload.hostNetwork())
        .flatMap(workload -> workload.pods().stream())
        .filter(scope::contains)
        .map(Pod::addresses)
        .flatMap(List::stream)
        .filter(
            address -> said.stream().noneMatch(binding -> binding.addresses().contains(address)))
        .distinct()
        .toList();
    Map<String, AddressSet> behind = new TreeMap<>();
    said.forEach(binding -> behind.merge(binding.name(), binding.addresses(), AddressSet::union));
    List<List<String>> commands =
        List.of(List.of("ip", "-j", "route", "show"), List.of("ip", "-j", "-6", "route", "show"));
    for (List<String> command : commands) {
      machine.print(command).filter(dump -> !dump.text().isBlank()).ifPresent(dump -> {
        try {
          Routes.behind(dump.file(), dump.text(), others)
              .forEach(
                  binding -> behind.merge(binding.name(), binding.addresses(), AddressSet::union));
        } catch (UnreadableDump problem) {
          throw new UserError(String.valueOf(problem.getMessage()));
        }
      });
    }
    List<Binding> all = new ArrayList<>();
    behind.forEach((name, addresses) -> all.add(new Binding(name, addresses)));
    return all;
  }
}
