package dev.postern.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.answer.Analysis;
import dev.postern.manifest.Loaded;
import dev.postern.manifest.Manifests;
import dev.postern.manifest.ReadOptions;
import dev.postern.manifest.Source;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** docs/found.md: what its manifests mean is what it says. */
class FoundTest {

  private static final Pattern MANIFEST =
      Pattern.compile("```yaml[^\n]*\n(.*?)```", Pattern.DOTALL);
  private static final Pattern VERDICT = Pattern.compile("- `(can [^`]*)`: (allowed|denied)");

  /** A fault on the page, with what is true instead. */
  private record Fault(String title, String manifests, String question, String verdict) {
    @Override
    public String toString() {
      return title + ": " + question;
    }
  }

  static Stream<Fault> faults() throws IOException {
    String[] sections = Files.readString(Path.of("../docs/found.md")).split("\n## ");
    Matcher pods = MANIFEST.matcher(sections[0]);
    assertThat(pods.find()).isTrue();
    List<Fault> faults = new ArrayList<>();
    for (String section : List.of(sections).subList(1, sections.length)) {
      Matcher own = MANIFEST.matcher(section);
      assertThat(own.find()).as(section).isTrue();
      Matcher verdict = VERDICT.matcher(section);
      while (verdict.find()) {
        faults.add(new Fault(
            section.lines().findFirst().orElseThrow(),
            pods.group(1) + "---\n" + own.group(1),
            verdict.group(1),
            verdict.group(2)));
      }
    }
    return faults.stream();
  }

  @ParameterizedTest
  @MethodSource("faults")
  void whatThePageSaysIsWhatThePoliciesMean(Fault fault) {
    Loaded loaded =
        Manifests.read(List.of(Source.text("found.yaml", fault.manifests)), ReadOptions.DEFAULT);

    assertThat(loaded.hasErrors()).as("%s", loaded.diagnostics()).isFalse();
    assertThat(Analysis.of(loaded.cluster()).ask(fault.question).verdict().word())
        .isEqualTo(fault.verdict);
  }

  @Test
  void everyFaultOfThePageHasAVerdict() throws IOException {
    String page = Files.readString(Path.of("../docs/found.md"));

    assertThat(faults().map(Fault::title).distinct())
        .hasSize(page.split("\n## ", -1).length - 1)
        .hasSizeGreaterThan(10);
  }
}
