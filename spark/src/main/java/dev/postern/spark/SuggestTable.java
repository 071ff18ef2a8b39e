package dev.postern.spark;

import dev.postern.replay.SeenFlows;
import dev.postern.suggestion.PolicyText;
import dev.postern.suggestion.SeenEdge;
import dev.postern.suggestion.SuggestedPolicy;
import dev.postern.suggestion.Suggestion;
import dev.postern.suggestion.SuggestionProof;
import dev.postern.traffic.Omission;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.sql.Timestamp;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SaveMode;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/**
 * Suggested policies of traffic that Spark read.
 *
 * @param suggestion the policies
 * @param proof what they do
 * @param policies a policy a row: {@code namespace} of the pods that it is for, {@code kind}, {@code name}, {@code for}, {@code exact}
 *     (whether it selects no other pods), {@code rules} (how many) and {@code yaml}
 * @param edges what was seen and is in question, an edge a row: {@code source}, {@code destination}, {@code protocol}, {@code port},
 *     {@code flows}, {@code first} and {@code last}
 * @param denied how many flows did not pass, for which nothing is suggested
 * @param unknown how many flows passed of which nobody can say what to allow, by why
 * @param records how many records were taken
 * @param omissions how many entries say nothing about policies, by why
 * @param unreadable how many entries could not be read
 * @param problems the first of them
 */
public record SuggestTable(
    Suggestion suggestion,
    SuggestionProof proof,
    Dataset<Row> policies,
    Dataset<Row> edges,
    long denied,
    SortedMap<String, Long> unknown,
    long records,
    SortedMap<Omission, Long> omissions,
    long unreadable,
    List<String> problems) {

  static final StructType POLICY = new StructType()
      .add("namespace", DataTypes.StringType)
      .add("kind", DataTypes.StringType)
      .add("name", DataTypes.StringType)
      .add("for", DataTypes.StringType)
      .add("exact", DataTypes.BooleanType)
      .add("rules", DataTypes.IntegerType)
      .add("yaml", DataTypes.StringType);

  static final StructType EDGE = new StructType()
      .add("source", DataTypes.StringType)
      .add("destination", DataTypes.StringType)
      .add("protocol", DataTypes.StringType)
      .add("port", DataTypes.IntegerType)
      .add("flows", DataTypes.LongType)
      .add("first", DataTypes.TimestampType)
      .add("last", DataTypes.TimestampType);

  static SuggestTable of(
      SparkSession spark,
      Suggestion suggestion,
      SuggestionProof proof,
      SeenFlows.Known known,
      ReadTally read) {
    SortedMap<String, Long> unknown = new TreeMap<>(known.unknown());
    suggestion
        .unresolved()
        .forEach((why, unsaid) -> unknown.merge(why.words(), unsaid.flows(), Long::sum));
    return new SuggestTable(
        suggestion,
        proof,
        spark.createDataFrame(
            suggestion.policies().stream().map(SuggestTable::row).toList(), POLICY),
        spark.createDataFrame(suggestion.edges().stream().map(SuggestTable::row).toList(), EDGE),
        known.denied(),
        unknown,
        read.records(),
        read.omissions(),
        read.unreadable(),
        read.problems());
  }

  private static Row row(SuggestedPolicy each) {
    return RowFactory.create(
        each.subject().namespace(),
        each.policy().kind().kind(),
        each.policy().name(),
        each.subject().name(),
        each.subject().isExact(),
        each.rules().size(),
        PolicyText.of(each));
  }

  private static Row row(SeenEdge edge) {
    return RowFactory.create(
        edge.source(),
        edge.destination(),
        edge.protocol().name(),
        edge.port(),
        edge.evidence().flows(),
        edge.evidence().first().map(Timestamp::from).orElse(null),
        edge.evidence().last().map(Timestamp::from).orElse(null));
  }

  /** Whether all was read, and of all that passed it is known that it passes with these policies. */
  public boolean isClean() {
    return unreadable == 0
        && !omissions.containsKey(Omission.NO_SNAPSHOT)
        && unknown.isEmpty()
        && proof.isWhole()
        && proof.difference().undecided().isEmpty();
  }

  /**
   * Writes a folder that is not there yet: {@code summary} (JSON: what was left out, could not be read, is not known, and would still be
   * denied), {@code edges} and {@code policies} (Parquet, the policies a folder a namespace), and last {@code policies.yaml}.
   *
   * @param path where, on any file system that Hadoop knows
   * @throws IOException if the manifest cannot be written
   */
  public void write(String path) throws IOException {
    SparkSession spark = policies.sparkSession();
    List<Row> more = new ArrayList<>();
    more.add(ReadTally.fact("denied", denied, "did not pass, so that nothing is suggested for it"));
    unknown.forEach((why, times) -> more.add(ReadTally.fact("in no policy", times, why)));
    proof
        .stopped()
        .forEach(judgement ->
            more.add(ReadTally.fact("still denied", 1, judgement.flow().toString())));
    proof
        .undecided()
        .forEach(judgement -> more.add(
            ReadTally.fact("not known whether it passes", 1, judgement.flow().toString())));
    proof
        .difference()
        .undecided()
        .ifPresent(why -> more.add(ReadTally.fact("the difference may hold more", 1, why)));
    new ReadTally(records, omissions, unreadable, problems).write(spark, more, path + "/summary");
    edges.coalesce(1).write().mode(SaveMode.ErrorIfExists).parquet(path + "/edges");
    policies
        .coalesce(1)
        .write()
        .mode(SaveMode.ErrorIfExists)
        .partitionBy("namespace")
        .parquet(path + "/policies");
    Path manifest = new Path(path + "/policies.yaml");
    Path unfinished = new Path(path + "/_policies.yaml");
    FileSystem files = manifest.getFileSystem(
        JavaSparkContext.fromSparkContext(spark.sparkContext()).hadoopConfiguration());
    try (OutputStream out = files.create(unfinished, false)) {
      out.write(PolicyText.of(suggestion.policies()).getBytes(StandardCharsets.UTF_8));
    }
    if (!files.rename(unfinished, manifest)) {
      throw new IOException("cannot write " + manifest);
    }
  }
}
