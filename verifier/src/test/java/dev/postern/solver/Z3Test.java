package dev.postern.solver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.microsoft.z3.Context;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class Z3Test {

  @ParameterizedTest
  @CsvSource({
    "linux/amd64, so",
    "linux/aarch64, so",
    "osx/amd64, dylib",
    "osx/aarch64, dylib",
    "windows/amd64, dll"
  })
  void theDependencyBringsTheLibraryForThatMachine(String machine, String ending) {
    for (String library : new String[] {"libz3.", "libz3java."}) {
      String name = "/com/microsoft/z3/" + machine + "/" + library + ending;
      assertThat(Context.class.getResource(name)).as(name).isNotNull();
    }
  }

  @Test
  void limitsAreSome() {
    assertThat(Limits.of(Duration.ofDays(365)).milliseconds()).isEqualTo(Integer.MAX_VALUE);
    assertThatIllegalArgumentException().isThrownBy(() -> Limits.of(Duration.ZERO));
    assertThatIllegalArgumentException().isThrownBy(() -> Limits.DEFAULT.withSteps(-1));
  }
}
