package dev.postern.nftables.reader;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.postern.diagnostic.Origin;
import dev.postern.manifest.WholeJson;
import dev.postern.netfilter.reader.UnreadableDump;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Turns what {@code nft -j list ruleset} prints (libnftables-json(5)) into the plain form, so that both are read in one way. An expression
 * that it does not know becomes words that nobody understands.
 */
final class JsonRuleset {

  private final Map<String, List<String>> tables = new LinkedHashMap<>();
  private final Map<String, List<String>> chains = new LinkedHashMap<>();

  /** What an element of a set may have besides; anything else may make it match some packets only, or for some time. */
  private static final Set<String> SAYS_NOTHING = Set.of("val", "counter", "comment");

  /** What else is printed, and decides nothing by itself. */
  private static final Set<String> NAMED = Set.of(
      "metainfo",
      "flowtable",
      "counter",
      "quota",
      "limit",
      "ct helper",
      "ct timeout",
      "ct expectation",
      "secmark",
      "synproxy",
      "tunnel");

  /** Two dumps in one would be read as the first. */
  private static final ObjectMapper JSON =
      new ObjectMapper().enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION);

  private final Set<String> opened = new HashSet<>();
  private final String file;

  private JsonRuleset(String file) {
    this.file = file;
  }

  static String text(String file, String json) {
    try {
      JsonNode objects = WholeJson.read(JSON, json).path("nftables");
      if (!objects.isArray()) {
        throw new UnreadableDump(
            new Origin(file, 1, 1, ""),
            "no `nftables` list (give what `nft -j list ruleset` prints)");
      }
      requireWhole(file, objects);
      return new JsonRuleset(file).text(objects);
    } catch (JsonProcessingException e) {
      throw new UnreadableDump(
          new Origin(file, e.getLocation().getLineNr(), e.getLocation().getColumnNr(), ""),
          "no JSON: " + e.getOriginalMessage());
    }
  }

  /** A ruleset says what printed it, before all tables and also where there are none. */
  private static void requireWhole(String file, JsonNode objects) {
    for (JsonNode object : objects) {
      if (object.path("metainfo").isObject()) {
        return;
      }
    }
    throw new UnreadableDump(
        new Origin(file, 1, 1, ""),
        "the dump is not whole: it has no `metainfo`, which `nft -j list ruleset` always prints");
  }

  private String text(JsonNode objects) {
    for (JsonNode object : objects) {
      if (!object.isObject() || object.size() != 1) {
        throw strange(object.toString());
      }
      object.properties().forEach(entry -> object(entry.getKey(), entry.getValue()));
    }
    StringBuilder out = new StringBuilder();
    tables.forEach((table, definitions) -> {
      out.append("table ").append(table).append(" {\n");
      definitions.forEach(definition -> out.append(definition).append('\n'));
      chains.forEach((chain, lines) -> {
        if (chain.startsWith(table + " chain ")) {
          out.append(chain.substring(table.length() + 1)).append(" {\n");
          lines.forEach(line -> out.append(line).append('\n'));
          out.append("}\n");
        }
      });
      out.append("}\n");
    });
    return out.toString();
  }

  private void object(String kind, JsonNode value) {
    String table = value.path("family").asText() + " "
        + value.path(kind.equals("table") ? "name" : "table").asText();
    if (Set.of("table", "chain").contains(kind)
        && !opened.add(kind + " " + table + " " + value.path("name").asText())) {
      throw new UnreadableDump(
          new Origin(file, 1, 1, ""),
          kind + " " + value.path("name").asText()
              + " is there twice: two dumps in one (hint: give the last one)");
    }
    switch (kind) {
      case "table" ->
        tables.computeIfAbsent(table, key -> new ArrayList<>()).addAll(flags(table, value));
      case "set", "map" -> set(table, kind, value);
      case "chain" -> {
        List<String> lines = chains.computeIfAbsent(
            table + " chain " + value.path("name").asText(), key -> new ArrayList<>());
        if (value.has("hook")) {
          String device = value.has("dev") ? devices(value.path("dev")) : "";
          lines.add("type " + value.path("type").asText() + " hook "
              + value.path("hook").asText() + device
              + " priority " + value.path("prio").asInt() + "; policy "
              + value.path("policy").asText("accept") + ";");
        }
      }
      case "rule" -> {
        List<String> words = new ArrayList<>();
        for (JsonNode expression : value.path("expr")) {
          if (expression.isObject() && expression.size() != 1 || expression.isNull()) {
            throw strange(expression.toString());
          }
          words.add(statement(expression));
        }
        chains
            .computeIfAbsent(
                table + " chain " + value.path("chain").asText(), key -> new ArrayList<>())
            .add(String.join(" ", words));
      }
      default -> {
        if (!NAMED.contains(kind)) {
          throw strange(kind);
        }
      }
    }
  }

  private UnreadableDump strange(String text) {
    return new UnreadableDump(
        new Origin(file, 1, 1, ""),
        "`" + (text.length() > 80 ? text.substring(0, 80) + "…" : text)
            + "` is nothing that `nft -j list ruleset` prints");
  }

  /** Whether a table is dormant: some releases of nft print another word there, or none that anybody knows. */
  private List<String> flags(String table, JsonNode value) {
    List<String> flags = new ArrayList<>();
    if (value.path("flags").isTextual()) {
      flags.add(value.path("flags").asText());
    }
    value.path("flags").forEach(flag -> flags.add(flag.asText()));
    if (!Set.of("dormant", "owner", "persist").containsAll(flags)) {
      throw new UnreadableDump(
          new Origin(file, 1, 1, ""),
          "the flags of table " + table + " are " + flags
              + ", which says nothing (hint: give what `nft list ruleset` prints, without -j)");
    }
    return flags.isEmpty() ? List.of() : List.of("flags " + String.join(", ", flags));
  }

  /** One device, or several. */
  private static String devices(JsonNode value) {
    if (!value.isArray()) {
      return " device " + quoted(value.asText());
    }
    List<String> names = new ArrayList<>();
    value.forEach(name -> names.add(quoted(name.asText())));
    return " devices = { " + String.join(", ", names) + " }";
  }

  private void set(String table, String kind, JsonNode value) {
    List<String> attributes = new ArrayList<>(type(value));
    // Some releases of nft print one flag as a text, several as a list.
    if (value.path("flags").isTextual()) {
      attributes.add("flags " + value.path("flags").asText());
    }
    value.path("flags").forEach(flag -> attributes.add("flags " + flag.asText()));
    boolean conditional = false;
    for (JsonNode each : value.path("stmt")) {
      conditional |= !saysNothing(each);
    }
    if (value.has("timeout") || conditional) {
      attributes.add("timeout 1s");
    }
    List<String> elements = new ArrayList<>();
    value.path("elem").forEach(element -> elements.add(element(element)));
    attributes.add("elements = { " + String.join(", ", elements) + " }");
    tables
        .computeIfAbsent(table, key -> new ArrayList<>())
        .add(kind + " " + value.path("name").asText() + " {\n" + String.join("\n", attributes)
            + "\n}");
  }

  /** What a set's keys are, and a map's values: a name or, of several parts, a list of names; {@code typeof} is an expression. */
  private static List<String> type(JsonNode value) {
    List<String> parts = new ArrayList<>();
    JsonNode type = value.path("type");
    if (type.isTextual()) {
      parts.add(type.asText());
    }
    type.forEach(part -> parts.add(part.asText()));
    if (parts.isEmpty() || parts.stream().anyMatch(part -> !part.matches("[a-z0-9_]+"))) {
      return List.of();
    }
    String values = value.path("map").asText();
    return List.of("type " + String.join(" . ", parts) + (values.isEmpty() ? "" : " : " + values));
  }

  /** An element of a set, or a pair of a map. */
  private static String element(JsonNode element) {
    if (element.isArray()) {
      return expression(element.get(0)) + " : "
          + (element.get(1).isObject() ? statement(element.get(1)) : expression(element.get(1)));
    }
    return expression(element);
  }

  // --- statements

  private static String statement(JsonNode statement) {
    Map.Entry<String, JsonNode> only = only(statement);
    JsonNode value = only.getValue();
    return switch (only.getKey()) {
      case "accept", "drop", "return", "continue" -> only.getKey();
      case "jump", "goto" -> only.getKey() + " " + value.path("target").asText();
      case "reject" -> "reject";
      case "queue" -> queue(value);
      case "counter" -> "counter";
      case "log" -> "log";
      case "match" -> match(value);
      case "vmap" -> expression(value.path("key")) + " vmap " + expression(value.path("data"));
      case "flow" ->
        "flow " + value.path("op").asText() + " " + at(value.path("flowtable").asText());
      case "mangle" -> expression(value.path("key")) + " set " + expression(value.path("value"));
      case "set" -> value.path("op").asText() + " " + at(value.path("set").asText()) + " { }";
      case "xt" ->
        value.path("type").asText().equals("target")
            ? "xt target " + quoted(value.path("name").asText())
            : value.path("name").asText().equals("comment")
                ? "counter"
                : "iptables match " + quoted(value.path("name").asText());
      default -> only.getKey() + " " + quoted(value.toString());
    };
  }

  private static String queue(JsonNode queue) {
    List<String> flags = new ArrayList<>();
    if (queue.path("flags").isTextual()) {
      flags.add(queue.path("flags").asText());
    }
    queue.path("flags").forEach(flag -> flags.add(flag.asText()));
    return "queue" + (flags.isEmpty() ? "" : " flags " + String.join(",", flags))
        + (queue.has("num") ? " to " + expression(queue.path("num")) : "");
  }

  private static String at(String name) {
    return name.startsWith("@") ? name : "@" + name;
  }

  private static String match(JsonNode match) {
    String operator = match.path("op").asText();
    JsonNode right = match.path("right");
    String values;
    if (right.isBoolean()) {
      boolean found = right.asBoolean() != operator.equals("!=");
      return expression(match.path("left")) + (found ? " exists" : " missing");
    }
    if (right.isArray()) {
      List<String> all = new ArrayList<>();
      right.forEach(value -> all.add(expression(value)));
      values = String.join(",", all);
    } else {
      values = expression(right);
    }
    return expression(match.path("left")) + " " + (operator.equals("in") ? "" : operator + " ")
        + values;
  }

  // --- expressions

  private static String expression(JsonNode node) {
    if (node.isNumber() || node.isTextual()) {
      String text = node.asText();
      return text.matches("[A-Za-z0-9@_.:/*-]+") ? text : quoted(text);
    }
    if (node.isArray()) {
      return joined(node, " | ");
    }
    if (!node.isObject()) {
      return quoted(node.toString());
    }
    Map.Entry<String, JsonNode> only = only(node);
    JsonNode value = only.getValue();
    return switch (only.getKey()) {
      case "payload" ->
        value.has("field")
            ? value.path("protocol").asText() + " " + value.path("field").asText()
            : "payload " + quoted(value.toString());
      case "meta", "ct" ->
        value.has("dir")
            ? only.getKey() + " " + quoted(value.toString())
            : only.getKey() + " " + value.path("key").asText();
      case "fib" -> {
        String result = value.path("result").asText();
        yield "fib " + joined(value.path("flags"), " . ") + " "
            + (result.equals("check") ? "oif" : result);
      }
      case "tcp option" ->
        "tcp option " + value.path("name").asText() + " " + value.path("field").asText();
      case "rt" -> "rt " + value.path("key").asText();
      case "prefix" -> expression(value.path("addr")) + "/" + value.path("len").asText();
      case "range" -> expression(value.get(0)) + "-" + expression(value.get(1));
      case "concat" -> joined(value, " . ");
      case "set" -> {
        List<String> elements = new ArrayList<>();
        value.forEach(element -> elements.add(element(element)));
        yield "{ " + String.join(", ", elements) + " }";
      }
      case "elem" -> expression(value.path("val")) + (saysNothing(value) ? "" : " timeout 1s");
      case "map" -> expression(value.path("key")) + " map " + expression(value.path("data"));
      case "&", "|", "^" -> joined(value, " " + only.getKey() + " ");
      default -> only.getKey() + " " + quoted(value.toString());
    };
  }

  private static boolean saysNothing(JsonNode object) {
    boolean nothing = object.isObject();
    for (Map.Entry<String, JsonNode> field : object.properties()) {
      nothing &= SAYS_NOTHING.contains(field.getKey());
    }
    return nothing;
  }

  private static String joined(JsonNode values, String between) {
    List<String> all = new ArrayList<>();
    values.forEach(value -> all.add(expression(value)));
    return String.join(between, all);
  }

  private static Map.Entry<String, JsonNode> only(JsonNode object) {
    return object.isObject() && object.size() == 1
        ? object.properties().iterator().next()
        : Map.entry("json", object);
  }

  /** No text breaks out of its quotes. */
  private static String quoted(String text) {
    return '"' + text.replace('"', '\'') + '"';
  }
}
