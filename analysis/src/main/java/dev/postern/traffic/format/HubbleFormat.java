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
import dev.postern.traffic.ReservedIdentity;
import dev.postern.traffic.UnreadableEntry;
import dev.postern.traffic.Vantage;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What {@code hubble observe -o jsonpb} (or {@code -o json}) and Cilium's flow exporter write: a flow or {@code {"flow": …}}, after the
 * messages of Cilium's {@code api/v1/flow/flow.proto}. Before Cilium 1.10 a reply is {@code reply}, and a reason for a drop is the number
 * {@code drop_reason} alone.
 */
public final class HubbleFormat implements FlowFormat.OfObjects {

  private static final Set<String> PASSED = Set.of("FORWARDED", "REDIRECTED", "AUDIT");
  private static final Set<String> POLICY = Set.of("POLICY_DENIED", "POLICY_DENY");

  /** {@code DropReason}'s numbers of the two. */
  private static final Set<Integer> POLICY_NUMBERS = Set.of(133, 181);

  /** {@code MessageTypePolicyVerdict} of Cilium's monitor. */
  private static final int POLICY_VERDICT = 5;

  /** The label by which Cilium keeps the namespace of a pod. */
  private static final String NAMESPACE = "k8s:io.kubernetes.pod.namespace=";

  @Override
  public String name() {
    return "hubble";
  }

  @Override
  public String title() {
    return "Cilium's Hubble, jsonpb";
  }

  @Override
  public boolean recognises(JsonNode object) {
    JsonNode flow = object.path("flow");
    return object.has("lost_events")
        || (object.has("flow") ? !flow.has("Key") && !flow.has("key") : isFlow(object));
  }

  private static boolean isFlow(JsonNode object) {
    return object.has("verdict") && (object.has("IP") || object.has("l4"));
  }

  @Override
  public void read(JsonNode whole, LogPlace place, FlowSink sink) throws UnreadableEntry {
    JsonNode flow = whole.has("flow") ? whole.path("flow") : whole;
    if (!flow.has("verdict")) {
      sink.leftOut(
          whole.has("lost_events")
              ? Omission.LOST_EVENTS
              : whole.has("flow") || whole.has("IP") ? Omission.NO_VERDICT : Omission.NOT_A_FLOW);
      return;
    }
    String verdict = flow.path("verdict").asText();
    String type = flow.path("Type").asText("L3_L4");
    if (type.equals("L7")) {
      sink.leftOut(Omission.PROXY);
    } else if (type.equals("SOCK") || verdict.equals("TRANSLATED")) {
      sink.leftOut(Omission.SERVICE_ADDRESS);
    } else if (isReply(flow)) {
      sink.leftOut(Omission.REPLY);
    } else if (verdict.equals("DROPPED") && !isByPolicy(flow)) {
      sink.leftOut(Omission.NOT_BY_POLICY);
    } else if (!PASSED.contains(verdict) && !verdict.equals("DROPPED")) {
      sink.leftOut(Omission.NEITHER);
    } else if (flow.path("l4").isArray() || flow.path("l4").isTextual()) {
      throw new UnreadableEntry("its l4 is no object");
    } else if (flow.path("l4").isEmpty()) {
      sink.leftOut(Omission.NO_TRANSPORT);
    } else {
      sink.flow(record(place, flow, PASSED.contains(verdict) ? Outcome.PASSED : Outcome.DENIED));
    }
  }

  private static boolean isByPolicy(JsonNode flow) {
    return flow.has("drop_reason_desc")
        ? POLICY.contains(flow.path("drop_reason_desc").asText())
        : !flow.has("drop_reason")
            || POLICY_NUMBERS.contains(flow.path("drop_reason").asInt());
  }

  private static boolean isReply(JsonNode flow) {
    JsonNode flags = flow.path("l4").path("TCP").path("flags");
    return flow.path("is_reply").asBoolean(flow.path("reply").asBoolean())
        || (flags.path("SYN").asBoolean() && flags.path("ACK").asBoolean());
  }

  /**
   * Whose packet it is, of those that are not said to be replies. Of a trace of which the datapath does not tell why it was made, as on an
   * overlay, Hubble does not say whether it is one. A policy looks at first packets only.
   */
  private static Opener opener(JsonNode flow, Outcome outcome) {
    boolean said =
        !flow.path("is_reply").asText("").isEmpty() || flow.path("reply").isBoolean();
    boolean first = flow.path("l4").path("TCP").path("flags").path("SYN").asBoolean();
    return said
            || first
            || outcome == Outcome.DENIED
            || flow.path("event_type").path("type").asInt() == POLICY_VERDICT
        ? Opener.SOURCE
        : Opener.UNSAID;
  }

  private static FlowRecord record(LogPlace place, JsonNode flow, Outcome outcome)
      throws UnreadableEntry {
    String layer = flow.path("l4").fieldNames().next();
    Protocol protocol = switch (layer) {
      case "TCP" -> Protocol.TCP;
      case "UDP" -> Protocol.UDP;
      case "SCTP" -> Protocol.SCTP;
      default -> Protocol.OTHER;
    };
    ObjectFields transport = new ObjectFields(flow.path("l4").path(layer));
    ObjectFields fields = new ObjectFields(flow);
    Vantage vantage = switch (flow.path("traffic_direction").asText()) {
      case "INGRESS" -> Vantage.DESTINATION;
      case "EGRESS" -> Vantage.SOURCE;
      default -> Vantage.UNSAID;
    };
    return new FlowRecord(
        place,
        party(flow, "source"),
        party(flow, "destination"),
        protocol,
        transport.sourcePort(protocol, "source_port"),
        transport.port(protocol, "destination_port"),
        outcome,
        vantage,
        opener(flow, outcome),
        1,
        0,
        fields.time("time"),
        fields.time("time"));
  }

  private static FlowEnd party(JsonNode flow, String end) throws UnreadableEntry {
    JsonNode known = flow.path(end);
    List<Owner> workloads = new ArrayList<>();
    for (JsonNode workload : known.path("workloads")) {
      workloads.add(
          new Owner(workload.path("name").asText(), workload.path("kind").asText("")));
    }
    Optional<Address> address = LogText.addressIfSaid(flow.path("IP").path(end).asText(""));
    Set<ReservedIdentity> reserved = EnumSet.noneOf(ReservedIdentity.class);
    ReservedIdentity.numbered(known.path("identity").asInt(0)).ifPresent(reserved::add);
    String namespace = known.path("namespace").asText("");
    for (JsonNode label : known.path("labels")) {
      ReservedIdentity.labelled(label.asText()).ifPresent(reserved::add);
      if (namespace.isEmpty() && label.asText().startsWith(NAMESPACE)) {
        namespace = label.asText().substring(NAMESPACE.length());
      }
    }
    FlowEnd party =
        new FlowEnd(namespace, known.path("pod_name").asText(""), workloads, address, reserved, "");
    if (!party.isPod() && address.isEmpty()) {
      throw new UnreadableEntry("the flow names neither a pod nor an address as its " + end);
    }
    return party;
  }
}
