package dev.postern.manifest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.manifest.ScalarNode.Kind;
import java.util.OptionalLong;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Plain scalars as go-yaml v2's {@code resolve} has them. */
class ScalarsTest {

  @ParameterizedTest
  @ValueSource(strings = {"y", "Y", "yes", "Yes", "YES", "true", "True", "TRUE", "on", "On", "ON"})
  void trueHasManyNames(String text) {
    assertThat(Scalars.kind(text)).isEqualTo(Kind.BOOLEAN);
    assertThat(Scalars.isTrue(text)).isTrue();
    assertThat(Scalars.key(text)).hasValue("true");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"n", "N", "no", "No", "NO", "false", "False", "FALSE", "off", "Off", "OFF"})
  void falseHasManyNames(String text) {
    assertThat(Scalars.kind(text)).isEqualTo(Kind.BOOLEAN);
    assertThat(Scalars.isTrue(text)).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "~", "null", "Null", "NULL"})
  void nothingHasSeveral(String text) {
    assertThat(Scalars.kind(text)).isEqualTo(Kind.NULL);
    assertThat(Scalars.key(text)).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "0, 0",
    "80, 80",
    "-1, -1",
    "+5, 5",
    "0777, 511",
    "-010, -8",
    "0x1F, 31",
    "0X1f, 31",
    "0b101, 5",
    "-0b11, -3",
    "0o17, 15",
    "1_000, 1000",
    "_1, ",
    "0_7, 7",
    "9223372036854775807, 9223372036854775807",
    "9223372036854775808, ",
    "80.0, 80",
    "8e1, 80",
    "80.5, ",
    "1e400, ",
    "09, 9",
    "08.0, 8",
    ".5, ",
    "5., 5",
    "1e-1, "
  })
  void numbersAreThoseOfYaml11(String text, Long value) {
    ScalarNode scalar = new ScalarNode(text, Scalars.kind(text), 1, 1);
    assertThat(Scalars.integer(scalar))
        .isEqualTo(value == null ? OptionalLong.empty() : OptionalLong.of(value));
  }

  @ParameterizedTest
  @CsvSource({
    "9223372036854775808, INTEGER",
    "18446744073709551615, INTEGER",
    "18446744073709551616, FLOAT",
    "-9223372036854775809, FLOAT",
    ".inf, FLOAT",
    "-.INF, FLOAT",
    ".nan, FLOAT",
    "1.5, FLOAT",
    "1e5, FLOAT",
    "09, FLOAT",
    ".5, FLOAT"
  })
  void largeAndBrokenNumbersAreNumbers(String text, Kind kind) {
    assertThat(Scalars.kind(text)).isEqualTo(kind);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "a",
        "yEs",
        "tRue",
        "oN",
        "nULL",
        "-",
        "+",
        "--1",
        "1a",
        "0x",
        "0xg",
        "0b2",
        "1.2.3",
        "10.0.0.0/8",
        "2020-01-02",
        "12:30:45",
        "e5",
        ".",
        "1e",
        "-.",
        "0o8",
        "1__a",
        "nan",
        "inf",
        "\u0661"
      })
  void allElseIsText(String text) {
    assertThat(Scalars.kind(text)).isEqualTo(Kind.STRING);
  }
}
