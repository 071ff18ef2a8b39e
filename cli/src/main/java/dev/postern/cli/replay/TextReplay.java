package dev.postern.cli.replay;

import dev.postern.cli.console.Printer;
import dev.postern.diagnostic.Printable;
import dev.postern.meaning.Decision;
import dev.postern.meaning.FlowVerdict;
import dev.postern.meaning.Judgement;
import dev.postern.replay.Replay.Fate;
import dev.postern.replay.Replay.ReplayRow;
import dev.postern.traffic.LogSummary;
import dev.postern.why.DecisionWords;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** For a person: what would break, with the policies that would break it; what would open; what is not known. */
final class TextReplay {

  /** More rows than this are a matter for JSON. */
  private static final int ROWS = 40;

  private TextReplay() {}

  static void write(ReplayResult played, Printer out) {
    rows(played, Fate.BREAKS, "would break: it passed, and the manifests deny it", out);
    rows(played, Fate.OPENS, "would open: a policy dropped it, and the manifests allow it", out);
    rows(played, Fate.UNDECIDED, "not known", out);
    unused(played, out);
    long flows = played.flows();
    out.println(flows + (flows == 1 ? " flow: " : " flows: ")
        + played.replay().flows(Fate.BREAKS) + " would break, "
        + played.replay().flows(Fate.OPENS) + " would open, "
        + played.replay().flows(Fate.UNDECIDED) + " not known, "
        + played.replay().flows(Fate.SAME) + " as before");
    if (played.assumed() > 0) {
      out.println(played.assumed()
          + " of them were seen by something that knows no policies, and are taken as passed");
    }
    if (played.unreadable() > 0 || !played.leftOut().isEmpty()) {
      out.println("left out: " + leftOut(played));
    }
    for (LogSummary log : played.logs()) {
      out.println(read(log));
    }
  }

  /** What a log was read as. */
  static String read(LogSummary log) {
    return "read " + log.file() + " as " + log.format().name() + " ("
        + log.format().title() + ")";
  }

  static String leftOut(ReplayResult played) {
    return Stream.concat(
            played.unreadable() == 0
                ? Stream.empty()
                : Stream.of(played.unreadable() + " (could not be read)"),
            played.leftOut().entrySet().stream()
                .map(entry -> entry.getValue() + " (" + Printable.line(entry.getKey()) + ")"))
        .collect(Collectors.joining(", "));
  }

  private static void unused(ReplayResult played, Printer out) {
    List<Decision.Cause> unused = played.replay().unused();
    if (unused.isEmpty()) {
      return;
    }
    out.println("not used by any flow that was seen"
        + played.first().map(first -> " from " + first).orElse("")
        + played.last().map(last -> " to " + last).orElse("")
        + "; a rule may be for what happens rarely, or for what was not logged");
    for (Decision.Cause cause : unused.subList(0, Math.min(ROWS, unused.size()))) {
      out.println("  " + TableReplay.named(cause));
    }
    if (unused.size() > ROWS) {
      out.println("  … and " + (unused.size() - ROWS) + " more (-o json lists all)");
    }
    out.println();
  }

  private static void rows(ReplayResult played, Fate fate, String title, Printer out) {
    List<ReplayRow> rows = played.replay().rows(fate);
    if (rows.isEmpty()) {
      return;
    }
    out.println(title);
    for (ReplayRow row : rows.subList(0, Math.min(ROWS, rows.size()))) {
      out.println("  " + row.source() + " -> " + row.destination() + " on "
          + FateWords.port(row) + ", "
          + (row.flows() == 1 ? "once" : row.flows() + " times, first") + " at " + row.place()
          + row.first().map(first -> " (" + first + ")").orElse(""));
      if (!row.reason().isEmpty()) {
        out.println("    " + row.reason());
      }
      row.judgement().filter(judgement -> fate != Fate.UNDECIDED).ifPresent(j -> why(j, out));
    }
    if (rows.size() > ROWS) {
      out.println("  … and " + (rows.size() - ROWS) + " more (-o json lists all)");
    }
    out.println();
  }

  private static void why(Judgement judgement, Printer out) {
    for (Decision decision : List.of(judgement.egress(), judgement.ingress())) {
      if (judgement.verdict() != FlowVerdict.DENIED || decision.verdict() == FlowVerdict.DENIED) {
        out.println("    " + decision.direction().field() + ": " + DecisionWords.of(decision));
      }
    }
  }
}
