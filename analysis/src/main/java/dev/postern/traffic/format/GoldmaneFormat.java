package dev.postern.traffic.format;

import com.fasterxml.jackson.databind.JsonNode;
import dev.postern.net.Protocol;
import dev.postern.traffic.Count;
import dev.postern.traffic.FlowEnd;
import dev.postern.traffic.FlowFormat;
import dev.postern.traffic.FlowRecord;
import dev.postern.traffic.FlowSink;
import dev.postern.traffic.LogPlace;
import dev.postern.traffic.Omission;
import dev.postern.traffic.Opener;
import dev.postern.traffic.Outcome;
import dev.postern.traffic.UnreadableEntry;
import dev.postern.traffic.Vantage;
import java.util.Locale;
import java.util.Optional;

/**
 * Flows of Calico's Goldmane as JSON: what Whisker's API lists ({@code whisker-backend/pkg/apis/v1/flows.go}), and the messages of
 * {@code goldmane/proto/api.proto} in the JSON mapping of protocol buffers, as {@code grpcurl} prints them. Pods come as the names that
 * their controllers generate, and what is outside as {@code pub} or {@code pvt}, without an address.
 */
public final class GoldmaneFormat implements FlowFormat.OfObjects {

  @Override
  public String name() {
    return "goldmane";
  }

  @Override
  public String title() {
    return "Calico's Goldmane and Whisker, JSON";
  }

  @Override
  public boolean recognises(JsonNode object) {
    ObjectFields flow = flow(object);
    return flow.has("source_name", "sourceName")
        && flow.has("dest_name", "destName")
        && flow.has("reporter")
        && !flow.has("source_name_aggr");
  }

  private static ObjectFields flow(JsonNode object) {
    ObjectFields whole = new ObjectFields(object);
    ObjectFields outer = whole.has("flow") ? whole.in("flow") : whole;
    return outer.has("Key", "key") ? outer.in("Key", "key") : outer;
  }

  @Override
  public void read(JsonNode object, LogPlace place, FlowSink sink) throws UnreadableEntry {
    ObjectFields whole = new ObjectFields(object);
    ObjectFields numbers = whole.has("flow") ? whole.in("flow") : whole;
    ObjectFields key = flow(object);
    if (!key.has("action")) {
      sink.leftOut(
          key.has("source_name", "sourceName") ? Omission.NO_VERDICT : Omission.NOT_A_FLOW);
      return;
    }
    String action = key.text("action").toLowerCase(Locale.ROOT);
    boolean denied = action.equals("deny") || action.equals("2");
    if (!denied && !action.equals("allow") && !action.equals("1")) {
      sink.leftOut(Omission.NEITHER);
      return;
    }
    Protocol protocol = LogText.protocol(key.text("protocol", "proto"));
    String reporter = key.text("reporter").toLowerCase(Locale.ROOT);
    sink.flow(new FlowRecord(
        place,
        party(key, "source"),
        party(key, "dest"),
        protocol,
        0,
        key.port(protocol, "dest_port", "destPort"),
        denied ? Outcome.DENIED : Outcome.PASSED,
        reporter.equals("dst") || reporter.equals("2")
            ? Vantage.DESTINATION
            : reporter.isEmpty() ? Vantage.UNSAID : Vantage.SOURCE,
        Opener.SOURCE,
        Math.max(1, numbers.number("num_connections_started", "numConnectionsStarted")),
        Count.plus(numbers.number("bytes_in", "bytesIn"), numbers.number("bytes_out", "bytesOut")),
        numbers.time("start_time", "startTime"),
        numbers.time("end_time", "endTime")));
  }

  private static FlowEnd party(ObjectFields key, String end) throws UnreadableEntry {
    String name = key.text(end + "_name", end + "Name");
    String namespace = key.text(end + "_namespace", end + "Namespace");
    String type = key.text(end + "_type", end + "Type");
    if (!LogText.isSaid(name)) {
      throw new UnreadableEntry("the flow names nobody as its " + end);
    }
    boolean pods = type.isEmpty()
        ? LogText.isSaid(namespace)
        : type.equals("WorkloadEndpoint") || type.equals("1");
    return pods && LogText.isSaid(namespace)
        ? FlowEnd.ofWorkload(namespace, GeneratedName.owners(name), Optional.empty())
        : FlowEnd.called(name);
  }
}
