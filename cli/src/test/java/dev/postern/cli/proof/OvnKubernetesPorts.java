package dev.postern.cli.proof;

import dev.postern.cluster.ContainerPort;
import dev.postern.cluster.Pod;
import dev.postern.cluster.Workload;
import dev.postern.net.Address;
import dev.postern.net.Family;
import dev.postern.net.PortSet;
import dev.postern.net.Protocol;
import dev.postern.policy.Ports;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** Ports as OVN-Kubernetes writes them into matches, by protocol. */
final class OvnKubernetesPorts {

  private OvnKubernetesPorts() {}

  /**
   * Ports by number.
   *
   * @param named whether a named port is all ports of its protocol, as in NetworkPolicies
   * @param mistaken whether an entry for all ports is forgotten beside one for some ports, as it is
   * @return matches by protocol; {@code None} without a match if there are no ports; nothing if all ports are named
   */
  static Map<String, Optional<String>> numbered(Ports ports, boolean named, boolean mistaken) {
    if (!(ports instanceof Ports.AnyOf any)) {
      return Map.of("None", Optional.empty());
    }
    Map<String, List<String>> single = new TreeMap<>();
    Map<String, List<String>> ranges = new TreeMap<>();
    Set<String> whole = new HashSet<>();
    for (Ports.PortMatch match : any.matches()) {
      if (match instanceof Ports.Numbered numbered) {
        String word = numbered.protocol().word();
        single.computeIfAbsent(word, w -> new ArrayList<>());
        if (numbered.ports().isAll()) {
          whole.add(word);
          continue;
        }
        for (PortSet.Interval interval : numbered.ports().intervals()) {
          if (interval.first() == interval.last()) {
            single.computeIfAbsent(word, w -> new ArrayList<>()).add("" + interval.first());
          } else {
            ranges
                .computeIfAbsent(word, w -> new ArrayList<>())
                .add(interval.first() + "<=" + word + ".dst<=" + interval.last());
          }
        }
      } else if (match instanceof Ports.Named byName && named) {
        single.computeIfAbsent(
            byName.protocol().orElse(Protocol.TCP).word(), w -> new ArrayList<>());
      }
    }
    Map<String, Optional<String>> result = new TreeMap<>();
    single.forEach((word, numbers) -> {
      List<String> matches = new ArrayList<>();
      if (numbers.size() == 1) {
        matches.add(word + ".dst==" + numbers.get(0));
      } else if (numbers.size() > 1) {
        matches.add(word + ".dst=={" + String.join(",", numbers) + "}");
      }
      matches.addAll(ranges.getOrDefault(word, List.of()));
      String all = String.join(" || ", matches);
      result.put(
          word,
          Optional.of(
              matches.isEmpty() || (whole.contains(word) && !mistaken)
                  ? word
                  : word + " && " + (matches.size() == 1 ? all : "(" + all + ")")));
    });
    return result;
  }

  /** Ports by name, resolved at each pod that has them. */
  static Map<String, String> named(Ports ports, List<Workload> workloads) {
    Map<String, List<String>> found = new TreeMap<>();
    if (ports instanceof Ports.AnyOf any) {
      for (Ports.PortMatch match : any.matches()) {
        if (match instanceof Ports.Named named) {
          workloads.stream().distinct().forEach(workload -> add(named, workload, found));
        }
      }
    }
    Map<String, String> result = new TreeMap<>();
    found.forEach(
        (word, matches) -> result.put(word, word + " && (" + String.join(" || ", matches) + ")"));
    return result;
  }

  private static void add(Ports.Named named, Workload workload, Map<String, List<String>> found) {
    for (ContainerPort port : workload.ports()) {
      boolean fits = named.protocol().isEmpty() || named.protocol().get() == port.protocol();
      if (!port.name().equals(named.name()) || !fits) {
        continue;
      }
      for (Pod pod : workload.pods()) {
        for (Address address : pod.addresses()) {
          String word = port.protocol().word();
          found
              .computeIfAbsent(word, w -> new ArrayList<>())
              .add("("
                  + (address.family() == Family.IPV4 ? "ip4" : "ip6") + ".dst == " + address
                  + " && "
                  + word + ".dst == " + port.number() + ")");
        }
      }
    }
  }
}
