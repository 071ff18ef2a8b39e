package dev.postern.answer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.answer.Answer.Verdict;
import dev.postern.question.Quantifier;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PairEvaluationTest {

  private static Set<Verdict> set(String verdicts) {
    Set<Verdict> set = EnumSet.noneOf(Verdict.class);
    Arrays.stream(verdicts.split(" ")).map(Verdict::valueOf).forEach(set::add);
    return set;
  }

  @ParameterizedTest
  @CsvSource({
    "ALLOWED DENIED PARTIAL UNKNOWN, ALLOWED",
    "DENIED PARTIAL UNKNOWN, UNKNOWN",
    "DENIED PARTIAL, PARTIAL",
    "DENIED UNKNOWN, UNKNOWN",
    "DENIED, DENIED"
  })
  void anyIsAYesIfOneIsAndNeverANoWhereOneCouldBe(String verdicts, Verdict expected) {
    assertThat(PairEvaluation.fold(Quantifier.ANY, set(verdicts))).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource({
    "ALLOWED, ALLOWED",
    "DENIED, DENIED",
    "UNKNOWN, UNKNOWN",
    "PARTIAL, PARTIAL",
    "ALLOWED DENIED, PARTIAL",
    "ALLOWED UNKNOWN, UNKNOWN",
    "DENIED UNKNOWN, UNKNOWN",
    "PARTIAL UNKNOWN, PARTIAL",
    "ALLOWED DENIED UNKNOWN, PARTIAL"
  })
  void everyIsAYesOnlyIfAllAre(String verdicts, Verdict expected) {
    assertThat(PairEvaluation.fold(Quantifier.EVERY, set(verdicts))).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource({"ANY", "EVERY"})
  void ofNobodyNothingIsAllowed(Quantifier quantifier) {
    assertThat(PairEvaluation.fold(quantifier, EnumSet.noneOf(Verdict.class)))
        .isEqualTo(Verdict.DENIED);
  }
}
