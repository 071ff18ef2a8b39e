package dev.postern.testing;

import static org.assertj.core.api.Assertions.assertThat;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.lifecycle.AfterContainer;

class TriesTest {

  private static final int ASKED = 200;

  private static int made;

  @Property(tries = ASKED)
  void aPropertyMakesItsShareOfTries(@ForAll long any) {
    made++;
  }

  @AfterContainer
  static void countTries() {
    assertThat(made).isEqualTo(Math.max(1, ASKED * Integer.getInteger("postern.tries", 100) / 100));
  }
}
