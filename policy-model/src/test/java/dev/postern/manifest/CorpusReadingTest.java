package dev.postern.manifest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.postern.diagnostic.Diagnostic;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Manifests that others wrote and dumped are read without an error, but for those that a cluster would refuse too. */
class CorpusReadingTest {

  private static final Path CORPUS = Path.of("..", "..", "shared", "corpus", "netpol-analyzer");

  /** Cases whose manifests say {@code containerport}, which no API server takes for {@code containerPort}. */
  private static final Set<String> REFUSED =
      Set.of("netpol_named_port_test", "netpol_named_port_test_2");

  @Test
  void everyCaseIsReadWithoutAnErrorExceptTheKnown() throws IOException {
    assumeTrue(Files.isDirectory(CORPUS), "the shared corpus is not beside the project");
    Set<String> refused = new TreeSet<>();
    List<Path> cases = new ArrayList<>();
    try (Stream<Path> paths = Files.list(CORPUS)) {
      paths.filter(Files::isDirectory).forEach(cases::add);
    }
    for (Path directory : cases) {
      Loaded loaded = Manifests.load(directory.resolve("manifests"));
      if (loaded.hasErrors()) {
        refused.add(directory.getFileName().toString());
        assertThat(loaded.diagnostics())
            .filteredOn(Diagnostic::isError)
            .extracting(Diagnostic::message)
            .containsOnly("unknown field `containerport` in ContainerPort");
      }
      assertThat(loaded.skipped()).isEmpty();
      assertThat(loaded.cluster().workloads()).as(directory.toString()).isNotEmpty();
    }
    assertThat(cases).hasSizeGreaterThan(50);
    assertThat(refused).containsExactlyInAnyOrderElementsOf(REFUSED);
  }

  @Test
  void theShopExampleIsReadWithoutAWord() {
    Loaded loaded = Manifests.load(Path.of("..", "examples", "shop"));
    assertThat(loaded.diagnostics()).isEmpty();
    assertThat(loaded.cluster().policies()).isNotEmpty();
  }
}
