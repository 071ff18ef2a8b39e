package dev.postern.page;

import dev.postern.wording.DifferenceReport;
import java.util.List;

/** What a change opens and closes, for the page. */
final class DifferenceJson {

  private DifferenceJson() {}

  static String of(DifferenceReport report) {
    ScriptJson json = new ScriptJson()
        .object()
        .field("before", report.before())
        .field("after", report.after())
        .field("nothing", report.nothing());
    rows("opened", report.opened(), json);
    rows("closed", report.closed(), json);
    return json.field("notes", report.notes()).endObject().toString();
  }

  private static void rows(String field, List<DifferenceReport.Line> lines, ScriptJson json) {
    json.field(field).list();
    for (DifferenceReport.Line line : lines) {
      json.object()
          .field("from", line.from())
          .field("to", line.to())
          .field("traffic", line.traffic())
          .field("example", line.example())
          .field("because", line.because())
          .endObject();
    }
    json.endList();
  }
}
