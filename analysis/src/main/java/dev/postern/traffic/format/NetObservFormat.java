package dev.postern.traffic.format;

import com.fasterxml.jackson.databind.JsonNode;
import dev.postern.net.Address;
import dev.postern.net.Protocol;
import dev.postern.traffic.FlowEnd;
import dev.postern.traffic.FlowEnd.Owner;
import dev.postern.traffic.FlowFormat;
import dev.postern.traffic.FlowRecord;
import dev.postern.traffic.FlowSink;
import dev.postern.traffic.LogPlace;
import dev.postern.traffic.Omission;
import dev.postern.traffic.Opener;
import dev.postern.traffic.Outcome;
import dev.postern.traffic.UnreadableEntry;
import dev.postern.traffic.Vantage;
import java.util.List;
import java.util.Optional;

/**
 * Flows of Network Observability (NetObserv, the eBPF agent with flowlogs-pipeline) as JSON, after "Network flows format reference" of
 * OpenShift's documentation (observability/network_observability/json-flows-format-reference): as Kafka and Loki get them, a flow a line or
 * in an array. The agent sees packets, not policies: what a policy did is known only where the flow has events of network policies
 * ({@code NetworkEvents}).
 */
public final class NetObservFormat implements FlowFormat.OfObjects {

  /** Bits of {@code Flags}: TCP's, and the agent's own for a packet with both SYN and ACK. */
  private static final int SYN = 2;

  private static final int SYN_ACK = 256;

  @Override
  public String name() {
    return "netobserv";
  }

  @Override
  public String title() {
    return "Network Observability (NetObserv), JSON";
  }

  @Override
  public boolean recognises(JsonNode object) {
    return object.has("SrcAddr") && object.has("DstAddr");
  }

  @Override
  public void read(JsonNode object, LogPlace place, FlowSink sink) throws UnreadableEntry {
    ObjectFields fields = new ObjectFields(object);
    if (!fields.has("SrcAddr") && !fields.has("DstAddr")) {
      sink.leftOut(Omission.NOT_A_FLOW);
      return;
    }
    if (!fields.has("Proto")) {
      sink.leftOut(Omission.NO_TRANSPORT);
      return;
    }
    if (isService(fields, "Src") || isService(fields, "Dst")) {
      sink.leftOut(Omission.SERVICE_ADDRESS);
      return;
    }
    Optional<Outcome> byPolicy = byPolicy(object.path("NetworkEvents"));
    long packets = fields.number("Packets");
    long dropped = fields.number("PktDropPackets");
    if (byPolicy.isEmpty() && dropped > 0 && dropped >= packets) {
      sink.leftOut(Omission.DROPPED);
      return;
    }
    Protocol protocol = LogText.protocol(fields.text("Proto"));
    Opener opener = opener(object.path("Flags"));
    if (opener == Opener.DESTINATION) {
      sink.leftOut(Omission.REPLY);
      return;
    }
    sink.flow(new FlowRecord(
        place,
        party(fields, "Src"),
        party(fields, "Dst"),
        protocol,
        fields.sourcePort(protocol, "SrcPort"),
        fields.port(protocol, "DstPort"),
        byPolicy.orElse(Outcome.SEEN),
        switch (fields.text("FlowDirection")) {
          case "0" -> Vantage.DESTINATION;
          case "1" -> Vantage.SOURCE;
          default -> Vantage.UNSAID;
        },
        opener,
        1,
        fields.number("Bytes"),
        fields.time("TimeFlowStartMs"),
        fields.time("TimeFlowEndMs")));
  }

  private static boolean isService(ObjectFields fields, String end) {
    return fields.text(end + "K8S_Type").equals("Service");
  }

  private static Opener opener(JsonNode flags) {
    boolean syn = false;
    boolean synAck = false;
    if (flags.isArray()) {
      for (JsonNode flag : flags) {
        syn |= flag.asText().equals("SYN");
        synAck |= flag.asText().equals("SYN_ACK");
      }
    } else {
      int bits = flags.asInt(0);
      syn = (bits & SYN) != 0;
      synAck = (bits & SYN_ACK) != 0;
    }
    return synAck == syn ? Opener.UNSAID : syn ? Opener.SOURCE : Opener.DESTINATION;
  }

  /** What events of network policies say: OVN-Kubernetes tells the agent which ACL took a packet. */
  private static Optional<Outcome> byPolicy(JsonNode events) {
    Optional<Outcome> outcome = Optional.empty();
    for (JsonNode event : events) {
      if (event.path("Feature").asText().equals("acl")) {
        String action = event.path("Action").asText();
        if (action.equals("drop") || action.equals("reject")) {
          return Optional.of(Outcome.DENIED);
        }
        if (action.startsWith("allow")) {
          outcome = Optional.of(Outcome.PASSED);
        }
      }
    }
    return outcome;
  }

  private static FlowEnd party(ObjectFields fields, String end) throws UnreadableEntry {
    Optional<Address> address = fields.address(end + "Addr");
    if (fields.text(end + "K8S_Type").equals("Pod")) {
      String owner = fields.text(end + "K8S_OwnerName");
      return new FlowEnd(
          fields.text(end + "K8S_Namespace"),
          fields.text(end + "K8S_Name"),
          owner.isEmpty()
              ? List.of()
              : List.of(new Owner(owner, fields.text(end + "K8S_OwnerType"))),
          address);
    }
    return address
        .map(FlowEnd::at)
        .orElseThrow(() -> new UnreadableEntry("the flow has no " + end + "Addr"));
  }
}
