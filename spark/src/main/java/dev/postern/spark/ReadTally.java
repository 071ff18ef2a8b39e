package dev.postern.spark;

import dev.postern.traffic.Omission;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SaveMode;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/**
 * What reading came to.
 *
 * @param records how many records were taken
 * @param omissions how many entries say nothing about policies, by why
 * @param unreadable how many entries could not be read
 * @param problems the first of them
 */
record ReadTally(
    long records, SortedMap<Omission, Long> omissions, long unreadable, List<String> problems) {

  /** How many problems are kept. */
  private static final int TOLD = 100;

  static ReadTally of(List<FoldedLog> logs) {
    EnumMap<Omission, Long> omissions = new EnumMap<>(Omission.class);
    long unreadable = 0;
    long records = 0;
    List<String> problems = new ArrayList<>();
    for (FoldedLog log : logs) {
      log.omissions().forEach((why, times) -> omissions.merge(why, times, Long::sum));
      unreadable += log.unreadable();
      records += log.records();
      problems.addAll(log.told());
    }
    return new ReadTally(
        records,
        new TreeMap<>(omissions),
        unreadable,
        problems.stream().sorted().limit(TOLD).toList());
  }

  /** Writes it as JSON into a folder that is not there yet, with more facts. */
  void write(SparkSession spark, List<Row> more, String path) {
    List<Row> facts = new ArrayList<>();
    facts.add(fact("records", records, ""));
    facts.add(fact("unreadable", unreadable, String.join("\n", problems)));
    omissions.forEach((why, times) -> facts.add(fact("left out", times, why.words())));
    facts.addAll(more);
    spark
        .createDataFrame(
            facts,
            new StructType()
                .add("what", DataTypes.StringType)
                .add("times", DataTypes.LongType)
                .add("detail", DataTypes.StringType))
        .coalesce(1)
        .write()
        .mode(SaveMode.ErrorIfExists)
        .json(path);
  }

  static Row fact(String what, long times, String detail) {
    return RowFactory.create(what, times, detail);
  }
}
