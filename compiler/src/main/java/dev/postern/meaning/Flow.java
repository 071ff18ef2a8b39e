package dev.postern.meaning;

import dev.postern.net.Address;
import dev.postern.net.Family;
import dev.postern.net.Protocol;
import java.util.Optional;

/**
 * A new connection, or the first packet of one.
 *
 * @param source who opens it
 * @param destination who is called; the pod itself, never a Service
 * @param protocol its protocol
 * @param port the destination port 1..65535; 0 for {@link Protocol#OTHER}, which has none
 * @param throughService whether the caller called a Service, which then chose the destination; to policies that is the same but for a
 *     pod that so reaches itself
 */
public record Flow(
    End source, End destination, Protocol protocol, int port, boolean throughService) {

  /** @throws IllegalArgumentException if the port is none of the protocol's */
  public Flow {
    if (protocol.hasPorts() ? port < 1 || port > 65535 : port != 0) {
      throw new IllegalArgumentException("no port " + port + " of " + protocol);
    }
  }

  /** A flow whose caller called the destination's own address. */
  public Flow(End source, End destination, Protocol protocol, int port) {
    this(source, destination, protocol, port, false);
  }

  /** Whether one end has an address of IPv4 and the other one of IPv6, between which no packet goes. */
  public boolean isOfTwoFamilies() {
    Optional<Family> from = familyOf(source);
    return from.isPresent()
        && familyOf(destination).filter(to -> to != from.get()).isPresent();
  }

  private static Optional<Family> familyOf(End end) {
    return end instanceof End.InPod pod
        ? pod.address().map(Address::family)
        : end instanceof End.Outside outside
            ? Optional.of(outside.address().family())
            : Optional.empty();
  }

  @Override
  public String toString() {
    return source + " -> " + destination + (throughService ? " through a Service " : " ")
        + protocol.word() + (protocol.hasPorts() ? "/" + port : "");
  }
}
