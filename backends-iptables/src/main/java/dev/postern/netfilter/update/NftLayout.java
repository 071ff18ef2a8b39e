package dev.postern.netfilter.update;

import dev.postern.diagnostic.Origin;
import dev.postern.netfilter.reader.UnreadableDump;
import java.util.regex.Pattern;

/**
 * The lines of a file for {@code nft -f} that nft is known to take: tables as {@code nft list ruleset} prints them, a line each for what a
 * table has, and one command a line. What rules and elements say is looked at elsewhere. Others may be right and are not known to be.
 */
final class NftLayout {

  /** None of nft's own words, which no name may be, has a capital or an underscore. */
  private static final String NAME =
      "(?:(?=[a-z0-9]*[A-Z_])[A-Za-z_][A-Za-z0-9_]{0,62}|[a-z]|postern|judge|refuse|(?:exempt|egress|ingress)[46]"
          + "|filter|nat|mangle|input|forward|output|prerouting|postrouting)";

  private static final String TABLE = "(?:ip|ip6|inet) " + NAME;
  private static final String WITHIN = TABLE + " " + NAME;

  private static final String HOOK =
      "type filter hook (?:prerouting|input|forward|output|postrouting) priority "
          + "(?:(?:raw|mangle|filter|security)(?: [+-] [1-9][0-9]?)?|0|-?[1-9][0-9]{0,8}); policy (?:accept|drop);";

  private static final String TYPE =
      "type (?:ipv4_addr|ipv6_addr|inet_service|inet_proto)(?: \\. (?:ipv4_addr|ipv6_addr|inet_service|inet_proto)){0,2}";

  private static final String ELEMENTS = "[^{},;\"]+(?:, [^{},;\"]+)*";

  private static final Pattern COMMAND = Pattern.compile("table " + TABLE
      + " \\{ ?}|(?:add|create|flush|delete) table " + TABLE
      + "|flush ruleset|(?:add|create) chain " + WITHIN
      + "(?: \\{ (?:" + HOOK + "|policy (?:accept|drop);) })?|(?:flush|delete) (?:chain|set|map) "
      + WITHIN + "|(?:add|create|delete) element " + WITHIN + " \\{ " + ELEMENTS
      + " }|(?:add|insert) rule " + WITHIN + " [^;{}]+(?:\\{ [^;{}]+ }[^;{}]*)*");

  private static final Pattern CHAIN_LINE =
      Pattern.compile(HOOK + "|[^;{}]+(?:\\{ [^;{}]+ }[^;{}]*)*");

  /** What a line may be followed by, and within what. */
  private enum Within {
    NOTHING,
    TABLE,
    CHAIN,
    SET,
    ELEMENTS
  }

  private Within within = Within.NOTHING;
  /** What elements are within. */
  private Within around = Within.NOTHING;

  private boolean map;
  /** How many of a set's lines there were, which have their order; of a list of elements whether it may end here or go on. */
  private int said;

  private boolean comma;

  private NftLayout() {}

  /** @throws UnreadableDump at the first line that nft is not known to take */
  static void require(String file, String text) {
    NftLayout layout = new NftLayout();
    int number = 0;
    for (String raw : text.split("\n", -1)) {
      number++;
      String line = raw.strip();
      boolean passes = line.isEmpty() && layout.within != Within.ELEMENTS || line.startsWith("#");
      if (line.contains("\\") || !passes && !layout.takes(line)) {
        throw refused(file, number, raw.length() - raw.stripLeading().length() + 1, line);
      }
    }
    if (layout.within != Within.NOTHING) {
      throw refused(file, number, 1, "");
    }
  }

  private static UnreadableDump refused(String file, int line, int column, String text) {
    return new UnreadableDump(
        new Origin(file, line, column, ""),
        (text.isEmpty() ? "what ends here" : "`" + text + "`")
            + " is nothing that we know `nft` to take (hint: what `nft list ruleset` prints, and a command a line, is)");
  }

  private boolean takes(String line) {
    if (line.contains("  ") || line.contains("\t")) {
      return false;
    }
    return switch (within) {
      case NOTHING -> command(line);
      case TABLE -> part(line);
      case CHAIN -> chain(line);
      case SET -> set(line);
      case ELEMENTS -> elements(line);
    };
  }

  private boolean enter(Within next) {
    within = next;
    said = 0;
    return true;
  }

  private boolean open(Within from) {
    around = from;
    within = Within.ELEMENTS;
    comma = true;
    said = 0;
    return true;
  }

  private boolean command(String line) {
    if (line.matches("table " + TABLE + " \\{")) {
      return enter(Within.TABLE);
    }
    if (line.matches("(?:add|create|delete) element " + WITHIN + " \\{")) {
      return open(Within.NOTHING);
    }
    return COMMAND.matcher(line).matches();
  }

  private boolean part(String line) {
    if (line.equals("}")) {
      return enter(Within.NOTHING);
    }
    if (line.matches("chain " + NAME + " \\{")) {
      return enter(Within.CHAIN);
    }
    map = line.startsWith("map ");
    return line.matches("(?:set|map) " + NAME + " \\{") && enter(Within.SET);
  }

  private boolean chain(String line) {
    if (line.equals("}")) {
      return enter(Within.TABLE);
    }
    boolean first = said == 0;
    said++;
    return CHAIN_LINE.matcher(line).matches() && (first || !line.startsWith("type "));
  }

  private boolean set(String line) {
    if (line.equals("}")) {
      return said > 0 && enter(Within.TABLE);
    }
    if (said == 0) {
      said = 1;
      return line.matches(TYPE + (map ? " : verdict" : ""));
    }
    if (said == 1 && line.equals("flags interval")) {
      said = 2;
      return true;
    }
    if (said > 2 || !line.startsWith("elements = {")) {
      return false;
    }
    if (line.matches("elements = \\{ " + ELEMENTS + " }")) {
      said = 3;
      return true;
    }
    String first = line.substring(12).strip();
    open(Within.SET);
    return first.isEmpty() || elements(first);
  }

  /** A line of elements; but for the last one it ends with a comma. */
  private boolean elements(String line) {
    boolean ends = line.endsWith("}");
    String members = ends ? line.substring(0, line.length() - 1).strip() : line;
    boolean goesOn = members.endsWith(",");
    boolean right = members.isEmpty()
        ? ends && said > 0
        : comma
            && members.matches(ELEMENTS + ",?")
            && (members.length() == line.length() || line.endsWith(" }"));
    comma = goesOn;
    said++;
    if (ends) {
      within = around;
      said = 3;
    }
    return right;
  }
}
