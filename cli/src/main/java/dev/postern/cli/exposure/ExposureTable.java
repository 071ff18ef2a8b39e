package dev.postern.cli.exposure;

import dev.postern.cli.console.Markdown;
import dev.postern.cli.console.Printer;
import dev.postern.cli.matrix.Csv;
import dev.postern.wording.ExposureWords;
import java.util.ArrayList;
import java.util.List;

/** A line for each workload, in columns, as comma-separated values or in Markdown. */
final class ExposureTable {

  private ExposureTable() {}

  private static List<String> head(ExposureReport report) {
    List<String> head =
        new ArrayList<>(List.of("workload", "reached by", "reaches", "isolated", "policies"));
    if (report.isOpen()) {
      head.add("could be reached by");
      head.add("could reach");
    }
    return head;
  }

  private static List<String> cells(ExposureReport.Line line) {
    List<String> cells = new ArrayList<>(List.of(
        line.now().pods().id(),
        ExposureWords.peers(line.now().ingress()),
        ExposureWords.peers(line.now().egress()),
        ExposureWords.isolated(line.now()),
        ExposureWords.policies(line.now())));
    line.open().ifPresent(open -> {
      cells.add(OpenExposureWords.reachedBy(open));
      cells.add(OpenExposureWords.reaches(open));
    });
    return cells;
  }

  private static String summary(ExposureReport report) {
    return ExposureWords.summary(
        report.lines().stream().map(ExposureReport.Line::now).toList());
  }

  static void table(ExposureReport report, Printer out) {
    List<List<String>> rows = new ArrayList<>();
    rows.add(head(report).stream()
        .map(each -> each.toUpperCase(java.util.Locale.ROOT))
        .toList());
    report.lines().forEach(line -> rows.add(cells(line)));
    int columns = rows.get(0).size();
    int[] widths = new int[columns];
    for (List<String> row : rows) {
      for (int i = 0; i < columns; i++) {
        widths[i] = Math.max(widths[i], row.get(i).length());
      }
    }
    for (List<String> row : rows) {
      StringBuilder line = new StringBuilder();
      for (int i = 0; i < columns; i++) {
        line.append(row.get(i));
        if (i + 1 < columns) {
          line.append(" ".repeat(widths[i] - row.get(i).length() + 2));
        }
      }
      out.println(line.toString());
    }
    out.println("");
    out.println(summary(report));
    report.notes().forEach(note -> out.println("note: " + note));
  }

  static void csv(ExposureReport report, Printer out) {
    out.escaped(
        Csv.line(head(report).stream().map(each -> each.replace(' ', '_')).toList()));
    report.lines().forEach(line -> out.escaped(Csv.line(cells(line))));
  }

  static void markdown(ExposureReport report, Printer out) {
    List<String> head = head(report);
    out.println("| " + String.join(" | ", head) + " |");
    out.println("|" + "---|".repeat(head.size()));
    report
        .lines()
        .forEach(line -> out.raw(
            "| " + String.join(" | ", cells(line).stream().map(Markdown::text).toList()) + " |"));
    out.println("");
    out.raw(Markdown.text(summary(report)));
    for (String note : report.notes()) {
      out.println("");
      out.raw("Note: " + Markdown.text(note));
    }
  }
}
