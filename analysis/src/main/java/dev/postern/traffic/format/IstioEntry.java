package dev.postern.traffic.format;

import dev.postern.net.Address;
import dev.postern.net.Protocol;
import dev.postern.traffic.FlowEnd;
import dev.postern.traffic.FlowRecord;
import dev.postern.traffic.FlowSink;
import dev.postern.traffic.LogPlace;
import dev.postern.traffic.Omission;
import dev.postern.traffic.Opener;
import dev.postern.traffic.Outcome;
import dev.postern.traffic.UnreadableEntry;
import dev.postern.traffic.Vantage;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What an access log says of a request. The caller's proxy ({@code outbound}) chose {@code UPSTREAM_HOST}; the called pod's proxy
 * ({@code inbound}) was called at its own address and hands the request to the application beside it.
 */
record IstioEntry(
    String time,
    String flags,
    long bytes,
    String upstream,
    String cluster,
    String local,
    String remote) {

  /** Envoy's response flags that say that no connection to the other end came about. */
  private static final Set<String> UNCONNECTED =
      Set.of("UF", "UpstreamConnectionFailure", "UO", "UpstreamOverflow");

  /** Those after which it is open whether one did. */
  private static final Set<String> OPEN =
      Set.of("UT", "UpstreamRequestTimeout", "SI", "StreamIdleTimeout");

  void read(LogPlace place, FlowSink sink) throws UnreadableEntry {
    boolean inbound = cluster.startsWith("inbound|") || cluster.startsWith("InboundPassthrough");
    String destination = inbound ? local : upstream;
    if (!inbound && (!LogText.isSaid(upstream) || cluster.equals("BlackHoleCluster"))) {
      sink.leftOut(Omission.NO_DESTINATION);
      return;
    }
    Set<String> said = Set.copyOf(List.of(flags.split(",")).stream().distinct().toList());
    if (!inbound && said.stream().anyMatch(UNCONNECTED::contains)) {
      sink.leftOut(Omission.NO_ANSWER);
      return;
    }
    Optional<Instant> when = LogText.time(time);
    sink.flow(new FlowRecord(
        place,
        FlowEnd.at(address(remote, "downstream_remote_address")),
        FlowEnd.at(address(destination, inbound ? "downstream_local_address" : "upstream_host")),
        Protocol.TCP,
        LogText.sourcePort(port(remote)),
        LogText.port(
            Protocol.TCP,
            port(destination),
            inbound ? "port in downstream_local_address" : "port in upstream_host"),
        // The called pod's proxy is behind what enforces policies, and so is an answer.
        inbound || said.stream().noneMatch(OPEN::contains) ? Outcome.PASSED : Outcome.SEEN,
        inbound ? Vantage.DESTINATION : Vantage.SOURCE,
        Opener.SOURCE,
        1,
        bytes,
        when,
        when));
  }

  private static Address address(String text, String field) throws UnreadableEntry {
    int colon = text.lastIndexOf(':');
    if (colon < 0) {
      throw new UnreadableEntry("the entry has no address and port in " + field);
    }
    String address = text.substring(0, colon);
    return LogText.address(
        address.startsWith("[") && address.endsWith("]")
            ? address.substring(1, address.length() - 1)
            : address);
  }

  private static String port(String text) {
    return text.substring(text.lastIndexOf(':') + 1);
  }
}
