package dev.postern.cli.reading;

import dev.postern.meaning.Options.MissingAddress;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** The readings of pods without a known address as the command line writes them: {@code private} is no name in Java. */
final class MissingAddressWord implements ITypeConverter<MissingAddress> {

  @Override
  public MissingAddress convert(String word) {
    return Arrays.stream(MissingAddress.values())
        .filter(reading -> word(reading).equals(word))
        .findFirst()
        .orElseThrow(() -> new TypeConversionException("expected one of "
            + Arrays.stream(MissingAddress.values())
                .map(MissingAddressWord::word)
                .collect(Collectors.joining(", "))
            + " but was '" + word + "'"));
  }

  private static String word(MissingAddress reading) {
    return reading.name().toLowerCase(Locale.ROOT);
  }
}
