package dev.postern.openflow.reader;

import java.util.Optional;
import java.util.OptionalLong;

/**
 * A lookup of packets of one state in a table: {@link Pipeline} follows each once.
 *
 * @param conjunction the conjunction that the lookup has found; empty for none
 * @param inPort the port that the packets come from, where a flow says another
 * @param frames what is left to do afterwards
 */
record TableLookup(
    int table,
    PacketState state,
    OptionalLong conjunction,
    Optional<String> inPort,
    Optional<PendingSteps> frames) {

  /** A packet that comes here again goes around, however deep it is. */
  TableLookup anyDepth() {
    return new TableLookup(table, state.at(0), conjunction, inPort, frames);
  }
}
