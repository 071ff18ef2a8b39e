package dev.postern.cli.exposure;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.postern.cli.answer.TrafficJson;
import dev.postern.cli.console.Json;
import dev.postern.cli.console.Printer;
import dev.postern.net.AddressRange;
import dev.postern.net.Traffic;
import dev.postern.policy.Policy;
import dev.postern.summary.EndpointGroup;
import dev.postern.summary.Exposure;
import dev.postern.wording.ExposureWords;
import java.io.IOException;
import java.util.Locale;

/** Exposures as JSON. */
final class ExposureJson {

  private ExposureJson() {}

  static void write(ExposureReport report, Printer out) {
    Json.write(out, json -> {
      json.writeStartObject();
      json.writeArrayFieldStart("workloads");
      for (ExposureReport.Line line : report.lines()) {
        line(json, line);
      }
      json.writeEndArray();
      json.writeStringField(
          "summary",
          ExposureWords.summary(
              report.lines().stream().map(ExposureReport.Line::now).toList()));
      json.writeArrayFieldStart("notes");
      for (String note : report.notes()) {
        json.writeString(note);
      }
      json.writeEndArray();
      json.writeEndObject();
    });
  }

  private static void line(JsonGenerator json, ExposureReport.Line line) throws IOException {
    Exposure now = line.now();
    json.writeStartObject();
    json.writeStringField("id", now.pods().id());
    json.writeStringField("kind", now.pods().kind());
    side(json, "ingress", now.ingress());
    side(json, "egress", now.egress());
    json.writeArrayFieldStart("policies");
    for (Policy policy : now.policies()) {
      json.writeString(policy.toString());
    }
    json.writeEndArray();
    if (line.open().isPresent()) {
      var open = line.open().get();
      json.writeStringField("couldBeReachedBy", OpenExposureWords.reachedBy(open));
      json.writeStringField("couldReach", OpenExposureWords.reaches(open));
    }
    json.writeEndObject();
  }

  private static void side(JsonGenerator json, String field, Exposure.ExposedSide side)
      throws IOException {
    json.writeObjectFieldStart(field);
    json.writeStringField("reach", side.reach().name().toLowerCase(Locale.ROOT));
    json.writeBooleanField("isolated", side.isolated());
    json.writeArrayFieldStart("peers");
    for (Exposure.PeerTraffic peers : side.peers()) {
      json.writeStartObject();
      json.writeArrayFieldStart("who");
      for (EndpointGroup group : peers.groups()) {
        json.writeString(group.toString());
      }
      json.writeEndArray();
      json.writeArrayFieldStart("addresses");
      for (EndpointGroup group : peers.groups()) {
        if (group instanceof EndpointGroup.Outside outside) {
          for (AddressRange range : outside.addresses().ranges()) {
            json.writeString(range.toString());
          }
        }
      }
      json.writeEndArray();
      json.writeFieldName("traffic");
      TrafficJson.write(json, peers.allowed());
      Traffic perhaps = peers.possible().minus(peers.allowed());
      if (!perhaps.isEmpty()) {
        json.writeFieldName("unknown");
        TrafficJson.write(json, perhaps);
      }
      json.writeEndObject();
    }
    json.writeEndArray();
    json.writeEndObject();
  }
}
