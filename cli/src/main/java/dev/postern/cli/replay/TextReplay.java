package dev.postern.cli.replay;

import dev.postern.cli.console.Printer;
import dev.postern.diagnostic.Printable;
import dev.postern.meaning.Decision;
import dev.postern.meaning.FlowVerdict;
import dev.postern.meaning.Judgement;
import dev.postern.replay.Replay.Fate;
import dev.postern.replay.Replay.Row;
import dev.postern.why.DecisionWords;
import java.util.List;
import java.util.stream.Collectors;

/** For a person: what would break, with the policies that would break it; what would open; what is not known. */
final class TextReplay {

  /** More rows than this are a matter for JSON. */
  private static final int ROWS = 40;

  private TextReplay() {}

  static void write(ReplayResult played, Printer out) {
    rows(played, Fate.BREAKS, "would break: it passed, and the manifests deny it", out);
    rows(played, Fate.OPENS, "would open: a policy dropped it, and the manifests allow it", out);
    rows(played, Fate.UNDECIDED, "not known", out);
    out.println(played.read() + (played.read() == 1 ? " flow: " : " flows: ")
        + times(played, Fate.BREAKS) + " would break, " + times(played, Fate.OPENS)
        + " would open, " + times(played, Fate.UNDECIDED) + " not known, "
        + times(played, Fate.SAME) + " as before");
    if (!played.skipped().isEmpty()) {
      out.println("left out: "
          + played.skipped().entrySet().stream()
              .map(entry -> entry.getValue() + " (" + Printable.line(entry.getKey()) + ")")
              .collect(Collectors.joining(", ")));
    }
  }

  static int times(ReplayResult played, Fate fate) {
    return played.replay().rows(fate).stream().mapToInt(Row::times).sum();
  }

  private static void rows(ReplayResult played, Fate fate, String title, Printer out) {
    List<Row> rows = played.replay().rows(fate);
    if (rows.isEmpty()) {
      return;
    }
    out.println(title);
    for (Row row : rows.subList(0, Math.min(ROWS, rows.size()))) {
      String port = row.protocol().hasPorts() ? row.protocol().word() + "/" + row.port() : "icmp";
      out.println("  " + row.source() + " -> " + row.destination() + " on " + port
          + ", " + (row.times() == 1 ? "once" : row.times() + " times, first") + " at "
          + row.first().place()
          + (row.first().time().isEmpty() ? "" : " (" + row.first().time() + ")"));
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
