package dev.postern.spark;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.traffic.TrafficLog;
import dev.postern.traffic.format.FlowFormats;
import java.io.ByteArrayInputStream;
import java.io.File;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An executor that dies in mid-job. */
class ExecutorFaultTest {

  @TempDir
  Path directory;

  @Test
  void jobsOfWhichAnExecutorIsKilledSayWhatOneMachineSays() throws Exception {
    RandomTraffic traffic = RandomTraffic.of(300);
    Files.writeString(
        directory.resolve("cluster.yaml"),
        traffic.snapshot().texts().values().iterator().next());
    Path replayed = Files.createDirectory(directory.resolve("replay"));
    Path suggested = Files.createDirectory(directory.resolve("suggest"));
    List<TimedSnapshot> cluster = List.of(TimedSnapshot.always(ClusterManifests.read(
        directory.resolve("cluster.yaml").toString(), new org.apache.hadoop.conf.Configuration())));
    SnapshotEdges edges = new SnapshotEdges(cluster);
    SnapshotFlows seen = new SnapshotFlows(cluster);
    for (String name : List.of("a", "b", "held", "z")) {
      String log = RandomTraffic.HEADER + "\n" + String.join("\n", traffic.lines(200)) + "\n";
      Files.writeString(replayed.resolve(name + ".csv"), log);
      Files.writeString(suggested.resolve(name + ".csv"), log);
      for (Folding sink : List.of(edges, seen)) {
        TrafficLog.read(
            name,
            new ByteArrayInputStream(log.getBytes(StandardCharsets.UTF_8)),
            FlowFormats.ALL,
            sink);
      }
    }
    Path fleet = Files.createDirectory(directory.resolve("fleet"));
    List<FleetContents> clusters = RandomFleet.of(300, 4);
    for (int i = 0; i < clusters.size(); i++) {
      new MirroredFiles(fleet.resolve("c" + i)).hold(clusters.get(i).manifests());
    }
    Files.writeString(
        fleet.resolve("held.yaml"),
        traffic.snapshot().texts().values().iterator().next());

    String classes =
        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
    List<String> command = new ArrayList<>(
        List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString()));
    ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
        .filter(argument -> argument.startsWith("--add-opens"))
        .forEach(command::add);
    command.addAll(List.of(
        "-Xmx512m",
        "-XX:+UseSerialGC",
        "-cp",
        classes,
        KilledExecutor.class.getName(),
        directory.toString(),
        classes));
    File log = directory.resolve("log").toFile();
    ProcessBuilder builder = new ProcessBuilder(command)
        .directory(directory.toFile())
        .redirectErrorStream(true)
        .redirectOutput(log);
    builder.environment().put("SPARK_LOCAL_IP", "127.0.0.1");
    Process driver = builder.start();
    try {
      assertThat(driver.waitFor(10, TimeUnit.MINUTES)).as("the driver ends").isTrue();
    } finally {
      List<ProcessHandle> started = driver.descendants().toList();
      driver.destroyForcibly();
      started.forEach(ProcessHandle::destroyForcibly);
    }

    assertThat(driver.exitValue()).as(Files.readString(log.toPath())).isZero();
    assertThat(directory.resolve("lost")).hasContent("3");
    says("replay", ReplayTable.of(Session.SPARK, cluster, edges, List.of()).rows());
    says(
        "suggest",
        SuggestJob.of(
                Session.SPARK,
                seen.inTheLast(),
                cluster.get(0).cluster().policies(),
                SuggestJob.Wish.DEFAULT,
                ReadTally.of(List.of()))
            .policies());
    says(
        "fleet",
        FleetJob.of(KilledExecutor.fleet(Session.SPARK, directory, fleet.toString()))
            .rows());
  }

  private void says(String job, Dataset<Row> alone) throws IOException {
    assertThat(Files.readAllLines(directory.resolve(job + ".rows")))
        .as(job)
        .isNotEmpty()
        .containsExactlyElementsOf(KilledExecutor.rows(alone));
  }
}
