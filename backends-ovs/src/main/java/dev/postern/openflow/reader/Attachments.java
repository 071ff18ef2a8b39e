package dev.postern.openflow.reader;

import dev.postern.enforced.Condition;
import dev.postern.enforced.Condition.ConnectionState;
import dev.postern.net.AddressSet;
import java.math.BigInteger;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What is known of what is attached to a bridge. Frames bear the Ethernet address of the pod that an address is of, and for all other addresses
 * that of a gateway.
 *
 * @param ports the addresses of the pod behind a port, by the port's number as text
 * @param names the numbers of ports that have names
 * @param hardware the addresses of the pod that an Ethernet address is of
 * @param gateways the Ethernet addresses of gateways
 * @param written Ethernet addresses that only flows give to frames
 * @param node the node's own addresses: what else bears the mark that the host gives to what it sends
 */
record Attachments(
    Map<String, AddressSet> ports,
    Map<String, String> names,
    Map<BigInteger, AddressSet> hardware,
    Set<BigInteger> gateways,
    Set<BigInteger> written,
    AddressSet node) {

  private static final Condition NEW = new Condition.State(Set.of(ConnectionState.NEW));

  Attachments {
    ports = Map.copyOf(ports);
    names = Map.copyOf(names);
    hardware = Map.copyOf(hardware);
    gateways = Set.copyOf(gateways);
    written = Set.copyOf(written);
  }

  /** The number of a port as text, where its name's is known; else the text. */
  String number(String port) {
    String plain = port.replace("\"", "");
    return MaskedBits.number(plain)
        .map(BigInteger::toString)
        .orElseGet(() -> names.getOrDefault(plain, plain));
  }

  /** That a packet comes in by a port. */
  Condition comesBy(String port, boolean reply) {
    return reply
        ? new Condition.OutInterface(number(port), false)
        : new Condition.InInterface(number(port), false);
  }

  /** That a frame that nobody rewrote bears an Ethernet address; unknown of one that is nobody's. */
  Optional<Condition> bears(BigInteger address, boolean source, boolean reply) {
    AddressSet behind = hardware.get(address);
    if (behind != null) {
      return Optional.of(end(behind, source != reply));
    }
    if (written.contains(address)) {
      return Optional.of(Condition.NEVER);
    }
    return gateways.contains(address)
        ? Optional.of(new Condition.Not(end(pods(), source != reply)))
        : Optional.empty();
  }

  private static Condition end(AddressSet addresses, boolean source) {
    return source
        ? new Condition.SourceAddress(addresses)
        : new Condition.DestinationAddress(addresses);
  }

  private AddressSet pods() {
    return hardware.values().stream().reduce(AddressSet.EMPTY, AddressSet::union);
  }

  /** That a packet bears a mark of the host's which is not 0: only what the host itself sends may. */
  Condition isMarked(boolean reply) {
    return Condition.all(
        end(node, !reply), new Condition.Unknown("the mark that the host gave the packet"));
  }

  /** That the first packet of a connection is sent to a port behind which its destination is not. */
  Condition isAstray(String port) {
    AddressSet behind = ports.get(number(port));
    Condition wrong = behind == null
        ? new Condition.DestinationAddress(pods())
        : new Condition.Not(new Condition.DestinationAddress(behind));
    return Condition.all(NEW, wrong);
  }
}
