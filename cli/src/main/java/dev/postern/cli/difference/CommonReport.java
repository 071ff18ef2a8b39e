package dev.postern.cli.difference;

import dev.postern.cli.console.Json;
import dev.postern.cli.console.Printer;
import dev.postern.diff.CommonTraffic;
import dev.postern.diff.Difference;
import dev.postern.diff.RowCauseSearch;
import dev.postern.meaning.Judgement;
import dev.postern.why.DecisionWords;
import dev.postern.wording.DifferenceReport;
import java.util.ArrayList;
import java.util.List;

/**
 * What {@code diff --assert forbids} says: the traffic that the old policies let pass explicitly, and the new ones, too.
 *
 * @param common the traffic
 * @param search finds a flow of a row that passes now
 * @param before what the old version is called
 */
public record CommonReport(CommonTraffic common, RowCauseSearch search, String before) {

  /** For people: {@code =} before what passes, {@code ?} before what may. */
  void text(Printer out) {
    boolean both = search.ofBothFamilies()
        || common.possible().stream()
                .flatMap(row -> row.families().stream())
                .distinct()
                .count()
            > 1;
    common.certain().forEach(row -> write("= ", row, both, out));
    perhaps().forEach(row -> write("? ", row, both, out));
    if (common.possible().isEmpty()) {
      out.println(
          common.undecided().isPresent()
              ? "unknown whether anything passes that " + before + " lets pass explicitly"
              : "nothing passes that " + before + " lets pass explicitly");
    }
    common.undecided().ifPresent(reason -> out.println("there may be more: " + reason));
  }

  /** For programs: the rows as in {@code opened} of a difference, under {@code passing} and {@code perhaps}. */
  void json(Printer out) {
    Json.write(out, json -> {
      json.writeStartObject();
      json.writeBooleanField(
          "forbidden", common.possible().isEmpty() && common.undecided().isEmpty());
      for (boolean certain : new boolean[] {true, false}) {
        json.writeArrayFieldStart(certain ? "passing" : "perhaps");
        for (Difference.DifferenceRow row : certain ? common.certain() : perhaps()) {
          json.writeStartObject();
          JsonDifference.ends(json, row);
          JsonDifference.strings(json, "because", because(row));
          json.writeEndObject();
        }
        json.writeEndArray();
      }
      if (common.undecided().isPresent()) {
        json.writeStringField("undecided", common.undecided().get());
      }
      json.writeEndObject();
    });
  }

  /** Rows of what may pass and does not for certain. */
  private List<Difference.DifferenceRow> perhaps() {
    return common.possible().stream()
        .filter(row -> !common.certain().contains(row))
        .toList();
  }

  private void write(String sign, Difference.DifferenceRow row, boolean both, Printer out) {
    out.println(sign + row + DifferenceReport.families(row.families(), both));
    because(row).forEach(reason -> out.println("    " + reason));
  }

  /** Who lets a flow of a row pass now, a line a side. */
  private List<String> because(Difference.DifferenceRow row) {
    List<String> lines = new ArrayList<>();
    search.passing(row).ifPresent(judgement -> lines.addAll(sides(judgement)));
    return lines;
  }

  private static List<String> sides(Judgement judgement) {
    return List.of(
        "egress:  " + DecisionWords.of(judgement.egress()),
        "ingress: " + DecisionWords.of(judgement.ingress()));
  }
}
