package dev.postern.cilium;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.backend.Artifact;
import dev.postern.backend.Scope;
import dev.postern.cluster.Cluster;
import dev.postern.mapdump.MapDump;
import dev.postern.mapdump.MapEntry;
import dev.postern.mapdump.PinnedMaps;
import dev.postern.meaning.Options;
import dev.postern.plan.Plan;
import dev.postern.testing.Engines;
import dev.postern.testing.RandomCluster;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The kernel takes the batches, and prints what was written. */
class CiliumKernelTest {

  @TempDir
  private Path directory;

  @BeforeEach
  void needsTheKernel() {
    Engines.require("bpftool");
  }

  @Test
  void theKernelsMapsHoldWhatTheFilesSay() throws Exception {
    int maps = 0;
    int entries = 0;
    for (int seed = 0; seed < 12; seed++) {
      Cluster cluster = RandomCluster.of(seed, CiliumAgreesTest.PROFILE);
      CiliumVersion version = CiliumVersion.values()[seed % 4];
      Artifact artifact = Cilium.backend()
          .withVersion(version)
          .compile(Plan.of(cluster, Options.DEFAULT.withIpBlockMatchesPods(false)), Scope.CLUSTER);
      Path here = directory.resolve(Integer.toString(seed));
      assertThat(here.toFile().mkdir()).isTrue();
      try (PinnedMaps kernel = new PinnedMaps(here)) {
        kernel.apply(artifact);
        for (Map.Entry<String, String> dump : kernel.dumps().entrySet()) {
          List<MapEntry> held = sorted(dump.getValue());
          assertThat(held).as(dump.getKey()).isEqualTo(sorted(written(artifact, dump.getKey())));
          maps++;
          entries += held.size();
        }
      }
    }
    System.out.println("Cilium kernel test: " + maps + " maps, " + entries + " entries");
    assertThat(entries).isPositive();
  }

  private static String written(Artifact artifact, String pin) {
    return artifact.files().entrySet().stream()
        .filter(file -> file.getKey().endsWith(".json"))
        .filter(file -> file.getKey()
            .substring(0, file.getKey().length() - 5)
            .replace('.', '_')
            .equals(pin))
        .findFirst()
        .orElseThrow()
        .getValue();
  }

  private static List<MapEntry> sorted(String dump) {
    return MapDump.read("dump", dump).stream()
        .map(MapDump.Placed::entry)
        .sorted()
        .toList();
  }
}
