package dev.postern.diagnostic;

import static org.assertj.core.api.Assertions.assertThat;

import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Chars;
import net.jqwik.api.constraints.StringLength;

class NearestTest {

  @Property
  void aSlipIsExactlyADistanceOfOneBetweenWordsOfSomeLength(
      @ForAll @Chars({'a', 'b', '1'}) @StringLength(max = 7) String one,
      @ForAll @Chars({'a', 'b', '1'}) @StringLength(max = 7) String other) {
    boolean sameDigits =
        one.replace("a", "").replace("b", "").equals(other.replace("a", "").replace("b", ""));
    assertThat(Nearest.isSlip(one, other))
        .isEqualTo(Math.min(one.length(), other.length()) > 3
            && sameDigits
            && Nearest.distance(one, other) == 1);
  }

  @Example
  void twoLettersSwappedAreASlipAndADigitIsNone() {
    assertThat(Nearest.isSlip("forntend", "frontend")).isTrue();
    assertThat(Nearest.isSlip("redis1", "redis2")).isFalse();
  }
}
