package dev.postern.traffic.format;

import dev.postern.net.Address;
import dev.postern.net.Protocol;
import dev.postern.traffic.UnreadableEntry;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;

/** What the texts of logs mean, whatever the format. */
final class LogText {

  private LogText() {}

  /**
   * An address.
   *
   * @throws UnreadableEntry if it is none
   */
  static Address address(String text) throws UnreadableEntry {
    try {
      return Address.parse(text);
    } catch (IllegalArgumentException problem) {
      throw new UnreadableEntry("`" + text + "` is no address");
    }
  }

  /** An address, where an empty text and a dash mean that it is not said. */
  static Optional<Address> addressIfSaid(String text) throws UnreadableEntry {
    return isSaid(text) ? Optional.of(address(text)) : Optional.empty();
  }

  /** Whether a field has a value: logs of columns have a dash where there is none. */
  static boolean isSaid(String text) {
    return !text.isEmpty() && !text.equals("-");
  }

  /**
   * A destination port.
   *
   * @param field what the log calls it
   * @return 0 for a protocol without ports
   * @throws UnreadableEntry if it is no port
   */
  static int port(Protocol protocol, String text, String field) throws UnreadableEntry {
    if (!protocol.hasPorts()) {
      return 0;
    }
    int port = sourcePort(text);
    if (port == 0) {
      throw new UnreadableEntry("the flow has no " + field + " between 1 and 65535");
    }
    return port;
  }

  /** A source port; 0 if it is none, which is no reason to reject a record. */
  static int sourcePort(String text) {
    if (!isSaid(text)) {
      return 0;
    }
    try {
      int port = Integer.parseInt(text);
      return port < 0 || port > 65535 ? 0 : port;
    } catch (NumberFormatException none) {
      return 0;
    }
  }

  /** A count; 0 if it is not said, and {@link Long#MAX_VALUE} if it is more. */
  static long number(String text) {
    // Of most records of some formats it is not said, and an exception takes longer than all else
    // that is read.
    if (!isSaid(text)) {
      return 0;
    }
    try {
      return Math.max(0, Long.parseLong(text));
    } catch (NumberFormatException none) {
      return isDigits(text) ? Long.MAX_VALUE : 0;
    }
  }

  private static boolean isDigits(String text) {
    return text.chars().allMatch(each -> each >= '0' && each <= '9');
  }

  /**
   * A protocol by its name or its number of IANA.
   *
   * @throws UnreadableEntry if it is not said
   */
  static Protocol protocol(String text) throws UnreadableEntry {
    if (!isSaid(text)) {
      throw new UnreadableEntry("the flow has no protocol");
    }
    return switch (text.toLowerCase(Locale.ROOT)) {
      case "tcp", "tcp6", "6", "t" -> Protocol.TCP;
      case "udp", "udp6", "17", "u" -> Protocol.UDP;
      case "sctp", "sctp6", "132" -> Protocol.SCTP;
      default -> Protocol.OTHER;
    };
  }

  /** A time as RFC 3339 writes it, or as seconds, milliseconds, microseconds or nanoseconds since 1970, by its size; empty if it is neither. */
  static Optional<Instant> time(String text) {
    if (!isSaid(text)) {
      return Optional.empty();
    }
    char last = text.charAt(text.length() - 1);
    if (last >= '0' && last <= '9' && text.indexOf('-', 1) < 0 && text.indexOf(':') < 0) {
      return since1970(text);
    }
    try {
      return Optional.of(Instant.parse(text));
    } catch (DateTimeException none) {
      return Optional.empty();
    }
  }

  private static Optional<Instant> since1970(String text) {
    int point = text.indexOf('.');
    if (point >= 0 && !isDigits(text.substring(point + 1))) {
      return Optional.empty();
    }
    try {
      long number = Long.parseLong(point < 0 ? text : text.substring(0, point));
      int digits = Long.toString(Math.abs(number)).length();
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
