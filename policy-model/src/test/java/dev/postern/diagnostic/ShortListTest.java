package dev.postern.diagnostic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class ShortListTest {

  @Test
  void allAreNamedUpToTheBoundAndTheOthersAreCounted() {
    assertThat(Stream.of().collect(ShortList.ofFirst(2))).isEmpty();
    assertThat(Stream.of("a").collect(ShortList.ofFirst(2))).isEqualTo("a");
    assertThat(Stream.of("a", "b").collect(ShortList.ofFirst(2))).isEqualTo("a, b");
    assertThat(Stream.of("a", "b", "c").collect(ShortList.ofFirst(2))).isEqualTo("a, b and 1 more");
    assertThat(Stream.of(1, 2, 3, 4).collect(ShortList.ofFirst(1))).isEqualTo("1 and 3 more");
  }

  @Test
  void oneAtLeastIsNamed() {
    assertThatThrownBy(() -> ShortList.ofFirst(0)).isInstanceOf(IllegalArgumentException.class);
  }
}
