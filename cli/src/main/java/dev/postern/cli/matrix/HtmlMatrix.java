package dev.postern.cli.matrix;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.postern.cli.console.Json;
import dev.postern.cli.console.Printer;
import dev.postern.reach.Connectivity;
import dev.postern.reach.Endpoint;
import dev.postern.reach.Reach;
import dev.postern.reach.ReachedPair;
import dev.postern.wording.ReachWords;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.IdentityHashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;

/** One page that needs nothing else: a map, a matrix and a list. The page's own script draws them from the data in it. */
final class HtmlMatrix implements MatrixFormat.Writer {

  private static final String PLACE = "/*DATA*/";

  @Override
  public void write(Connectivity connectivity, Printer out) {
    String page = page();
    int at = page.indexOf(PLACE);
    out.escaped(page.substring(0, at));
    Json.writeInScript(out, json -> write(json, connectivity));
    out.escaped(page.substring(at + PLACE.length()));
  }

  private static String page() {
    try (InputStream in = HtmlMatrix.class.getResourceAsStream("connectivity.html")) {
      if (in == null) {
        throw new IllegalStateException("connectivity.html is not in the jar");
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException problem) {
      throw new UncheckedIOException(problem);
    }
  }

  /** Endpoints, then connections as numbers of source, destination and traffic, then the traffic. */
  private static void write(JsonGenerator json, Connectivity connectivity) throws IOException {
    Map<Endpoint, Integer> numbers = new IdentityHashMap<>();
    json.writeStartObject();
    json.writeArrayFieldStart("endpoints");
    for (Endpoint endpoint : connectivity.endpoints()) {
      numbers.put(endpoint, numbers.size());
      json.writeStartArray();
      json.writeString(ReachWords.of(endpoint));
      json.writeString(endpoint.kind());
      json.writeString(endpoint instanceof Endpoint.Pods pods ? pods.workload().namespace() : "");
      json.writeString(Groups.shortName(endpoint));
      json.writeEndArray();
    }
    json.writeEndArray();
    json.writeArrayFieldStart("connections");
    Map<Reach, Integer> kinds = new LinkedHashMap<>();
    Iterator<ReachedPair> connections = connectivity.connections().iterator();
    while (connections.hasNext()) {
      ReachedPair connection = connections.next();
      Integer kind = kinds.get(connection.reach());
      if (kind == null) {
        kind = kinds.size();
        kinds.put(connection.reach(), kind);
      }
      json.writeStartArray();
      json.writeNumber(numbers.get(connection.source()));
      json.writeNumber(numbers.get(connection.destination()));
      json.writeNumber(kind);
      json.writeEndArray();
    }
    json.writeEndArray();
    json.writeArrayFieldStart("traffic");
    ReachWords words = new ReachWords();
    for (Reach reach : kinds.keySet()) {
      json.writeStartArray();
      json.writeString(words.of(reach));
      json.writeString(
          reach.allowed().isEmpty() ? "perhaps" : reach.allowed().isAll() ? "all" : "some");
      json.writeEndArray();
    }
    json.writeEndArray();
    json.writeEndObject();
  }
}
