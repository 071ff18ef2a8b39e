package dev.postern.service;

import dev.postern.meaning.End;
import dev.postern.net.Address;
import dev.postern.net.Family;
import dev.postern.net.Protocol;
import java.util.Optional;

/**
 * Where a Service leads.
 *
 * @param end a pod at one of its addresses, or an address that no pod has
 * @param protocol the protocol
 * @param port the port there, 1..65535
 */
public record ServiceBackend(End end, Protocol protocol, int port) {

  /** The family of its address; empty if no address is known. */
  public Optional<Family> family() {
    if (end instanceof End.InPod pod) {
      return pod.address().map(Address::family);
    }
    return end instanceof End.Outside outside
        ? Optional.of(outside.address().family())
        : Optional.empty();
  }
}
