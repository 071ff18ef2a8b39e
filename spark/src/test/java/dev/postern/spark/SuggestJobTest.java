package dev.postern.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.postern.policy.PolicyKind;
import dev.postern.replay.SeenFlows;
import dev.postern.suggestion.PolicyText;
import dev.postern.suggestion.SuggestionOptions;
import dev.postern.traffic.Omission;
import dev.postern.traffic.TrafficLog;
import dev.postern.traffic.format.FlowFormats;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The job against the same suggestion on one machine. */
class SuggestJobTest {

  @TempDir
  Path directory;

  private static final SuggestJob.Wish ALL =
      new SuggestJob.Wish(SuggestionOptions.DEFAULT, workload -> true);

  private static String log(List<String> lines) {
    return RandomTraffic.HEADER + "\n" + String.join("\n", lines) + "\n";
  }

  private SuggestTable alone(ClusterManifests cluster, SuggestJob.Wish wish, String log)
      throws IOException {
    SeenFlows seen = new SeenFlows(cluster.policies().plan());
    var read = TrafficLog.read(
        "log",
        new ByteArrayInputStream(log.getBytes(StandardCharsets.UTF_8)),
        FlowFormats.ALL,
        seen);
    return SuggestJob.of(
        Session.SPARK,
        seen,
        cluster.policies(),
        wish,
        ReadTally.of(List.of(FoldedLog.of(
            read,
            read.records()
                - seen.leftOut().getOrDefault(Omission.REPLY, 0L)
                + read.leftOut().getOrDefault(Omission.REPLY, 0L),
            seen.leftOut()))));
  }

  private static void agree(SuggestTable one, SuggestTable other) {
    assertThat(PolicyText.of(one.suggestion().policies()))
        .isEqualTo(PolicyText.of(other.suggestion().policies()));
    assertThat(one.edges().collectAsList())
        .containsExactlyInAnyOrderElementsOf(other.edges().collectAsList());
    assertThat(one.unknown()).isEqualTo(other.unknown());
    assertThat(one.denied()).isEqualTo(other.denied());
    assertThat(one.records()).isEqualTo(other.records());
    assertThat(one.omissions()).isEqualTo(other.omissions());
    assertThat(one.proof().difference()).isEqualTo(other.proof().difference());
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 300, 50_000})
  void logsInManyFilesAreWhatTheyAreOnOneMachine(long seed) throws IOException {
    RandomTraffic traffic = RandomTraffic.of(seed);
    List<String> all = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      List<String> lines = traffic.lines(60);
      all.addAll(lines);
      Files.writeString(directory.resolve("flows-" + i + ".csv"), log(lines));
    }
    for (PolicyKind kind : SuggestionOptions.KINDS) {
      SuggestJob.Wish wish =
          new SuggestJob.Wish(SuggestionOptions.DEFAULT.withKind(kind), workload -> true);

      SuggestTable many = SuggestJob.logs(
          Session.SPARK,
          List.of(directory.toString()),
          "",
          List.of(TimedSnapshot.always(traffic.snapshot())),
          wish);

      agree(many, alone(traffic.snapshot(), wish, log(all)));
      assertThat(many.suggestion().policies()).isNotEmpty();
    }
  }

  @Test
  void whatIsWrittenIsReadAgainAndNeverAddedTo() throws IOException {
    RandomTraffic traffic = RandomTraffic.of(300);
    SuggestTable table = alone(traffic.snapshot(), ALL, log(traffic.lines(100)));
    Path out = directory.resolve("out");
    table.write(out.toString());

    assertThat(out.resolve("policies.yaml"))
        .hasContent(PolicyText.of(table.suggestion().policies()));
    assertThat(Session.SPARK.read().parquet(out + "/policies").count())
        .isEqualTo(table.suggestion().policies().size());
    assertThat(Session.SPARK
            .read()
            .json(out + "/summary")
            .filter("what = 'in no policy'")
            .count())
        .isEqualTo(table.unknown().size());
    assertThatThrownBy(() -> table.write(out.toString())).hasMessageContaining("summary");
  }

  @Test
  void anAddressMeansThePodThatHadItThenAndThePolicyIsForItsWorkloadNow() throws IOException {
    String pod = """
        apiVersion: v1
        kind: Pod
        metadata: {name: %1$s, namespace: shop, labels: {app: %1$s}}
        spec: {containers: [{name: c, image: i}]}
        status: {podIP: %2$s}
        ---
        """;
    ClusterManifests morning = ClusterManifests.of(
        Map.of("a.yaml", pod.formatted("web", "10.0.0.1") + pod.formatted("db", "10.0.0.9")));
    // The two have changed places, and a job has come to where somebody outside was.
    ClusterManifests noon = ClusterManifests.of(Map.of(
        "a.yaml",
        pod.formatted("web", "10.0.0.9")
            + pod.formatted("db", "10.0.0.1")
            + pod.formatted("job", "192.0.2.7")));
    List<TimedSnapshot> cluster = List.of(
        new TimedSnapshot(Instant.ofEpochSecond(2000), Instant.ofEpochSecond(3000), noon),
        new TimedSnapshot(Instant.ofEpochSecond(1000), Instant.ofEpochSecond(2000), morning));
    Path flows = directory.resolve("flows.csv");
    Files.writeString(
        flows,
        log(List.of(
            "10.0.0.1,,,50000,10.0.0.9,,,tcp,5432,allow,,1,1,1500,1500",
            "10.0.0.9,,,50000,10.0.0.1,,,tcp,5432,allow,,1,1,2500,2500",
            "192.0.2.7,,,50000,10.0.0.1,,,tcp,80,allow,,1,1,1500,1500",
            "10.0.0.9,,,50000,10.0.0.1,,,tcp,5432,allow,,1,1,500,500")));

    SuggestTable table =
        SuggestJob.logs(Session.SPARK, List.of(flows.toString()), "", cluster, ALL);

    assertThat(table.edges().collectAsList())
        .extracting(row -> row.getString(0) + " -> " + row.getString(1) + " " + row.getInt(3) + " "
            + row.getLong(4))
        .containsExactly("shop/web -> shop/db 5432 2");
    // Who was outside then has the address of a pod now: nobody can say what to allow.
    assertThat(table.unknown().keySet()).singleElement().asString().contains("192.0.2.7");
    assertThat(table.omissions()).containsEntry(Omission.NO_SNAPSHOT, 1L);
    assertThat(table.isClean()).isFalse();
  }
}
