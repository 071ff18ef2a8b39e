package dev.postern.traffic;

import java.util.List;
import java.util.Map;
import java.util.SortedMap;

/**
 * What reading a log came to.
 *
 * @param file how messages call it
 * @param format what it was read as
 * @param records how many records it holds
 * @param leftOut how many entries say nothing about policies, by why
 * @param unreadable how many entries could not be read
 * @param problems the first of them, as {@code file:line:column: error: …}
 */
public record LogSummary(
    String file,
    FlowFormat format,
    long records,
    SortedMap<Omission, Long> leftOut,
    long unreadable,
    List<String> problems) {

  /** How many problems are told in words; the others are counted. */
  public static final int TOLD = 10;

  public LogSummary {
    problems = List.copyOf(problems);
  }

  /** Whether the log has nothing in it. */
  public boolean isEmpty() {
    return records == 0
        && unreadable == 0
        && leftOut.entrySet().stream().mapToLong(Map.Entry::getValue).sum() == 0;
  }
}
