package dev.postern.netfilter.update;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The lines that {@code ipset restore} is known to take: as {@code ipset save} prints them, of the types and options that are known here to
 * the last value. Others may be right and are not known to be.
 */
final class AddedMembers {

  private static final String NAME = "[A-Za-z_][A-Za-z0-9_.-]{0,30}";

  private static final String TYPE =
      "hash:(?:ip|net)(?:,port)? family inet6? hashsize (?<hashsize>[1-9][0-9]{1,6}) maxelem [1-9][0-9]{0,8}"
          + "(?: skbinfo)?(?: bucketsize (?:2|4|6|8|10|12|14))?(?: initval 0x[0-9a-f]{1,8})?";

  private static final Pattern OPTIONS = Pattern.compile(TYPE);

  private static final Pattern LINE = Pattern.compile("create " + NAME + " (?<type>.*)"
      + "|(?:add|del) " + NAME
      + " [0-9a-f.:/]+(?:,[a-z]+:[0-9]+)?(?<mark> skbmark 0x[0-9a-f]{1,8}/0x[0-9a-f]{1,8})?"
      + "|(?:flush|destroy) " + NAME
      + "|(?:swap|rename) (?<one>" + NAME + ") (?<other>" + NAME + ")");

  /** More buckets may not fit into memory. */
  private static final int MOST_BUCKETS = 1 << 21;

  private AddedMembers() {}

  /** Whether it is a line as {@code ipset save} prints it, or one that changes sets as a whole. */
  static boolean isLine(String line) {
    Matcher matcher = LINE.matcher(line);
    if (!matcher.matches()) {
      return false;
    }
    String type = matcher.group("type");
    boolean itself =
        matcher.group("one") != null && matcher.group("one").equals(matcher.group("other"));
    return !itself
        && (type == null || isType(type))
        && !(line.startsWith("del ") && matcher.group("mark") != null);
  }

  /** Where a line that is none stops being one, from 0. */
  static int refusedAt(String line) {
    Matcher matcher = LINE.matcher(line);
    if (!matcher.matches()) {
      return RefusedWord.offset(LINE, line);
    }
    String type = matcher.group("type");
    return type != null
        ? matcher.start("type") + RefusedWord.offset(OPTIONS, type)
        : matcher.group("mark") != null
            ? matcher.start("mark") + 1
            : Math.max(0, matcher.start("other"));
  }

  /** Whether a set of such a type takes members with nothing but a mark behind them. */
  static boolean isType(String type) {
    Matcher matcher = OPTIONS.matcher(type);
    return matcher.matches() && Integer.parseInt(matcher.group("hashsize")) <= MOST_BUCKETS;
  }

  /** Whether what stands behind a member is what such a set holds. */
  static boolean isBehind(String extras, String type) {
    return extras.isEmpty() || hasMarks(type);
  }

  /** Whether members of such a set have marks. */
  static boolean hasMarks(String type) {
    return List.of(type.split(" ")).contains("skbinfo");
  }
}
