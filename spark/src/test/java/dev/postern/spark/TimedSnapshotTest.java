package dev.postern.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a cluster was, and when. */
class TimedSnapshotTest {

  @TempDir
  Path directory;

  private ClusterManifests cluster;

  @BeforeEach
  void read() throws Exception {
    Files.writeString(
        directory.resolve("namespace.yaml"),
        "{apiVersion: v1, kind: Namespace, metadata: {name: a}}");
    cluster = ClusterManifests.read(directory.toString(), new Configuration());
  }

  private TimedSnapshot between(long from, long to) {
    return new TimedSnapshot(Instant.ofEpochSecond(from), Instant.ofEpochSecond(to), cluster);
  }

  @Test
  void ofSnapshotsWithGapsAMomentHasOneOrNone() {
    List<TimedSnapshot> snapshots =
        TimedSnapshot.apart(List.of(between(20, 30), between(0, 10), between(10, 15)));
    assertThat(List.of(-1L, 0L, 9L, 10L, 14L, 15L, 19L, 20L, 29L, 30L))
        .extracting(
            second -> TimedSnapshot.of(Optional.of(Instant.ofEpochSecond(second)), snapshots))
        .containsExactly(-1, 0, 0, 1, 1, -1, -1, 2, 2, -1);
    assertThat(TimedSnapshot.of(Optional.empty(), snapshots)).isEqualTo(-1);
  }

  @Test
  void twoThatAreValidAtTheSameTimeAreRefusedInAnyOrder() {
    TimedSnapshot always = TimedSnapshot.always(cluster);
    for (List<TimedSnapshot> overlapping : List.of(
        List.of(between(0, 11), between(10, 20)),
        List.of(between(10, 20), between(0, 11)),
        List.of(between(0, 30), between(40, 50), between(10, 20)),
        List.of(between(0, 10), between(0, 10)),
        List.of(between(0, 10), always),
        List.of(always, always))) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> TimedSnapshot.apart(overlapping))
          .withMessageContaining("begins before");
    }
    assertThatIllegalArgumentException().isThrownBy(() -> TimedSnapshot.apart(List.of()));
  }

  @Test
  void oneThatIsValidAtNoTimeIsRefused() {
    assertThatIllegalArgumentException().isThrownBy(() -> between(10, 10));
    assertThatIllegalArgumentException().isThrownBy(() -> between(10, 9));
  }
}
