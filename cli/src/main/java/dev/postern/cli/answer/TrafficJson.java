package dev.postern.cli.answer;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.postern.net.PortSet;
import dev.postern.net.Protocol;
import dev.postern.net.Traffic;
import java.io.IOException;

/** Traffic as JSON: {@code "all"}, or a list of a protocol with a closed interval of ports; {@code OTHER} has no ports. */
public final class TrafficJson {

  private TrafficJson() {}

  /** Writes one value. */
  public static void write(JsonGenerator json, Traffic traffic) throws IOException {
    if (traffic.isAll()) {
      json.writeString("all");
      return;
    }
    json.writeStartArray();
    for (Protocol protocol : Protocol.values()) {
      if (!protocol.hasPorts()) {
        if (traffic.other()) {
          json.writeStartObject();
          json.writeStringField("protocol", protocol.name());
          json.writeEndObject();
        }
        continue;
      }
      for (PortSet.Interval interval : traffic.ports(protocol).intervals()) {
        json.writeStartObject();
        json.writeStringField("protocol", protocol.name());
        json.writeArrayFieldStart("ports");
        json.writeNumber(interval.first());
        json.writeNumber(interval.last());
        json.writeEndArray();
        json.writeEndObject();
      }
    }
    json.writeEndArray();
  }
}
