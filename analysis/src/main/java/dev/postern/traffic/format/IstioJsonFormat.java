package dev.postern.traffic.format;

import com.fasterxml.jackson.databind.JsonNode;
import dev.postern.traffic.Count;
import dev.postern.traffic.FlowFormat;
import dev.postern.traffic.FlowSink;
import dev.postern.traffic.LogPlace;
import dev.postern.traffic.Omission;
import dev.postern.traffic.UnreadableEntry;

/**
 * Access logs of Envoy as Istio's proxies write them with {@code accessLogEncoding: JSON}, by the names of the default format (Istio,
 * "Envoy Access Logs"; {@code pilot/pkg/model/telemetry_logging.go}).
 */
public final class IstioJsonFormat implements FlowFormat.OfObjects {

  @Override
  public String name() {
    return "istio-json";
  }

  @Override
  public String title() {
    return "Istio's access logs, JSON";
  }

  @Override
  public boolean recognises(JsonNode object) {
    return object.has("downstream_remote_address") && object.has("upstream_cluster");
  }

  @Override
  public void read(JsonNode object, LogPlace place, FlowSink sink) throws UnreadableEntry {
    if (!object.has("downstream_remote_address")) {
      sink.leftOut(Omission.NOT_A_FLOW);
      return;
    }
    ObjectFields fields = new ObjectFields(object);
    new IstioEntry(
            fields.text("start_time"),
            fields.text("response_flags"),
            Count.plus(fields.number("bytes_received"), fields.number("bytes_sent")),
            fields.text("upstream_host"),
            fields.text("upstream_cluster"),
            fields.text("downstream_local_address"),
            fields.text("downstream_remote_address"))
        .read(place, sink);
  }
}
