package dev.postern.openworld;

import dev.postern.net.PortSet;
import dev.postern.net.Protocol;
import dev.postern.net.Traffic;
import dev.postern.solver.BitVector;
import dev.postern.solver.Formula;
import dev.postern.solver.Logic;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** What travels, in a formula: of one protocol, or of any, to a destination port that is not known. */
final class SymbolicPacket {

  private static final int PROTOCOL_BITS = 2;

  private final Logic logic;
  private final BitVector port;
  private final Map<Protocol, Formula> is = new EnumMap<>(Protocol.class);

  private SymbolicPacket(Logic logic) {
    this.logic = logic;
    this.port = logic.vector("port", 16);
  }

  static SymbolicPacket of(Logic logic, Protocol protocol) {
    SymbolicPacket packet = new SymbolicPacket(logic);
    for (Protocol each : Protocol.values()) {
      packet.is.put(each, logic.of(each == protocol));
    }
    return packet;
  }

  static SymbolicPacket ofAnyProtocol(Logic logic) {
    SymbolicPacket packet = new SymbolicPacket(logic);
    BitVector protocol = logic.vector("protocol", PROTOCOL_BITS);
    for (Protocol each : Protocol.values()) {
      packet.is.put(each, logic.equal(protocol, each.ordinal()));
    }
    return packet;
  }

  /** The destination port, without meaning for {@link Protocol#OTHER}. */
  BitVector port() {
    return port;
  }

  Formula is(Protocol protocol) {
    return is.getOrDefault(protocol, logic.no());
  }

  Formula in(Protocol protocol, PortSet ports) {
    return logic.and(is(protocol), logic.in(port, ports));
  }

  Formula in(Traffic traffic) {
    List<Formula> parts = new ArrayList<>();
    for (Protocol protocol : Protocol.values()) {
      parts.add(
          protocol.hasPorts()
              ? in(protocol, traffic.ports(protocol))
              : logic.and(is(protocol), logic.of(traffic.other())));
    }
    return logic.or(parts);
  }

  /** That it is one: a protocol with ports has one from 1 on. */
  Formula given() {
    return logic.in(port, PortSet.ALL);
  }
}
