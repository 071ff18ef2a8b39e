package dev.postern.wording;

import dev.postern.diff.Difference;
import dev.postern.diff.RowCauseSearch;
import dev.postern.net.Family;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * A difference as people read it, whatever it was found by.
 *
 * @param before what the old version is called
 * @param after what the new one is called
 * @param nothing what to say where there are no rows
 * @param opened what passes now and did not
 * @param closed what passed and does not
 * @param notes what else there is to know
 */
public record DifferenceReport(
    String before,
    String after,
    String nothing,
    List<Line> opened,
    List<Line> closed,
    List<String> notes) {

  /**
   * A row.
   *
   * @param from who calls
   * @param to who is called
   * @param traffic on what, with what restricts it
   * @param example a flow that shows it; empty where the row needs none
   * @param because which policies turned it, a line a side
   */
  public record Line(String from, String to, String traffic, String example, List<String> because) {
    public Line {
      because = List.copyOf(because);
    }

    @Override
    public String toString() {
      return from + " -> " + to + " on " + traffic;
    }
  }

  public DifferenceReport {
    opened = List.copyOf(opened);
    closed = List.copyOf(closed);
    notes = List.copyOf(notes);
  }

  /** Whether nothing is opened or closed. */
  public boolean isEmpty() {
    return opened.isEmpty() && closed.isEmpty();
  }

  /** What people read of a difference. */
  public static DifferenceReport of(
      Difference difference, RowCauseSearch turning, String before, String after) {
    boolean both = bothMatter(difference, turning.ofBothFamilies());
    return new DifferenceReport(
        before,
        after,
        difference.undecided().isPresent()
            ? "unknown whether traffic is opened or closed"
            : "no traffic is opened or closed",
        difference.opened().stream().map(row -> line(row, turning, both)).toList(),
        difference.closed().stream().map(row -> line(row, turning, both)).toList(),
        notes(difference));
  }

  private static Line line(Difference.DifferenceRow row, RowCauseSearch turning, boolean both) {
    return new Line(
        row.source().toString(),
        row.destination().toString(),
        row.traffic() + families(row.families(), both),
        "",
        turning.of(row).map(RowCauseWords::of).orElse(List.of()));
  }

  /**
   * Whether a row of one family only does not say all that there could be.
   *
   * @param inUse whether a cluster uses addresses of both
   */
  public static boolean bothMatter(Difference difference, boolean inUse) {
    return inUse
        || Stream.concat(difference.opened().stream(), difference.closed().stream())
                .flatMap(row -> row.families().stream())
                .distinct()
                .count()
            > 1;
  }

  /**
   * Said where a row holds for one family only.
   *
   * @param both whether both matter
   */
  public static String families(Set<Family> families, boolean both) {
    return both && families.size() == 1 ? " (" + families.iterator().next().word() + ")" : "";
  }

  /** What else there is to know: who is isolated now, who came and went. */
  private static List<String> notes(Difference difference) {
    List<String> notes = new ArrayList<>();
    difference
        .newlyIsolated()
        .forEach((direction, workloads) -> notes.add("newly isolates "
            + workloads.size()
            + (workloads.size() == 1 ? " workload" : " workloads")
            + " for "
            + direction.field()
            + ": "
            + String.join(", ", workloads)));
    if (!difference.added().isEmpty()) {
      notes.add("new: " + String.join(", ", difference.added()));
    }
    if (!difference.removed().isEmpty()) {
      notes.add("gone: " + String.join(", ", difference.removed()));
    }
    difference.undecided().ifPresent(reason -> notes.add("there may be more: " + reason));
    notes.addAll(difference.notes());
    return notes;
  }
}
