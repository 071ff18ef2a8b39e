package dev.postern.traffic;

import dev.postern.net.Protocol;
import java.time.Instant;
import java.util.Optional;

/**
 * Traffic from one end to another, as a log has it: a packet, a connection, or all connections of an interval that share these ends and
 * this port. What it says is about the direction in which it was written; {@link #folded} says whether that is the one in which the
 * connection was opened.
 *
 * @param place where it stands
 * @param source who sent
 * @param destination who received
 * @param protocol its protocol
 * @param sourcePort the source port; 0 if it is not said, or for {@link Protocol#OTHER}
 * @param port the destination port 1..65535; 0 for {@link Protocol#OTHER}
 * @param outcome what became of it
 * @param vantage where it was seen
 * @param opener which end opened the connection
 * @param count how many connections or packets it stands for; 0 for what another record counts
 * @param bytes how many bytes, in the directions that the log counts; 0 if it is not said
 * @param first when the first of it was seen
 * @param last when the last of it was seen
 */
public record FlowRecord(
    LogPlace place,
    FlowEnd source,
    FlowEnd destination,
    Protocol protocol,
    int sourcePort,
    int port,
    Outcome outcome,
    Vantage vantage,
    Opener opener,
    long count,
    long bytes,
    Optional<Instant> first,
    Optional<Instant> last) {

  /** The first port that Linux gives a client of its own accord (ip_local_port_range); RFC 6335's dynamic ports begin later. */
  private static final int EPHEMERAL = 32768;

  /** The last of the system ports (RFC 6335), which no client is given. */
  private static final int SYSTEM = 1023;

  /** @throws IllegalArgumentException if the port is none of the protocol's, or a number is out of its range */
  public FlowRecord {
    if (protocol.hasPorts() ? port < 1 || port > 65535 : port != 0) {
      throw new IllegalArgumentException("no port " + port + " of " + protocol);
    }
    if (sourcePort < 0 || sourcePort > 65535 || count < 0 || bytes < 0) {
      throw new IllegalArgumentException("source port " + sourcePort + ", count " + count);
    }
  }

  /**
   * Which end opened the connection: as the log says, else by the ports if only one of the two can be a client's: one is at least 32768
   * and the other is not, or one is below 1024 and the other is not. Where no source port is said, and for protocols without ports, the
   * source.
   *
   * @return {@link Opener#UNSAID} where the ports do not tell
   */
  public Opener folded() {
    if (opener != Opener.UNSAID || sourcePort == 0 || !protocol.hasPorts()) {
      return opener == Opener.UNSAID ? Opener.SOURCE : opener;
    }
    boolean fromClient = sourcePort >= EPHEMERAL;
    boolean toClient = port >= EPHEMERAL;
    if (fromClient != toClient) {
      return fromClient ? Opener.SOURCE : Opener.DESTINATION;
    }
    boolean fromSystem = sourcePort <= SYSTEM;
    boolean toSystem = port <= SYSTEM;
    return fromSystem == toSystem ? Opener.UNSAID : fromSystem ? Opener.DESTINATION : Opener.SOURCE;
  }

  @Override
  public String toString() {
    return place + ": " + source + " -> " + destination + " " + protocol.word() + "/" + port;
  }
}
