package dev.postern.openworld;

import dev.postern.cluster.ContainerPort;
import dev.postern.meaning.End;
import dev.postern.meaning.Flow;
import dev.postern.net.PortSet;
import dev.postern.net.Protocol;
import dev.postern.net.Traffic;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * The traffic of a row: ports by number, of which each must have all of some names on the destination pod and none of others.
 *
 * @param traffic ports by number
 * @param named names that the port must have there; of one protocol
 * @param unnamed names that it must not have there
 */
public record RowTraffic(Traffic traffic, SortedSet<PortName> named, SortedSet<PortName> unnamed) {

  static final RowTraffic ALL = new RowTraffic(Traffic.ALL, new TreeSet<>(), new TreeSet<>());

  public RowTraffic {
    named = Collections.unmodifiableSortedSet(named);
    unnamed = Collections.unmodifiableSortedSet(unnamed);
  }

  RowTraffic within(Traffic other) {
    return new RowTraffic(traffic.intersect(other), named, unnamed);
  }

  RowTraffic with(PortName name, boolean holds) {
    if (!holds) {
      SortedSet<PortName> more = new TreeSet<>(unnamed);
      more.add(name);
      return new RowTraffic(traffic, named, more);
    }
    SortedSet<PortName> more = new TreeSet<>(named);
    more.add(name);
    return new RowTraffic(
        traffic.intersect(Traffic.of(name.protocol(), PortSet.ALL)), more, unnamed);
  }

  /** Both, if what one says about names the other says too. */
  Optional<RowTraffic> union(RowTraffic other) {
    return named.equals(other.named) && unnamed.equals(other.unnamed)
        ? Optional.of(new RowTraffic(traffic.union(other.traffic), named, unnamed))
        : Optional.empty();
  }

  public boolean holds(Flow flow) {
    return traffic.contains(flow.protocol(), flow.port())
        && named.stream().allMatch(name -> isNamed(name, flow))
        && unnamed.stream().noneMatch(name -> isNamed(name, flow));
  }

  private static boolean isNamed(PortName name, Flow flow) {
    return name.protocol() == flow.protocol()
        && flow.destination() instanceof End.InPod pod
        && pod.workload()
            .ports()
            .contains(new ContainerPort(name.name(), flow.protocol(), flow.port()));
  }

  /** {@code tcp/80 udp/53}, {@code tcp/http}, {@code tcp, unless named http}. */
  @Override
  public String toString() {
    List<String> words = new ArrayList<>();
    if (named.isEmpty()) {
      words.add(traffic.toString());
    } else {
      Protocol protocol = named.first().protocol();
      words.add(String.join(" and ", named.stream().map(PortName::toString).toList()));
      PortSet ports = traffic.ports(protocol);
      if (!ports.isAll()) {
        words.add("if it is " + ports);
      }
    }
    if (!unnamed.isEmpty()) {
      words.add("unless it is "
          + String.join(" or ", unnamed.stream().map(PortName::toString).toList()));
    }
    return String.join(", ", words);
  }
}
