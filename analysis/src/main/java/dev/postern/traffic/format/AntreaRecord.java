package dev.postern.traffic.format;

import dev.postern.net.Address;
import dev.postern.net.Protocol;
import dev.postern.traffic.Count;
import dev.postern.traffic.FlowEnd;
import dev.postern.traffic.FlowRecord;
import dev.postern.traffic.FlowSink;
import dev.postern.traffic.LogPlace;
import dev.postern.traffic.Omission;
import dev.postern.traffic.Opener;
import dev.postern.traffic.Outcome;
import dev.postern.traffic.UnreadableEntry;
import dev.postern.traffic.Vantage;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** What Antrea says of a connection, by the names of its information elements. */
final class AntreaRecord {

  private AntreaRecord() {}

  /** {@code NetworkPolicyRuleAction} of Antrea's {@code flow.proto}, as a number or in words. */
  private static final Set<String> DENIES = Set.of("2", "3", "drop", "reject");

  static void read(ObjectFields fields, LogPlace place, FlowSink sink) throws UnreadableEntry {
    Protocol protocol = LogText.protocol(fields.text("protocolIdentifier"));
    Optional<Address> destination =
        fields.address("destinationIPv4Address", "destinationIPv6Address", "destinationIP");
    Optional<Address> service =
        fields.address("destinationClusterIPv4", "destinationClusterIPv6", "destinationClusterIP");
    if (service.isPresent() && service.equals(destination)) {
      sink.leftOut(Omission.SERVICE_ADDRESS);
      return;
    }
    boolean leaving = denies(fields, "egressNetworkPolicyRuleAction");
    boolean arriving = denies(fields, "ingressNetworkPolicyRuleAction");
    sink.flow(new FlowRecord(
        place,
        party(
            fields, "source", fields.address("sourceIPv4Address", "sourceIPv6Address", "sourceIP")),
        party(fields, "destination", destination),
        protocol,
        fields.sourcePort(protocol, "sourceTransportPort"),
        fields.port(protocol, "destinationTransportPort"),
        leaving || arriving ? Outcome.DENIED : Outcome.PASSED,
        arriving ? Vantage.DESTINATION : leaving ? Vantage.SOURCE : Vantage.UNSAID,
        // Records are made from a node's connections, whose source is who opened them.
        Opener.SOURCE,
        1,
        Count.plus(fields.number("octetDeltaCount"), fields.number("reverseOctetDeltaCount")),
        fields.time("flowStartSeconds", "flowStartMilliseconds"),
        fields.time("flowEndSeconds", "flowEndMilliseconds")));
  }

  private static boolean denies(ObjectFields fields, String action) {
    return DENIES.contains(fields.text(action).toLowerCase(Locale.ROOT));
  }

  private static FlowEnd party(ObjectFields fields, String end, Optional<Address> address)
      throws UnreadableEntry {
    FlowEnd party = new FlowEnd(
        fields.text(end + "PodNamespace"), fields.text(end + "PodName"), List.of(), address);
    if (!party.isPod() && address.isEmpty()) {
      throw new UnreadableEntry("the flow names neither a pod nor an address as its " + end);
    }
    return party;
  }
}
