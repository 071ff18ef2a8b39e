package dev.postern.openworld;

import dev.postern.net.Protocol;

/**
 * A container port's name with its protocol.
 *
 * @param name the name
 * @param protocol one with ports
 */
public record PortName(String name, Protocol protocol) implements Comparable<PortName> {
  @Override
  public int compareTo(PortName other) {
    int byName = name.compareTo(other.name);
    return byName != 0 ? byName : protocol.compareTo(other.protocol);
  }

  /** {@code tcp/http}. */
  @Override
  public String toString() {
    return protocol.word() + "/" + name;
  }
}
