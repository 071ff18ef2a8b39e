package dev.postern.nftables.reader;

import dev.postern.netfilter.reader.TcpFlags;
import java.util.Locale;
import java.util.Optional;
import java.util.function.IntPredicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Which flags of TCP a match asks for (nft(8), bitmask type): in the words of any release of nft, of its JSON, or of who writes a ruleset. */
final class FlagsMatch {

  private static final int ALL = 255;

  private static final String LIST = "[a-z0-9|(), -]+?";

  /** {@code / mask} comes after a value, {@code & mask} before an operator. */
  private static final Pattern MATCH = Pattern.compile("tcp flags (?:& (?<before>" + LIST + ") )?"
      + "(?:(?<operator>==|!=|<=|>=|<|>|!) )?"
      + "(?:\\{ ?(?<set>" + LIST + ") ?}|(?<value>" + LIST + ")(?: / (?<after>" + LIST + "))?)");

  private FlagsMatch() {}

  /** The values of the field that match; empty if the text is no such match. */
  static Optional<IntPredicate> read(String text) {
    Matcher parts = MATCH.matcher(text);
    try {
      return parts.matches() ? Optional.of(read(parts)) : Optional.empty();
    } catch (IllegalArgumentException otherWords) {
      return Optional.empty();
    }
  }

  private static IntPredicate read(Matcher parts) {
    String operator = Optional.ofNullable(parts.group("operator")).orElse("");
    boolean masked = parts.group("before") != null || parts.group("after") != null;
    if (parts.group("before") != null && parts.group("after") != null) {
      throw new IllegalArgumentException("two masks");
    }
    int mask = ALL;
    if (masked) {
      mask = bits(parts.group(parts.group("before") == null ? "after" : "before"));
    }
    IntPredicate matches =
        parts.group("set") != null ? oneOf(operator, parts) : value(operator, masked, parts);
    int looked = mask;
    return flags -> matches.test(flags & looked);
  }

  private static IntPredicate oneOf(String operator, Matcher parts) {
    IntPredicate any = flags -> false;
    for (String element : parts.group("set").split(",", -1)) {
      any = any.or(range(element.strip()));
    }
    return switch (operator) {
      case "", "==" -> any;
      case "!=" -> any.negate();
      default -> throw new IllegalArgumentException("an order of sets");
    };
  }

  /** A value that is compared with no operator is some flags, any of which is set; but a mask says which are set and which are not. */
  private static IntPredicate value(String operator, boolean masked, Matcher parts) {
    String text = parts.group("value");
    if (text.contains("-")) {
      return switch (operator) {
        case "", "==" -> range(text);
        case "!=" -> range(text).negate();
        default -> throw new IllegalArgumentException("an order of ranges");
      };
    }
    int value = bits(text);
    return switch (operator) {
      case "" -> flags -> masked ? flags == value : (flags & value) != 0;
      case "==" -> flags -> flags == value;
      case "!=" -> flags -> flags != value;
      case "!" -> flags -> (flags & value) == 0;
      case "<" -> flags -> flags < value;
      case "<=" -> flags -> flags <= value;
      case ">" -> flags -> flags > value;
      default -> flags -> flags >= value;
    };
  }

  private static IntPredicate range(String text) {
    String[] bounds = text.split("-", 2);
    int first = bits(bounds[0]);
    int last = bits(bounds[bounds.length - 1]);
    return flags -> first <= flags && flags <= last;
  }

  /** {@code fin,syn}, {@code (fin | syn)}, {@code fin|syn}, {@code 0x3} or {@code 3}. */
  private static int bits(String list) {
    String plain = list.strip();
    if (plain.startsWith("(") && plain.endsWith(")")) {
      plain = plain.substring(1, plain.length() - 1);
    }
    int bits = 0;
    for (String word : plain.toLowerCase(Locale.ROOT).split("[,|]", -1)) {
      String name = word.strip();
      bits |=
          name.matches("0x[0-9a-f]{1,2}|[0-9]{1,3}") ? Integer.decode(name) : TcpFlags.flag(name);
    }
    if (bits > ALL) {
      throw new IllegalArgumentException("flags " + list);
    }
    return bits;
  }
}
