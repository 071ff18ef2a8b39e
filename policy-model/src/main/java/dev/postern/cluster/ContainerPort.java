package dev.postern.cluster;

import dev.postern.net.Protocol;

/**
 * A port that a container declares.
 *
 * @param name its name; empty if it has none
 * @param protocol its protocol
 * @param number 1..65535
 */
public record ContainerPort(String name, Protocol protocol, int number)
    implements Comparable<ContainerPort> {

  // Written out, here and in equals: every start reads ports, and what a record or a comparator
  // generates is linked at run time.
  @Override
  public int compareTo(ContainerPort other) {
    int byName = name.compareTo(other.name);
    int byProtocol = byName != 0 ? byName : protocol.compareTo(other.protocol);
    return byProtocol != 0 ? byProtocol : Integer.compare(number, other.number);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof ContainerPort port && compareTo(port) == 0;
  }

  @Override
  public int hashCode() {
    return (name.hashCode() * 31 + protocol.ordinal()) * 31 + number;
  }
}
