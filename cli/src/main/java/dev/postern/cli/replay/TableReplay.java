package dev.postern.cli.replay;

import dev.postern.answer.Reason;
import dev.postern.cli.console.Markdown;
import dev.postern.cli.console.Printer;
import dev.postern.cli.matrix.Csv;
import dev.postern.meaning.Decision;
import dev.postern.policy.Policy;
import dev.postern.policy.PolicyRule;
import dev.postern.replay.Replay.Fate;
import dev.postern.replay.Replay.ReplayRow;
import java.util.List;
import java.util.stream.Collectors;

/** A line an edge: for a spreadsheet, or for a wiki. */
final class TableReplay {

  private static final List<String> HEAD = List.of(
      "fate",
      "source",
      "destination",
      "protocol",
      "port",
      "flows",
      "bytes",
      "first",
      "last",
      "because");

  private TableReplay() {}

  static void csv(ReplayResult played, Printer out) {
    out.escaped(Csv.line(HEAD));
    for (ReplayRow row : played.replay().rows()) {
      out.escaped(Csv.line(cells(row)));
    }
    for (Decision.Cause cause : played.replay().unused()) {
      out.escaped(Csv.line(List.of("unused", "", "", "", "", "", "", "", "", named(cause))));
    }
    note(played.unreadable(), "lines that could not be read", out);
    played.leftOut().forEach((why, times) -> note(times, why, out));
  }

  private static void note(long times, String what, Printer out) {
    if (times > 0) {
      out.escaped(
          Csv.line(List.of("left out", "", "", "", "", Long.toString(times), "", "", "", what)));
    }
  }

  static void markdown(ReplayResult played, Printer out) {
    out.raw("**" + played.flows() + " flows**: " + played.replay().flows(Fate.BREAKS)
        + " would break, " + played.replay().flows(Fate.OPENS) + " would open, "
        + played.replay().flows(Fate.UNDECIDED) + " not known, "
        + played.replay().flows(Fate.SAME) + " as before");
    out.println();
    out.raw("| " + String.join(" | ", HEAD) + " |");
    out.raw("|---|---|---|---|---:|---:|---:|---|---|---|");
    for (ReplayRow row : played.replay().rows()) {
      out.raw(
          cells(row).stream().map(Markdown::text).collect(Collectors.joining(" | ", "| ", " |")));
    }
    if (!played.replay().unused().isEmpty()) {
      out.println();
      out.raw("No flow that was seen used these rules, which may be for what happens rarely:");
      out.println();
      played.replay().unused().forEach(cause -> out.raw("- " + Markdown.text(named(cause))));
    }
    if (played.unreadable() > 0 || !played.leftOut().isEmpty()) {
      out.println();
      out.raw("Left out: " + Markdown.text(TextReplay.leftOut(played)));
    }
  }

  private static List<String> cells(ReplayRow row) {
    return List.of(
        FateWords.of(row.fate()),
        row.source(),
        row.destination(),
        row.protocol().name(),
        row.port() == 0 ? "" : Integer.toString(row.port()),
        Long.toString(row.flows()),
        Long.toString(row.bytes()),
        row.first().map(Object::toString).orElse(""),
        row.last().map(Object::toString).orElse(""),
        because(row));
  }

  private static String because(ReplayRow row) {
    return row.reason().isEmpty()
        ? row.judgement()
            .map(judgement -> Reason.of(judgement).stream()
                .map(Reason::toString)
                .collect(Collectors.joining("; ")))
            .orElse("")
        : row.reason();
  }

  static String named(Decision.Cause cause) {
    String place =
        cause.rule().map(PolicyRule::origin).orElse(cause.policy().origin()).toString();
    Policy policy = cause.policy();
    return policy.id()
        + cause.rule().map(rule -> " " + rule.field()).orElse("")
        + (place.isEmpty() ? "" : " (" + place + ")");
  }
}
