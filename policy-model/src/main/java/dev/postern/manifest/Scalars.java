package dev.postern.manifest;

import dev.postern.manifest.ScalarNode.Kind;
import java.math.BigDecimal;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What a plain YAML scalar means to Kubernetes: YAML 1.1 as go-yaml v2 resolves it, which sigs.k8s.io/yaml and so kubectl and the API
 * server use. {@code on}, {@code y} and {@code No} are booleans, {@code 0777} is octal, {@code 1_000} a number, a date a string.
 */
final class Scalars {

  private Scalars() {}

  /** The kind of a plain scalar. */
  static Kind kind(String text) {
    if (text.isEmpty()) {
      return Kind.NULL;
    }
    char first = text.charAt(0);
    if ((first >= '0' && first <= '9') || first == '-' || first == '+') {
      return number(text);
    }
    return switch (first) {
      case '.' -> word(text) == Kind.FLOAT || isFloat(text) ? Kind.FLOAT : Kind.STRING;
      case 'y', 'Y', 'n', 'N', 't', 'T', 'f', 'F', 'o', 'O', '~' -> word(text);
      default -> Kind.STRING;
    };
  }

  private static Kind word(String text) {
    return switch (text) {
      case "y", "Y", "yes", "Yes", "YES", "true", "True", "TRUE", "on", "On", "ON" -> Kind.BOOLEAN;
      case "n", "N", "no", "No", "NO", "false", "False", "FALSE", "off", "Off", "OFF" ->
        Kind.BOOLEAN;
      case "~", "null", "Null", "NULL" -> Kind.NULL;
      case ".nan", ".NaN", ".NAN", ".inf", ".Inf", ".INF" -> Kind.FLOAT;
      case "+.inf", "+.Inf", "+.INF", "-.inf", "-.Inf", "-.INF" -> Kind.FLOAT;
      default -> Kind.STRING;
    };
  }

  private static Kind number(String text) {
    if (text.length() == 1 && (text.charAt(0) == '-' || text.charAt(0) == '+')) {
      return Kind.STRING;
    }
    if (word(text) == Kind.FLOAT) {
      return Kind.FLOAT;
    }
    String plain = plain(text);
    return isInteger(plain) ? Kind.INTEGER : isFloat(plain) ? Kind.FLOAT : Kind.STRING;
  }

  private static String plain(String text) {
    return text.indexOf('_') < 0 ? text : text.replace("_", "");
  }

  /** Whether Go's ParseInt or ParseUint with base 0 takes it; a magnitude that 64 bits cannot hold is left to the float rule. */
  private static boolean isInteger(String text) {
    int start = start(text);
    int base = base(text, start);
    int from = start + prefix(text, start);
    if (from >= text.length()) {
      return false;
    }
    for (int i = from; i < text.length(); i++) {
      if (Character.digit(text.charAt(i), base) < 0 || text.charAt(i) > 'f') {
        return false;
      }
    }
    if ((text.length() - from) * (base == 16 ? 4 : base == 8 ? 3 : base == 2 ? 1 : 3.33) < 60) {
      return true;
    }
    try {
      if (text.charAt(0) == '-') {
        Long.parseLong("-" + text.substring(from), base);
      } else if (start == 1) {
        Long.parseLong(text.substring(from), base);
      } else {
        Long.parseUnsignedLong(text.substring(from), base);
      }
      return true;
    } catch (NumberFormatException e) {
      return false;
    }
  }

  private static int start(String text) {
    return text.charAt(0) == '-' || text.charAt(0) == '+' ? 1 : 0;
  }

  private static int base(String text, int start) {
    if (start + 1 >= text.length() || text.charAt(start) != '0') {
      return 10;
    }
    return switch (text.charAt(start + 1)) {
      case 'x', 'X' -> 16;
      case 'b', 'B' -> 2;
      default -> 8;
    };
  }

  /** How many characters tell the base: none, {@code 0}, or {@code 0x} and its like. */
  private static int prefix(String text, int start) {
    if (start + 1 >= text.length() || text.charAt(start) != '0') {
      return 0;
    }
    return switch (text.charAt(start + 1)) {
      case 'x', 'X', 'b', 'B', 'o', 'O' -> 2;
      default -> 1;
    };
  }

  /** {@code [-+]?(.digits|digits[.digits])([eE][-+]?digits)?}. */
  private static boolean isFloat(String text) {
    int position = start(text);
    int whole = digits(text, position);
    position += whole;
    int fraction = 0;
    boolean point = position < text.length() && text.charAt(position) == '.';
    if (point) {
      fraction = digits(text, position + 1);
      position += 1 + fraction;
    }
    if (whole == 0 && fraction == 0) {
      return false;
    }
    if (position < text.length()
        && (text.charAt(position) == 'e' || text.charAt(position) == 'E')) {
      position++;
      if (position < text.length()
          && (text.charAt(position) == '-' || text.charAt(position) == '+')) {
        position++;
      }
      int exponent = digits(text, position);
      if (exponent == 0) {
        return false;
      }
      position += exponent;
    }
    return position == text.length();
  }

  private static int digits(String text, int from) {
    int position = from;
    while (position < text.length()
        && text.charAt(position) >= '0'
        && text.charAt(position) <= '9') {
      position++;
    }
    return position - from;
  }

  /** Whether a boolean's text means true. */
  static boolean isTrue(String text) {
    return switch (text.charAt(0)) {
      case 'y', 'Y', 't', 'T' -> true;
      case 'o', 'O' -> text.length() == 2;
      default -> false;
    };
  }

  /** The whole number that a scalar of kind INTEGER or FLOAT is (80.0 and 8e1 are 80 to the API), if it is one of 64 bits. */
  static OptionalLong integer(ScalarNode scalar) {
    String text = plain(scalar.text());
    try {
      if (scalar.kind() == Kind.INTEGER) {
        int start = start(text);
        String digits = text.substring(start + prefix(text, start));
        return OptionalLong.of(
            Long.parseLong(text.charAt(0) == '-' ? "-" + digits : digits, base(text, start)));
      }
      if (scalar.kind() == Kind.FLOAT && text.length() < 40) {
        BigDecimal value = new BigDecimal(text);
        // The exponent may be written so large that the digits would fill the memory.
        return Math.abs((long) value.scale()) > 40
            ? OptionalLong.empty()
            : OptionalLong.of(value.longValueExact());
      }
      return OptionalLong.empty();
    } catch (ArithmeticException | NumberFormatException e) {
      return OptionalLong.empty();
    }
  }

  /** A plain key as the string that JSON makes of it; empty for null, which is no key. */
  static Optional<String> key(String text) {
    Kind kind = kind(text);
    return switch (kind) {
      case STRING -> Optional.of(text);
      case NULL -> Optional.empty();
      case BOOLEAN -> Optional.of(isTrue(text) ? "true" : "false");
      case INTEGER, FLOAT -> {
        OptionalLong number = integer(new ScalarNode(text, kind, 0, 0));
        yield Optional.of(number.isPresent() ? Long.toString(number.getAsLong()) : text);
      }
    };
  }
}
