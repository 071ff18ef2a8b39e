package dev.postern.cli.difference;

import dev.postern.diff.Difference;
import dev.postern.net.Family;
import java.io.PrintWriter;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** For people: a line a row, {@code +} for what opens and {@code -} for what closes. */
final class TextDifference {

  private TextDifference() {}

  static void write(Difference difference, PrintWriter out) {
    if (difference.isEmpty()) {
      out.println("no traffic is opened or closed");
    }
    difference.opened().forEach(row -> out.println("+ " + line(row, difference)));
    difference.closed().forEach(row -> out.println("- " + line(row, difference)));
    notes(difference).forEach(out::println);
  }

  /** What else there is to know: who is isolated now, who came and went. */
  static List<String> notes(Difference difference) {
    List<String> notes = difference.newlyIsolated().entrySet().stream()
        .map(entry -> "newly isolates "
            + entry.getValue().size()
            + (entry.getValue().size() == 1 ? " workload" : " workloads")
            + " for "
            + entry.getKey().field()
            + ": "
            + String.join(", ", entry.getValue()))
        .collect(Collectors.toList());
    if (!difference.added().isEmpty()) {
      notes.add("new: " + String.join(", ", difference.added()));
    }
    if (!difference.removed().isEmpty()) {
      notes.add("gone: " + String.join(", ", difference.removed()));
    }
    return notes;
  }

  private static String line(Difference.Row row, Difference difference) {
    return row + families(row, difference);
  }

  /** Said where a row holds for one family only, while other rows hold for the other. */
  static String families(Difference.Row row, Difference difference) {
    boolean bothOccur = Stream.concat(difference.opened().stream(), difference.closed().stream())
            .flatMap(other -> other.families().stream())
            .distinct()
            .count()
        > 1;
    return bothOccur && row.families().size() == 1
        ? " (" + (row.families().contains(Family.IPV4) ? "IPv4" : "IPv6") + ")"
        : "";
  }
}
