package dev.postern.traffic.format;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.temporal.ChronoField;
import java.time.temporal.TemporalAccessor;
import java.util.Locale;
import java.util.Optional;

/** Times as logs write them. */
final class LogTime {

  /** RFC 3339, with a blank for the T as databases write it, without seconds, and with or without a zone. */
  private static final DateTimeFormatter WRITTEN = new DateTimeFormatterBuilder()
      .parseCaseInsensitive()
      .append(DateTimeFormatter.ISO_LOCAL_DATE_TIME)
      .appendPattern("[' '][XXX][XX][X]")
      .parseDefaulting(ChronoField.OFFSET_SECONDS, 0)
      .toFormatter(Locale.ROOT);

  private static final String UTC = " UTC";

  /** How long a date is. */
  private static final int DATE = 10;

  private LogTime() {}

  /**
   * A time as RFC 3339 writes it, of UTC where it has no zone, or as seconds, milliseconds, microseconds or nanoseconds since 1970, by its
   * size; empty if it is neither.
   */
  static Optional<Instant> of(String text) {
    char last = text.charAt(text.length() - 1);
    if (last >= '0' && last <= '9' && text.indexOf('-', 1) < 0 && text.indexOf(':') < 0) {
      return since1970(text);
    }
    try {
      return Optional.of(Instant.parse(text));
    } catch (DateTimeException none) {
      return written(text);
    }
  }

  private static Optional<Instant> written(String text) {
    String plain = text.endsWith(UTC) ? text.substring(0, text.length() - UTC.length()) : text;
    StringBuilder time = new StringBuilder(plain);
    if (time.length() > DATE && time.charAt(DATE) == ' ') {
      time.setCharAt(DATE, 'T');
    }
    try {
      TemporalAccessor read = WRITTEN.parse(time);
      return Optional.of(Instant.from(read));
    } catch (DateTimeException none) {
      return Optional.empty();
    }
  }

  private static Optional<Instant> since1970(String text) {
    int point = text.indexOf('.');
    String whole = point < 0 ? text : text.substring(0, point);
    if (whole.isEmpty()
        || !LogText.isDigits(whole)
        || !LogText.isDigits(text.substring(point + 1))) {
      return Optional.empty();
    }
    try {
      long number = Long.parseLong(whole);
      int digits = Long.toString(number).length();
      return Optional.of(
          digits <= 11
              ? Instant.ofEpochSecond(number)
              : digits <= 14
                  ? Instant.ofEpochMilli(number)
                  : digits <= 17
                      ? Instant.ofEpochSecond(number / 1_000_000, number % 1_000_000 * 1_000)
                      : Instant.ofEpochSecond(number / 1_000_000_000, number % 1_000_000_000));
    } catch (NumberFormatException | DateTimeException none) {
      return Optional.empty();
    }
  }
}
