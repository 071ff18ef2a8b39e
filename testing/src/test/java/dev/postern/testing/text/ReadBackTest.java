package dev.postern.testing.text;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.cluster.Cluster;
import dev.postern.diagnostic.Diagnostic;
import dev.postern.manifest.Loaded;
import dev.postern.manifest.Manifests;
import dev.postern.manifest.Source;
import dev.postern.testing.Origins;
import dev.postern.testing.shape.Shape;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The reader gives back what was written, but for the places where it stands. */
class ReadBackTest {

  @Property(tries = 1000)
  void aClusterWrittenAsYamlIsReadBackEqual(@ForAll Cluster cluster) {
    assertReadBack(cluster, Source.text("cluster.yaml", ManifestText.yaml(cluster)));
  }

  @Property(tries = 500)
  void aClusterWrittenAsJsonIsReadBackEqual(@ForAll Cluster cluster) {
    assertReadBack(cluster, Source.text("cluster.json", ManifestText.json(cluster)));
  }

  @ParameterizedTest
  @EnumSource
  void aShapeIsReadBackEqual(Shape shape) {
    Cluster cluster = shape.cluster(1, 0.01);
    assertReadBack(cluster, Source.text("shape.yaml", ManifestText.yaml(cluster)));
  }

  private static void assertReadBack(Cluster written, Source source) {
    Loaded loaded = Manifests.read(source);
    assertThat(loaded.diagnostics()).noneMatch(Diagnostic::isError);
    Cluster read = Origins.erase(loaded.cluster());
    // Part by part, for messages that a person can read.
    assertThat(read.namespaces()).isEqualTo(written.namespaces());
    assertThat(read.nodes()).isEqualTo(written.nodes());
    assertThat(read.workloads()).isEqualTo(written.workloads());
    assertThat(read.services()).isEqualTo(written.services());
    assertThat(read.entrances()).isEqualTo(written.entrances());
    for (int i = 0; i < Math.min(read.policies().size(), written.policies().size()); i++) {
      assertThat(read.policies().get(i))
          .usingRecursiveComparison()
          .isEqualTo(written.policies().get(i));
    }
    assertThat(read).isEqualTo(Origins.erase(written));
  }
}
