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
import java.util.Locale;
import java.util.Optional;

/**
 * Google Cloud's VPC Flow Logs as Cloud Logging exports them (an array as {@code gcloud logging read} prints JSON, or a bucket's lines), after "About
 * VPC Flow Logs records" (cloud.google.com/vpc/docs/about-flow-logs-records). Each record is one direction of a connection, and packets are
 * sampled. GKE's names of pods are used where they are there; where a record's destination is a Service of GKE, its pod is named beside it.
 */
public final class GcpFormat implements FlowFormat.OfObjects {

  @Override
  public String name() {
    return "gcp";
  }

  @Override
  public String title() {
    return "Google Cloud's VPC Flow Logs, JSON";
  }

  @Override
  public boolean recognises(JsonNode object) {
    return payload(object).path("connection").has("src_ip")
        && payload(object).path("connection").has("dest_ip");
  }

  private static JsonNode payload(JsonNode object) {
    return object.has("jsonPayload") ? object.path("jsonPayload") : object;
  }

  @Override
  public void read(JsonNode object, LogPlace place, FlowSink sink) throws UnreadableEntry {
    ObjectFields payload = new ObjectFields(payload(object));
    ObjectFields connection = payload.in("connection");
    if (!connection.has("src_ip")) {
      sink.leftOut(Omission.NOT_A_FLOW);
      return;
    }
    if (payload.text("disposition").equals("DROPPED")) {
      sink.leftOut(Omission.NOT_BY_POLICY);
      return;
    }
    Protocol protocol = LogText.protocol(connection.text("protocol"));
    String reporter = payload.text("reporter");
    sink.flow(new FlowRecord(
        place,
        party(payload, "src", connection.address("src_ip")),
        party(payload, "dest", connection.address("dest_ip")),
        protocol,
        connection.sourcePort(protocol, "src_port"),
        connection.port(protocol, "dest_port"),
        Outcome.SEEN,
        reporter.startsWith("DEST")
            ? Vantage.DESTINATION
            : reporter.startsWith("SRC") ? Vantage.SOURCE : Vantage.UNSAID,
        Opener.UNSAID,
        1,
        payload.number("bytes_sent"),
        payload.time("start_time"),
        payload.time("end_time")));
  }

  private static FlowEnd party(ObjectFields payload, String end, Optional<Address> address)
      throws UnreadableEntry {
    ObjectFields pod = payload.in(end + "_gke_details").in("pod");
    ObjectFields workload = pod.in("pod_workload");
    FlowEnd party = new FlowEnd(
        pod.text("pod_namespace"),
        pod.text("pod_name"),
        workload.has("workload_name")
            ? List.of(new Owner(workload.text("workload_name"), kind(workload)))
            : List.of(),
        address);
    if (!party.isPod() && address.isEmpty()) {
      throw new UnreadableEntry("the flow has no " + end + "_ip");
    }
    return party;
  }

  /** {@code DEPLOYMENT}, {@code STATEFUL_SET}, … as Kubernetes writes them. */
  private static String kind(ObjectFields workload) {
    StringBuilder kind = new StringBuilder();
    for (String word : workload.text("workload_type").split("_")) {
      if (!word.isEmpty()) {
        kind.append(word.charAt(0)).append(word.substring(1).toLowerCase(Locale.ROOT));
      }
    }
    return kind.toString();
  }
}
