package dev.postern.cli.matrix;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.util.MinimalPrettyPrinter;
import dev.postern.cli.answer.TrafficJson;
import dev.postern.cli.console.Json;
import dev.postern.cli.console.Printer;
import dev.postern.net.Traffic;
import dev.postern.reach.Connectivity;
import dev.postern.reach.Endpoint;
import dev.postern.reach.ReachedPair;
import java.io.IOException;
import java.util.Iterator;

/** The stable JSON of a matrix: endpoints, then connections, one a line. */
final class JsonMatrix implements MatrixFormat.Writer {

  @Override
  public void write(Connectivity connectivity, Printer out) {
    Json.writeLine(out, json -> write(json.setPrettyPrinter(new OneALine()), connectivity));
  }

  static void write(JsonGenerator json, Connectivity connectivity) throws IOException {
    json.writeStartObject();
    writeFields(json, connectivity);
    json.writeEndObject();
  }

  @Override
  public void writeApart(String manifests, Connectivity matrix, boolean first, Printer out) {
    Json.writeLine(out, json -> {
      json.writeStartObject();
      json.writeStringField("manifests", manifests);
      writeFields(json, matrix);
      json.writeEndObject();
    });
  }

  @Override
  public void error(String manifests, String why, Printer out) {
    Json.writeLine(out, json -> {
      json.writeStartObject();
      json.writeStringField("manifests", manifests);
      json.writeStringField("error", why);
      json.writeEndObject();
    });
  }

  private static void writeFields(JsonGenerator json, Connectivity connectivity)
      throws IOException {
    json.writeArrayFieldStart("endpoints");
    for (Endpoint endpoint : connectivity.endpoints()) {
      json.writeStartObject();
      json.writeStringField("id", endpoint.id());
      json.writeStringField("kind", endpoint.kind());
      json.writeEndObject();
    }
    json.writeEndArray();
    json.writeArrayFieldStart("connections");
    Iterator<ReachedPair> connections = connectivity.connections().iterator();
    while (connections.hasNext()) {
      ReachedPair connection = connections.next();
      json.writeStartObject();
      json.writeStringField("src", connection.source().id());
      json.writeStringField("dst", connection.destination().id());
      json.writeFieldName(connectivity.showsDenied() ? "denied" : "traffic");
      TrafficJson.write(json, connection.reach().allowed());
      Traffic perhaps = connection.reach().possible().minus(connection.reach().allowed());
      if (!perhaps.isEmpty()) {
        json.writeFieldName("unknown");
        TrafficJson.write(json, perhaps);
      }
      json.writeEndObject();
    }
    json.writeEndArray();
    json.writeArrayFieldStart("notes");
    for (String note : connectivity.notes()) {
      json.writeString(note);
    }
    json.writeEndArray();
  }

  /** Breaks lines between the elements of the two lists and nowhere else. */
  private static final class OneALine extends MinimalPrettyPrinter {
    private static final long serialVersionUID = 1;
    private static final int LIST = 2;

    @Override
    public void beforeArrayValues(JsonGenerator json) throws IOException {
      breakIn(json);
    }

    @Override
    public void writeArrayValueSeparator(JsonGenerator json) throws IOException {
      json.writeRaw(',');
      breakIn(json);
    }

    private static void breakIn(JsonGenerator json) throws IOException {
      if (json.getOutputContext().getNestingDepth() == LIST) {
        json.writeRaw('\n');
      }
    }
  }
}
