package dev.postern.cli.policies;

import dev.postern.cli.console.Json;
import dev.postern.cli.console.Markdown;
import dev.postern.cli.console.Printer;
import dev.postern.cli.matrix.Csv;
import dev.postern.cluster.Cluster;
import dev.postern.policy.Direction;
import dev.postern.policy.PolicyRule;
import dev.postern.reach.NotRead;
import java.util.ArrayList;
import java.util.List;

/** A way to write down what policies say; the constants' names are what {@code -o} takes. */
public enum PolicyFormat {
  table,
  json,
  csv,
  md;

  private static final List<String> HEAD =
      List.of("policy", "kind", "subject", "direction", "action", "peers", "ports", "origin");

  /** Writes a line for each rule, and what was not read. */
  public void write(Cluster cluster, Printer out) {
    List<PolicyRow> rows = PolicyRow.of(cluster.policies());
    List<String> notes = NotRead.notes(cluster);
    switch (this) {
      case table -> table(rows, notes, out);
      case csv -> {
        out.escaped(Csv.line(HEAD));
        rows.forEach(row -> out.escaped(Csv.line(cells(row))));
      }
      case md -> markdown(rows, notes, out);
      case json -> json(rows, notes, out);
    }
  }

  private static String policy(PolicyRow row) {
    return row.policy().id() + row.rule().map(rule -> " " + rule.field()).orElse("");
  }

  private static List<String> peers(PolicyRow row) {
    return row.rule()
        .map(rule -> PolicyWords.of(rule.peers()))
        .orElse(List.of(row.direction().isPresent() ? "everyone" : "nobody"));
  }

  private static List<String> cells(PolicyRow row) {
    return List.of(
        policy(row),
        row.policy().kind().kind(),
        PolicyWords.of(row.policy().subject()),
        row.direction().map(Direction::field).orElse(""),
        row.effect().name(),
        String.join(", ", peers(row)),
        row.rule().map(rule -> PolicyWords.of(rule.ports())).orElse("all traffic"),
        origin(row));
  }

  private static String origin(PolicyRow row) {
    return row.rule().map(PolicyRule::origin).orElse(row.policy().origin()).toString();
  }

  private static void table(List<PolicyRow> rows, List<String> notes, Printer out) {
    // The place is the way to more, and too long for a column.
    int columns = HEAD.size() - 1;
    List<List<String>> lines = new ArrayList<>();
    lines.add(HEAD.stream().map(each -> each.toUpperCase(java.util.Locale.ROOT)).toList());
    rows.forEach(row -> lines.add(cells(row)));
    int[] widths = new int[columns];
    lines.forEach(line -> {
      for (int i = 0; i < columns; i++) {
        widths[i] = Math.max(widths[i], line.get(i).length());
      }
    });
    for (List<String> line : lines) {
      StringBuilder text = new StringBuilder();
      for (int i = 0; i < columns; i++) {
        text.append(line.get(i)).append(" ".repeat(widths[i] - line.get(i).length() + 2));
      }
      out.println(text.toString().stripTrailing());
    }
    notes.forEach(note -> out.println("note: " + note));
  }

  private static void markdown(List<PolicyRow> rows, List<String> notes, Printer out) {
    out.println("| " + String.join(" | ", HEAD) + " |");
    out.println("|" + "---|".repeat(HEAD.size()));
    rows.forEach(row -> out.raw(
        "| " + String.join(" | ", cells(row).stream().map(Markdown::text).toList()) + " |"));
    for (String note : notes) {
      out.println("");
      out.raw("Note: " + Markdown.text(note));
    }
  }

  private static void json(List<PolicyRow> rows, List<String> notes, Printer out) {
    Json.write(out, json -> {
      json.writeStartObject();
      json.writeArrayFieldStart("rules");
      for (PolicyRow row : rows) {
        json.writeStartObject();
        json.writeStringField("policy", row.policy().id());
        json.writeStringField("kind", row.policy().kind().kind());
        json.writeStringField("tier", row.policy().tier().word());
        json.writeNumberField("priority", row.policy().priority());
        if (row.rule().isPresent()) {
          json.writeStringField("rule", row.rule().get().field());
        }
        json.writeStringField("subject", PolicyWords.of(row.policy().subject()));
        if (row.direction().isPresent()) {
          json.writeStringField("direction", row.direction().get().field());
        }
        json.writeStringField("action", row.effect().name());
        json.writeArrayFieldStart("peers");
        for (String peer : peers(row)) {
          json.writeString(peer);
        }
        json.writeEndArray();
        json.writeStringField("ports", cells(row).get(6));
        json.writeStringField("origin", origin(row));
        json.writeEndObject();
      }
      json.writeEndArray();
      json.writeArrayFieldStart("notes");
      for (String note : notes) {
        json.writeString(note);
      }
      json.writeEndArray();
      json.writeEndObject();
    });
  }
}
