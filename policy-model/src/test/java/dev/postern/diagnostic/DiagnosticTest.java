package dev.postern.diagnostic;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class DiagnosticTest {

  private static Diagnostic at(int line, int column) {
    return Code.UNKNOWN_FIELD
        .at(new Origin("a.yaml", line, column, ""), "x", "Y")
        .hint("z");
  }

  @Test
  void aDiagnosticReadsLikeACompilersMessage() {
    assertThat(at(3, 5)).hasToString("a.yaml:3:5: error: unknown field `x` in Y (hint: z) [NP111]");
    assertThat(Code.UNREADABLE.at(Origin.NONE, "it", "why"))
        .hasToString("error: cannot read it: why [NP101]");
  }

  @Test
  void ofALongMessageTheBeginningAndTheEndAreKept() {
    assertThat(
            Code.UNREADABLE.at(Origin.NONE, "x".repeat(300_000), "the reason").message())
        .hasSizeLessThan(450)
        .startsWith("cannot read xxx")
        .contains("x…x")
        .endsWith("x: the reason");
  }

  @Test
  void aCaretStandsUnderThePlace() {
    assertThat(Excerpt.of(at(12, 3), "  x: 1").lines().toList())
        .containsExactly(at(12, 3).toString(), " 12 |   x: 1", "    |   ^");
  }

  @Test
  void tabsAndControlCharactersDoNotMoveTheCaret() {
    assertThat(Excerpt.of(at(1, 3), "\t\u0007x").lines().toList())
        .containsExactly(at(1, 3).toString(), " 1 |  \uFFFDx", "   |   ^");
  }

  @Test
  void aLongLineIsCutAroundThePlace() {
    List<String> lines =
        Excerpt.of(at(1, 501), "a".repeat(500) + "!" + "b".repeat(500)).lines().toList();
    assertThat(lines.get(1))
        .hasSizeLessThan(140)
        .contains("a!b")
        .startsWith(" 1 | …")
        .endsWith("…");
    assertThat(lines.get(2).indexOf('^')).isEqualTo(lines.get(1).indexOf('!'));
  }

  @Test
  void aPlaceBehindTheEndOfTheLineIsItsEnd() {
    assertThat(Excerpt.of(at(1, 9), "ab").lines().toList().get(2)).isEqualTo("   |   ^");
  }

  @Test
  void theNearestWordIsFoundOnlyIfItIsNear() {
    assertThat(Nearest.to("podselector", List.of("podSelector", "ports"))).hasValue("podSelector");
    assertThat(Nearest.to("prot", List.of("port", "protocol"))).hasValue("port");
    assertThat(Nearest.to("role", List.of("matchLabels", "matchExpressions"))).isEmpty();
    assertThat(Nearest.distance("ab", "ba")).isEqualTo(1);
    assertThat(Nearest.distance("kitten", "sitting")).isEqualTo(3);
  }
}
