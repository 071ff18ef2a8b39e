package dev.postern.fabric8;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.testing.NullArguments;
import org.junit.jupiter.api.Test;

class NullArgumentsTest {

  @Test
  void nullFailsByTheNameOfTheArgument() {
    NullArguments tried = NullArguments.of(InformerEvents.class);
    assertThat(tried.calls()).isPositive();
    assertThat(tried.unnamed()).isEmpty();
  }
}
