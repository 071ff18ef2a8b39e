package dev.postern.cluster;

import dev.postern.net.Protocol;
import java.util.Comparator;

/**
 * A port that a container declares.
 *
 * @param name its name; empty if it has none
 * @param protocol its protocol
 * @param number 1..65535
 */
public record ContainerPort(String name, Protocol protocol, int number)
    implements Comparable<ContainerPort> {

  private static final Comparator<ContainerPort> ORDER = Comparator.comparing(ContainerPort::name)
      .thenComparing(ContainerPort::protocol)
      .thenComparingInt(ContainerPort::number);

  @Override
  public int compareTo(ContainerPort other) {
    return ORDER.compare(this, other);
  }
}
