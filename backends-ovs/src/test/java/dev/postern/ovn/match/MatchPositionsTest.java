package dev.postern.ovn.match;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What OVN rejects is rejected where it is wrong. */
class MatchPositionsTest {

  @Test
  void whereAndMeetsOrWithoutParentheses() {
    assertThatThrownBy(() -> new OvnMatchReader(NamedSets.NONE).read("tcp.dst == 80 || ip4 && tcp"))
        .isInstanceOfSatisfying(
            MatchException.class, rejected -> assertThat(rejected.column()).isEqualTo(22));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      ignoreLeadingAndTrailingWhitespace = true,
      value = {
        "ip4 && tcp.dst = 80            | 16",
        "ip4.src == 10.0.0.1 && tpc     | 24",
        "ip4.src == $none               | 12",
        "outport == @none               | 12",
        "ip4.src == 10.0.0.0/33         | 12",
        "ip4.src == 10.0.0.256          | 12",
        "tcp.dst == 65536               | 12",
        "(ip4 && tcp                    | 12",
        "ip4 && (tcp.dst == {80, 81)    | 27",
        "!ip4.src == 10.0.0.1           | 1",
        "inport == 7                    | 11",
        "nothing_of_the_kind(\"a\")     | 1",
        "1 < tcp.dst > 2                | 13"
      })
  void atTheFirstCharacterThatIsWrong(String expression, int column) {
    assertThatThrownBy(() -> new OvnMatchReader(NamedSets.NONE).read(expression))
        .isInstanceOfSatisfying(
            MatchException.class,
            rejected -> assertThat(rejected.column()).as(rejected.getMessage()).isEqualTo(column));
  }
}
