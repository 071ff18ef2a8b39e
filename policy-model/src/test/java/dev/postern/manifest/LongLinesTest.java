package dev.postern.manifest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.diagnostic.Diagnostic;
import dev.postern.diagnostic.Excerpt;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** A file of many objects may have one line: what is shown of it does not grow with the line. */
class LongLinesTest {

  /** Policies with an error each, as {@code jq -c} writes them. */
  private static Loaded loaded() {
    return Manifests.read(Source.text(
        "one-line.json",
        IntStream.range(0, 200)
            .mapToObj(i -> """
                {"apiVersion":"networking.k8s.io/v1","kind":"NetworkPolicy","metadata":{"name":"np%d","namespace":"a"},"spec":{"podSelector":{"role":"db"}}}""".formatted(i))
            .collect(Collectors.joining(
                ",", "{\"apiVersion\":\"v1\",\"kind\":\"List\",\"items\":[", "]}\n"))));
  }

  @Test
  void findingsShowAndRememberOnlyWhatIsAroundTheirPlace() {
    Loaded loaded = loaded();
    assertThat(loaded.diagnostics()).hasSize(200);
    for (Diagnostic each : loaded.diagnostics()) {
      String line = loaded.lines().line(each.origin()).orElseThrow();
      assertThat(line).hasSizeGreaterThan(20_000);
      assertThat(Excerpt.around(each.origin(), line)).hasSizeLessThan(130).contains("role");
      assertThat(loaded.explain(each)).hasSizeLessThan(600);
      assertThat(loaded.lines().block(each.origin())).hasSizeLessThan(130).contains("role");
    }
  }
}
