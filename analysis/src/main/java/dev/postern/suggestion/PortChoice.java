package dev.postern.suggestion;

import dev.postern.cluster.Workload;
import dev.postern.diagnostic.Origin;
import dev.postern.net.PortSet;
import dev.postern.net.Protocol;
import dev.postern.net.Traffic;
import dev.postern.policy.PolicyKind;
import dev.postern.policy.Ports;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * A port as a rule writes it.
 *
 * @param protocol its protocol, one that has ports
 * @param number 1..65535
 * @param name the name that all pods concerned give to it and to no other; empty if a rule has to write the number
 */
record PortChoice(Protocol protocol, int number, String name) implements Comparable<PortChoice> {

  private static final Comparator<PortChoice> ORDER = Comparator.comparing(PortChoice::protocol)
      .thenComparingInt(PortChoice::number)
      .thenComparing(PortChoice::name);

  /** The port by its number. */
  static PortChoice numbered(Protocol protocol, int number) {
    return new PortChoice(protocol, number, "");
  }

  /** The port by the name under which all of some workloads have it, and nothing else; by its number if there is no such name. */
  static PortChoice named(Protocol protocol, int number, Collection<Workload> workloads) {
    Optional<String> name = workloads.stream().findFirst().stream()
        .flatMap(first -> first.ports().stream())
        .filter(port -> port.protocol() == protocol && port.number() == number)
        .map(port -> port.name())
        .filter(each -> !each.isEmpty()
            && workloads.stream().allMatch(workload -> isOnly(workload, each, protocol, number)))
        .findFirst();
    return new PortChoice(protocol, number, name.orElse(""));
  }

  private static boolean isOnly(Workload workload, String name, Protocol protocol, int number) {
    return workload.ports().stream()
            .anyMatch(port ->
                port.name().equals(name) && port.protocol() == protocol && port.number() == number)
        && workload.ports().stream()
            .filter(port -> port.name().equals(name))
            .allMatch(port -> port.protocol() == protocol && port.number() == number);
  }

  /** The traffic that these are. */
  static Traffic traffic(Collection<PortChoice> ports) {
    return ports.stream()
        .map(port -> Traffic.of(port.protocol, PortSet.of(port.number)))
        .reduce(Traffic.NONE, Traffic::union);
  }

  /** The entries of a rule for these: names one by one, numbers in ranges. */
  static Ports entries(Collection<PortChoice> ports, PolicyKind kind) {
    Map<Protocol, PortSet> numbers = new TreeMap<>();
    Map<PortChoice, Ports.PortMatch> entries = new TreeMap<>();
    for (PortChoice port : ports) {
      if (port.name.isEmpty()) {
        numbers.merge(port.protocol, PortSet.of(port.number), PortSet::union);
      } else {
        // A ClusterNetworkPolicy names a port without its protocol; the name is of one port only.
        Optional<Protocol> protocol =
            kind == PolicyKind.NETWORK_POLICY ? Optional.of(port.protocol) : Optional.empty();
        entries.put(port, new Ports.Named(protocol, port.name, Origin.NONE));
      }
    }
    numbers.forEach((protocol, set) -> set.intervals()
        .forEach(interval -> entries.put(
            numbered(protocol, interval.first()),
            new Ports.Numbered(
                protocol, PortSet.range(interval.first(), interval.last()), Origin.NONE))));
    List<Ports.PortMatch> all = new ArrayList<>(entries.values());
    return new Ports.AnyOf(all);
  }

  /** The entries of a rule for all of this traffic, by number. */
  static Ports entries(Traffic traffic) {
    List<Ports.PortMatch> all = new ArrayList<>();
    for (Protocol protocol : List.of(Protocol.UDP, Protocol.TCP, Protocol.SCTP)) {
      for (PortSet.Interval interval : traffic.ports(protocol).intervals()) {
        all.add(new Ports.Numbered(
            protocol, PortSet.range(interval.first(), interval.last()), Origin.NONE));
      }
    }
    return new Ports.AnyOf(all);
  }

  @Override
  public int compareTo(PortChoice other) {
    return ORDER.compare(this, other);
  }
}
