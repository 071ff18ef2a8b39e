package dev.postern.mapdump;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class StableNumbersTest {

  private static List<String> names(int count) {
    return IntStream.range(0, count).mapToObj(i -> "name " + i).toList();
  }

  @Test
  void everyNameHasANumberOfItsOwnInTheRange() {
    Map<String, Integer> numbers = StableNumbers.of(names(1000), 256, 1000);

    assertThat(numbers.values()).doesNotHaveDuplicates().hasSize(1000);
    assertThat(numbers.values()).allMatch(number -> number >= 256 && number < 1256);
  }

  @Test
  void theOrderOfTheNamesDoesNotMatter() {
    List<String> backwards = new ArrayList<>(names(500));
    Collections.reverse(backwards);

    assertThat(StableNumbers.of(backwards, 1, 600)).isEqualTo(StableNumbers.of(names(500), 1, 600));
  }

  @Test
  void aNameThatComesChangesFewNumbers() {
    Map<String, Integer> before = StableNumbers.of(names(10_000), 256, 65_280);
    Map<String, Integer> after = StableNumbers.of(names(10_001), 256, 65_280);

    assertThat(before.keySet().stream().filter(name -> !before.get(name).equals(after.get(name))))
        .hasSizeLessThan(10);
  }

  @Test
  void tooManyNamesAreAnError() {
    assertThatThrownBy(() -> StableNumbers.of(names(11), 1, 10))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("11 names for 10 numbers");
  }
}
