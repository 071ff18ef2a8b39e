package dev.postern.cli.proof;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.postern.diagnostic.Origin;
import dev.postern.netfilter.reader.UnreadableDump;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** Reads what {@code ip -j route} prints. */
final class RouteJson {

  private static final String HINT = " (give what `ip -j route` prints)";

  /** Fields of a route that says by itself where all packets to its destination go. */
  private static final Set<String> UNDERSTOOD = Set.of(
      "type",
      "dst",
      "nhid",
      "gateway",
      "via",
      "dev",
      "table",
      "protocol",
      "scope",
      "prefsrc",
      "metric",
      "metrics",
      "flags",
      "flow",
      "pref",
      "ttl-propogate",
      "ttl-propagate",
      "expires",
      "error",
      "users",
      "used",
      "age",
      "nexthops",
      "nh_info");

  private RouteJson() {}

  /** @throws UnreadableDump if it is no array of routes, and nothing else */
  static List<RouteEntry> read(String file, String text) {
    List<RouteEntry> routes = new ArrayList<>();
    try (JsonParser json = new ObjectMapper().createParser(text)) {
      json.nextToken();
      while (json.nextToken() != JsonToken.END_ARRAY) {
        Origin origin = new Origin(
            file,
            json.currentTokenLocation().getLineNr(),
            json.currentTokenLocation().getColumnNr(),
            "");
        if (json.currentToken() != JsonToken.START_OBJECT) {
          throw new UnreadableDump(origin, "it is no list of routes" + HINT);
        }
        routes.add(route(fields(json), origin));
      }
      if (json.nextToken() != null) {
        throw new UnreadableDump(
            new Origin(
                file,
                json.currentTokenLocation().getLineNr(),
                json.currentTokenLocation().getColumnNr(),
                ""),
            "more follows the list of routes (hint: one file for each list)");
      }
    } catch (JsonProcessingException problem) {
      throw new UnreadableDump(
          new Origin(
              file, problem.getLocation().getLineNr(), problem.getLocation().getColumnNr(), ""),
          "no JSON" + HINT);
    } catch (IOException problem) {
      throw new UncheckedIOException(problem);
    }
    return routes;
  }

  /** Of fields of one name the first: the header that a route puts before packets is printed among the route's own fields. */
  private static Map<String, JsonNode> fields(JsonParser json) throws IOException {
    Map<String, JsonNode> fields = new LinkedHashMap<>();
    while (json.nextToken() != JsonToken.END_OBJECT) {
      String name = json.currentName();
      json.nextToken();
      fields.putIfAbsent(name, json.<JsonNode>readValueAsTree());
    }
    return fields;
  }

  private static RouteEntry route(Map<String, JsonNode> fields, Origin origin) {
    Set<String> devices = new TreeSet<>();
    boolean certain = UNDERSTOOD.containsAll(fields.keySet()) && isAlive(field(fields, "flags"));
    certain &= RouteEntry.READ.contains(field(fields, "table").asText("main"));
    if (fields.containsKey("dev")) {
      certain &= field(fields, "dev").isTextual();
      devices.add(field(fields, "dev").asText());
    }
    for (JsonNode hop : field(fields, "nexthops")) {
      certain &= hop.path("dev").isTextual() && isAlive(hop.path("flags"));
      devices.add(hop.path("dev").asText());
    }
    devices.remove("");
    return new RouteEntry(
        origin,
        fields.toString(),
        field(fields, "dst").asText(),
        !RouteEntry.OTHER_TYPES.contains(field(fields, "type").asText()),
        certain,
        fields.containsKey("gateway")
            || fields.containsKey("via")
            || fields.containsKey("nexthops"),
        fields.containsKey("pref") || isOfIpv6(fields),
        devices);
  }

  private static boolean isOfIpv6(Map<String, JsonNode> fields) {
    boolean seen = field(fields, "gateway").asText().contains(":");
    for (JsonNode hop : field(fields, "nexthops")) {
      seen |= hop.path("gateway").asText().contains(":");
    }
    return seen;
  }

  /** The kernel passes over the next hops of interfaces that are down. */
  private static boolean isAlive(JsonNode flags) {
    for (JsonNode flag : flags) {
      if (flag.asText().equals("dead")) {
        return false;
      }
    }
    return true;
  }

  private static JsonNode field(Map<String, JsonNode> fields, String name) {
    return fields.getOrDefault(name, MissingNode.getInstance());
  }
}
