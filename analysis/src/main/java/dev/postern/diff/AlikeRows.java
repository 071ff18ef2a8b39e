package dev.postern.diff;

import dev.postern.net.Traffic;
import dev.postern.reach.NaturalOrder;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Rows of which those that say the same of everyone inside become one. For one thread. */
final class AlikeRows {

  /** What is known of a row without saying who it is about, which takes longer. */
  private record Outline(Traffic traffic, boolean isFromOutside, boolean isToOutside) {
    static Outline of(Difference.DifferenceRow row) {
      return new Outline(
          row.traffic(),
          !row.source().addresses().isEmpty(),
          !row.destination().addresses().isEmpty());
    }
  }

  private record Names(List<String> sources, List<String> destinations) {
    static Names of(Difference.DifferenceRow row) {
      return new Names(row.source().names(), row.destination().names());
    }
  }

  /** The places of rows of one outline; by names from the second on. */
  private static final class Group {
    private final List<Integer> places = new ArrayList<>(1);
    private final Map<Names, List<Integer>> byNames = new HashMap<>();

    private List<Integer> of(Difference.DifferenceRow row) {
      return byNames.computeIfAbsent(Names.of(row), names -> new ArrayList<>(1));
    }
  }

  private record Worded(String words, Difference.DifferenceRow row) {}

  private final List<Difference.DifferenceRow> rows = new ArrayList<>();
  private final Map<Outline, Group> groups = new HashMap<>();

  void add(Difference.DifferenceRow row) {
    Group group = groups.computeIfAbsent(Outline.of(row), outline -> new Group());
    if (!group.places.isEmpty()) {
      if (group.byNames.isEmpty()) {
        int first = group.places.get(0);
        group.of(rows.get(first)).add(first);
      }
      List<Integer> named = group.of(row);
      for (int place : named) {
        if (isAlike(row, rows.get(place))) {
          rows.set(place, rows.get(place).with(row));
          return;
        }
      }
      named.add(rows.size());
    }
    group.places.add(rows.size());
    rows.add(row);
  }

  private static boolean isAlike(Difference.DifferenceRow one, Difference.DifferenceRow other) {
    return one.destination().workloads().equals(other.destination().workloads())
        && one.source().workloads().equals(other.source().workloads());
  }

  /** All of them, sorted by what they say. */
  List<Difference.DifferenceRow> inOrder() {
    if (rows.size() <= 1) {
      return List.copyOf(rows);
    }
    return rows.stream()
        .map(row -> new Worded(row.toString(), row))
        .sorted(Comparator.comparing(Worded::words, NaturalOrder.BY_NUMBERS))
        .map(Worded::row)
        .toList();
  }
}
