package dev.postern.spark;

import dev.postern.traffic.LogSummary;
import dev.postern.traffic.Omission;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * What reading a part of the input came to, as it travels.
 *
 * @param name the file, or what a table is called
 * @param format what it was read as
 * @param records how many records were taken
 * @param omissions how many entries say nothing about policies, by why
 * @param unreadable how many could not be read
 * @param problems the first of them
 */
record FoldedLog(
    String name,
    String format,
    long records,
    EnumMap<Omission, Long> omissions,
    long unreadable,
    ArrayList<String> problems)
    implements Serializable {

  static FoldedLog of(LogSummary log, long records, Map<Omission, Long> omissions) {
    return new FoldedLog(
        log.file(),
        log.format().name(),
        records,
        copy(omissions),
        log.unreadable(),
        new ArrayList<>(log.problems()));
  }

  static EnumMap<Omission, Long> copy(Map<Omission, Long> omissions) {
    EnumMap<Omission, Long> all = new EnumMap<>(Omission.class);
    all.putAll(omissions);
    return all;
  }

  List<String> told() {
    return List.copyOf(problems);
  }
}
