package dev.postern.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.postern.traffic.Omission;
import dev.postern.traffic.TrafficLog;
import dev.postern.traffic.format.CsvFormat;
import dev.postern.traffic.format.FlowFormats;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.zip.GZIPOutputStream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The job against the same traffic on one machine, and what becomes of it when something breaks. */
class ReplayJobTest {

  @TempDir
  Path directory;

  private static List<String> rows(ReplayTable table) {
    return table.rows().collectAsList().stream()
        .map(row -> row.mkString("|"))
        .sorted()
        .toList();
  }

  /** Fails with the rows that only one of the two has. */
  private static void agree(ReplayTable some, ReplayTable others) {
    List<String> one = new ArrayList<>(rows(some));
    List<String> other = new ArrayList<>(rows(others));
    assertThat(other).isNotEmpty();
    rows(some).forEach(other::remove);
    rows(others).forEach(one::remove);
    assertThat(one).as("beside %s", other).isEmpty();
    assertThat(other).isEmpty();
  }

  private static String log(List<String> lines) {
    return RandomTraffic.HEADER + "\n" + String.join("\n", lines) + "\n";
  }

  /** The same on one machine, in one piece. */
  private static ReplayTable alone(List<TimedSnapshot> snapshots, String... logs)
      throws IOException {
    SnapshotEdges edges = new SnapshotEdges(snapshots);
    List<FoldedLog> read = new ArrayList<>();
    for (String log : logs) {
      SnapshotEdges part = new SnapshotEdges(snapshots);
      for (SnapshotEdges sink : List.of(edges, part)) {
        var summary = TrafficLog.read(
            "log",
            new ByteArrayInputStream(log.getBytes(StandardCharsets.UTF_8)),
            FlowFormats.ALL,
            sink);
        if (sink == part) {
          read.add(FoldedLog.of(summary, part.records(), part.omissions()));
        }
      }
    }
    return ReplayTable.of(Session.SPARK, snapshots, edges, read);
  }

  private String file(String name, String text) throws IOException {
    return Files.writeString(directory.resolve(name), text).toString();
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 300, 50_000})
  void logsInManyFilesAreWhatTheyAreOnOneMachine(long seed) throws IOException {
    RandomTraffic traffic = RandomTraffic.of(seed);
    List<TimedSnapshot> cluster = List.of(TimedSnapshot.always(traffic.snapshot()));
    List<String> all = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      List<String> lines = traffic.lines(150);
      // One edge has most of the traffic, and a line is broken.
      lines.addAll(Collections.nCopies(400, lines.get(0)));
      lines.add("what is this");
      all.addAll(lines);
      file("flows-" + i + ".csv", log(lines));
    }
    ReplayTable alone = alone(cluster, log(all));

    ReplayTable many = ReplayJob.logs(Session.SPARK, List.of(directory.toString()), "", cluster);

    agree(many, alone);
    assertThat(many.records()).isEqualTo(alone.records());
    assertThat(many.omissions()).isEqualTo(alone.omissions());
    assertThat(many.unreadable()).isEqualTo(4);
    assertThat(many.problems()).hasSize(4);
    assertThat(many.isClean()).isFalse();
  }

  @Test
  void partsOfALongFileAreReadApartAndCompressedOnesAreNot() throws IOException {
    RandomTraffic traffic = RandomTraffic.of(21);
    List<TimedSnapshot> cluster = List.of(TimedSnapshot.always(traffic.snapshot()));
    List<String> lines = traffic.lines(400);
    lines.add(200, "what is this");
    String log = log(lines);
    String plain = file("flows.csv", log);
    Path compressed = directory.resolve("flows.csv.gz");
    try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(compressed))) {
      out.write(log.getBytes(StandardCharsets.UTF_8));
    }
    ReplayTable alone = alone(cluster, log);
    var hadoop = org.apache.spark.api.java.JavaSparkContext.fromSparkContext(
            Session.SPARK.sparkContext())
        .hadoopConfiguration();
    assertThat(LogPart.of(List.of(plain), hadoop, 4000)).hasSize(log.length() / 4000 + 1);
    assertThat(LogPart.of(List.of(compressed.toString()), hadoop, 4000)).hasSize(1);

    Session.SPARK.conf().set("spark.sql.files.maxPartitionBytes", "4000b");
    try {
      for (String file : List.of(plain, compressed.toString())) {
        ReplayTable apart = ReplayJob.logs(Session.SPARK, List.of(file), "", cluster);
        agree(apart, alone);
        assertThat(apart.records()).isEqualTo(alone.records());
        assertThat(apart.omissions()).isEqualTo(alone.omissions());
        assertThat(apart.unreadable()).isEqualTo(1);
      }
    } finally {
      Session.SPARK.conf().unset("spark.sql.files.maxPartitionBytes");
    }
  }

  @Test
  void aPlainJoinAgrees() throws IOException {
    RandomTraffic traffic = RandomTraffic.of(77);
    // Names and verdicts a flow, as a table; the join and the count are Spark's own.
    PosternFunctions.register(Session.SPARK, traffic.snapshot());
    Random random = new Random(5);
    List<String> lines = new ArrayList<>();
    var pods =
        traffic.pods().stream().filter(pod -> !pod.workload().hostNetwork()).toList();
    for (int i = 0; i < 300; i++) {
      var from = pods.get(random.nextInt(pods.size()));
      var to = pods.get(random.nextInt(pods.size()));
      if (from.address().orElseThrow().family() != to.address().orElseThrow().family()) {
        continue;
      }
      lines.add(from.address().orElseThrow() + ",,,," + to.address().orElseThrow() + ",,,tcp,"
          + (80 + random.nextInt(2)) + ",allow,ingress,1,7,,");
    }
    StringBuilder names = new StringBuilder("address,workload\n");
    pods.forEach(pod -> names
        .append(pod.address().orElseThrow())
        .append(',')
        .append(pod.workload().id())
        .append('\n'));
    String flows = file("flows.csv", log(lines));
    Dataset<Row> table = Session.SPARK.read().option("header", true).csv(flows);
    table.createOrReplaceTempView("flows");
    Session.SPARK
        .read()
        .option("header", true)
        .csv(file("pods.csv", names.toString()))
        .createOrReplaceTempView("pods");

    List<String> joined = Session.SPARK.sql("""
            select case v when 'allowed' then 'same' when 'denied' then 'breaks' else 'unknown' end as fate,
              source, destination, port, sum(count) as flows, sum(bytes) as bytes
            from (select s.workload as source, d.workload as destination, f.port, cast(f.count as bigint) as count,
                cast(f.bytes as bigint) as bytes, postern_verdict(f.source, f.destination, f.protocol, f.port) as v
              from flows f join pods s on s.address = f.source join pods d on d.address = f.destination)
            group by 1, 2, 3, 4""").collectAsList().stream()
        .map(row -> row.mkString("|"))
        .sorted()
        .toList();

    List<TimedSnapshot> cluster = List.of(TimedSnapshot.always(traffic.snapshot()));
    ReplayTable replayed = ReplayJob.logs(Session.SPARK, List.of(flows), "csv", cluster);
    assertThat(replayed
            .rows()
            .select("fate", "source", "destination", "port", "flows", "bytes")
            .collectAsList()
            .stream()
            .map(row -> row.mkString("|"))
            .sorted()
            .toList())
        .isNotEmpty()
        .containsExactlyInAnyOrderElementsOf(joined);
  }

  @Test
  void tablesOfAnyKindAreReadByTheirColumnsAndRepeatedDeliveriesOnce() throws IOException {
    RandomTraffic traffic = RandomTraffic.of(9);
    List<TimedSnapshot> cluster = List.of(TimedSnapshot.always(traffic.snapshot()));
    List<String> lines = traffic.lines(200).stream().distinct().toList();
    List<String> twice = new ArrayList<>(lines);
    twice.addAll(lines.subList(0, 150));
    String parquet = directory.resolve("flows.parquet").toString();
    Session.SPARK
        .read()
        .option("header", true)
        .csv(file("twice.csv", log(twice)))
        .withColumnRenamed("source", "src_ip")
        .repartition(3)
        .write()
        .parquet(parquet);

    ReplayTable once = ReplayJob.table(
        Session.SPARK.read().parquet(parquet),
        Map.of(CsvFormat.Field.SOURCE, "src_ip"),
        true,
        cluster);

    agree(once, alone(cluster, log(lines)));
    assertThatThrownBy(() -> ReplayJob.table(
            Session.SPARK.read().parquet(parquet),
            Map.of(CsvFormat.Field.SOURCE, "nothing"),
            true,
            cluster))
        .hasMessageContaining("no column `nothing`");
  }

  @Test
  void aTaskThatFailsHalfwayIsDoneAgainAndCountsOnce() throws IOException {
    RandomTraffic traffic = RandomTraffic.of(11);
    List<TimedSnapshot> cluster = List.of(TimedSnapshot.always(traffic.snapshot()));
    String one = log(traffic.lines(300));
    String other = log(traffic.lines(300));
    file("one.csv", one);
    file("other.csv", other);
    FlakyFileSystem.FAILED.clear();

    ReplayTable table = ReplayJob.logs(
        Session.SPARK, List.of("flaky://" + directory, "flaky://" + directory), "", cluster);

    assertThat(FlakyFileSystem.FAILED).hasSize(2);
    agree(table, alone(cluster, one, other));
  }

  @Test
  void aFileThatEndsTooEarlyFailsTheJobAndLeavesNoTable() throws IOException {
    RandomTraffic traffic = RandomTraffic.of(12);
    List<TimedSnapshot> cluster = List.of(TimedSnapshot.always(traffic.snapshot()));
    file("whole.csv", log(traffic.lines(50)));
    Path cut = directory.resolve("cut.csv.gz");
    try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(cut))) {
      out.write(log(traffic.lines(500)).getBytes(StandardCharsets.UTF_8));
    }
    byte[] bytes = Files.readAllBytes(cut);
    Files.write(cut, java.util.Arrays.copyOf(bytes, bytes.length / 2));

    assertThatThrownBy(
            () -> ReplayJob.logs(Session.SPARK, List.of(directory.toString()), "", cluster))
        .hasStackTraceContaining("cut.csv.gz");

    // Nor is there a table without a file of which nobody knows what it is.
    Files.delete(cut);
    file("noise.bin", "\u0001\u0002\nnothing that is known\n");
    assertThatThrownBy(
            () -> ReplayJob.logs(Session.SPARK, List.of(directory.toString()), "", cluster))
        .hasStackTraceContaining("noise.bin");
  }

  @Test
  void whatIsWrittenIsPartitionedAndNeverAddedTo() throws IOException {
    RandomTraffic traffic = RandomTraffic.of(13);
    List<TimedSnapshot> cluster = List.of(TimedSnapshot.always(traffic.snapshot()));
    ReplayTable table = alone(cluster, log(traffic.lines(200)));
    String out = directory.resolve("out").toString();
    table.write(out);

    assertThat(Path.of(out, "edges", "_SUCCESS")).exists();
    assertThat(Path.of(out, "edges", "fate=unknown")).isDirectory();
    assertThat(Session.SPARK.read().parquet(out + "/edges").count())
        .isEqualTo(table.rows().count());
    assertThat(Session.SPARK
            .read()
            .json(out + "/summary")
            .filter("what = 'records'")
            .first()
            .<Long>getAs("times"))
        .isEqualTo(table.records());
    assertThatThrownBy(() -> table.write(out)).hasMessageContaining("summary");
  }

  @Test
  void anAddressMeansThePodThatHadItThen() throws IOException {
    String pod = """
        apiVersion: v1
        kind: Pod
        metadata: {name: %s, namespace: shop, labels: {app: %s}}
        spec: {containers: [{name: c, image: i}]}
        status: {podIP: %s}
        ---
        """;
    String policy = """
        apiVersion: networking.k8s.io/v1
        kind: NetworkPolicy
        metadata: {name: db, namespace: shop}
        spec:
          podSelector: {matchLabels: {app: db}}
          ingress: [{from: [{podSelector: {matchLabels: {app: web}}}]}]
        """;
    String db = pod.formatted("db", "db", "10.0.0.9");
    ClusterManifests morning = ClusterManifests.of(
        Map.of("a.yaml", pod.formatted("web", "web", "10.0.0.1") + db + policy));
    ClusterManifests noon = ClusterManifests.of(
        Map.of("a.yaml", pod.formatted("job", "job", "10.0.0.1") + db + policy));
    List<TimedSnapshot> cluster = List.of(
        new TimedSnapshot(Instant.ofEpochSecond(1000), Instant.ofEpochSecond(2000), morning),
        new TimedSnapshot(Instant.ofEpochSecond(2000), Instant.ofEpochSecond(3000), noon));
    String flow = "10.0.0.1,,,50000,10.0.0.9,,,tcp,5432,allow,ingress,1,1,%s,%s";
    List<String> lines = new ArrayList<>();
    for (String moment : List.of("1000", "1999", "2000", "2999", "3000", "")) {
      lines.add(flow.formatted(moment, moment));
    }

    ReplayTable table =
        ReplayJob.logs(Session.SPARK, List.of(file("flows.csv", log(lines))), "", cluster);

    assertThat(table.rows().select("valid_from", "fate", "source", "flows").collectAsList())
        .extracting(row -> row.mkString(" "))
        .containsExactlyInAnyOrder(
            "1970-01-01 00:16:40.0 same shop/web 2", "1970-01-01 00:33:20.0 breaks shop/job 2");
    assertThat(table.omissions()).containsEntry(Omission.NO_SNAPSHOT, 2L);
    assertThat(table.isClean()).isFalse();
  }

  @Test
  void functionsJudgeInSql() {
    ClusterManifests shop = ClusterManifests.of(Map.of("shop.yaml", """
        apiVersion: v1
        kind: Pod
        metadata: {name: web, namespace: shop, labels: {app: web}}
        spec: {containers: [{name: c, image: i}]}
        status: {podIP: 10.0.0.1}
        ---
        apiVersion: networking.k8s.io/v1
        kind: NetworkPolicy
        metadata: {name: web, namespace: shop}
        spec:
          podSelector: {}
          ingress: [{from: [{ipBlock: {cidr: 203.0.113.0/24}}], ports: [{port: 443}]}]
        """));
    PosternFunctions.register(Session.SPARK, shop);
    Row row = Session.SPARK.sql("""
        select postern_verdict('203.0.113.9', 'shop/web', 'TCP', 443),
          postern_verdict('203.0.113.9', '10.0.0.1', 6, '80'),
          postern_verdict('shop/gone', 'shop/web', 'tcp', 443),
          postern_reason('203.0.113.9', 'shop/web', 'tcp', 443),
          postern_edge('203.0.113.9', '10.0.0.1', 'tcp', 443),
          postern_verdict('203.0.113.9', '10.0.0.1', 'tcp', 0),
          postern_verdict(null, '10.0.0.1', 'tcp', 1)
        """).first();
    assertThat(row.mkString("|"))
        .isEqualTo("allowed|denied|unknown|shop/web ingress[0] (shop.yaml:12:13)"
            + "|203.0.113.9 -> shop/web tcp/443|null|null");
  }
}
