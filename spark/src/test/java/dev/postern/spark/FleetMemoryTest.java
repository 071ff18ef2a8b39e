package dev.postern.spark;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.testing.Tries;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.lifecycle.AfterContainer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a task remembers of clusters, against a memory of its own for each. */
class FleetMemoryTest {

  private static final LocalDate TODAY = LocalDate.of(2026, 11, 30);

  private static long shared;
  private static long apart;
  private static int rows;

  @AfterContainer
  static void muchWasReadOnce() {
    assertThat(rows).isGreaterThan(Tries.share(3_000));
    // Without a memory everything is read for each cluster.
    assertThat(2 * shared).isLessThan(apart);
  }

  @Property(tries = 25, shrinking = ShrinkingMode.OFF)
  void rowsAreThoseOfEachClusterByItself(@ForAll long seed) throws IOException {
    List<FleetContents> fleet = RandomFleet.of(seed, 8);
    List<Path> directories = new ArrayList<>();
    try {
      FleetMemory together = memory(directories);
      for (int i = 0; i < fleet.size(); i++) {
        FleetMemory own = memory(directories);
        List<FleetRow> alone = fleet.get(i).report(new ClusterReport(own, TODAY));
        assertThat(fleet.get(i).report(new ClusterReport(together, TODAY)))
            .as("of cluster %d of the fleet %d", i, seed)
            .containsExactlyElementsOf(alone);
        apart += own.readAnew();
        rows += alone.size();
      }
      shared += together.readAnew();
    } finally {
      for (Path directory : directories) {
        FleetTask.delete(directory);
      }
    }
  }

  private static FleetMemory memory(List<Path> directories) throws IOException {
    Path directory = Files.createTempDirectory("fleet-memory");
    directories.add(directory);
    return new FleetMemory(directory);
  }

  private static FleetContent folder(String... files) {
    TreeMap<String, FleetContent.File> all = new TreeMap<>();
    for (int i = 0; i < files.length; i += 2) {
      all.put(files[i], new FleetContent.File(files[i + 1].getBytes(StandardCharsets.UTF_8)));
    }
    return new FleetContent(true, all);
  }

  @Test
  void theDirectoryHoldsWhatTheLastClusterHolds(@TempDir Path directory) throws IOException {
    MirroredFiles mirror = new MirroredFiles(directory.resolve("m"));
    List<FleetContent> clusters = List.of(
        folder("a.yaml", "1", "b/c.yaml", "2"),
        folder("a.yaml/x.yaml", "3", "b/c.yaml", "2", "b/d/e.yaml", "4"),
        folder(),
        folder("b", "5"),
        folder("b/c.yaml", "6"));
    for (FleetContent content : clusters) {
      Path held = mirror.hold(content);
      Map<String, String> found = new TreeMap<>();
      try (var files = Files.walk(held)) {
        for (Path file : files.filter(Files::isRegularFile).toList()) {
          found.put(held.relativize(file).toString(), Files.readString(file));
        }
      }
      Map<String, String> wanted = new TreeMap<>();
      content
          .files()
          .forEach(
              (name, file) -> wanted.put(name, new String(file.bytes(), StandardCharsets.UTF_8)));
      assertThat(found).isEqualTo(wanted);
    }
    FleetContent one = new FleetContent(
        false, new TreeMap<>(Map.of("b", new FleetContent.File(new byte[] {'7'}))));
    assertThat(mirror.hold(one)).hasContent("7");
    assertThat(Optional.of(one.digest()))
        .isNotEqualTo(Optional.of(folder("b", "7").digest()));
  }
}
