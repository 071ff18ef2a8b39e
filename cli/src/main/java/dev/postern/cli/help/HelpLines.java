package dev.postern.cli.help;

import java.util.HashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import picocli.CommandLine;
import picocli.CommandLine.IHelpSectionRenderer;
import picocli.CommandLine.Model.UsageMessageSpec;

/**
 * The lines of help, broken between words and nowhere else. Where picocli breaks lines itself it also does so inside file names, ranges of addresses and
 * the options of a synopsis.
 */
public final class HelpLines {

  /** How many columns help has where nobody knows the terminal's. */
  public static final int UNKNOWN_WIDTH = 80;

  /** So many columns that picocli breaks nothing. */
  private static final int UNBROKEN = 9_999;

  /** Where what an option does begins if it has no place beside the option. */
  private static final int BELOW = 10;

  private static final Pattern SYNOPSIS = Pattern.compile("Usage: (?:[a-z]+ )+");
  private static final Pattern EXAMPLE = Pattern.compile("  postern ");

  /** What stands before a description: an option, a command, an exit status. */
  private static final Pattern NAME = Pattern.compile(" *(?:\\S+ )*\\S+ {2,}(?=\\S)");

  private static final Pattern WORD = Pattern.compile("( *)(\\S+)");
  private static final Pattern COLOUR = Pattern.compile("\u001b\\[[0-9;]*m");

  private HelpLines() {}

  /**
   * Lets all help of a command and of those below it fit.
   *
   * @param columns how many characters a line has, where its words allow that
   */
  public static void fit(CommandLine root, int columns) {
    root.setUsageHelpWidth(UNBROKEN);
    Map<String, IHelpSectionRenderer> sections = new HashMap<>();
    root.getHelpSectionMap()
        .forEach(
            (name, section) -> sections.put(name, help -> fitted(section.render(help), columns)));
    sections.put(UsageMessageSpec.SECTION_KEY_SYNOPSIS_HEADING, help -> "");
    sections.put(
        UsageMessageSpec.SECTION_KEY_SYNOPSIS,
        help ->
            fitted(help.synopsisHeading() + help.synopsis(help.synopsisHeadingLength()), columns));
    root.setHelpSectionMap(sections);
  }

  /** Lines of help, of which those that are too long go on below. An example that does so still is one command to a shell. */
  public static String fitted(String text, int columns) {
    String fitted = text.lines().map(line -> line(line, columns)).collect(Collectors.joining("\n"));
    return text.endsWith("\n") ? fitted + "\n" : fitted;
  }

  private static String line(String line, int columns) {
    String plain = plain(line);
    boolean example = EXAMPLE.matcher(plain).lookingAt();
    int beginning = example ? 6 : beginning(plain);
    boolean beside = beginning <= columns / 2;
    if (plain.length() <= columns) {
      return line;
    }
    int indent = beside ? beginning : Math.min(beginning, BELOW);
    int room = example ? columns - 2 : columns;
    StringBuilder all = new StringBuilder();
    int at = 0;
    int column = 0;
    Matcher words = WORD.matcher(line);
    while (words.find()) {
      int gap = words.group(1).length();
      int length = plain(words.group(2)).length();
      boolean description = !beside && at < beginning && at + gap >= beginning;
      if (column == 0 && gap > 0 && description) {
        gap = indent;
      } else if (column > 0 && (description || column + gap + length > room)) {
        all.append(example ? " \\\n" : "\n");
        column = 0;
        gap = Math.max(0, Math.min(indent, room - length));
      }
      all.append(" ".repeat(gap)).append(words.group(2));
      at += words.group(1).length() + length;
      column += gap + length;
    }
    return all.toString();
  }

  /** Where a line goes on below: under what it says, beside what it is about. */
  private static int beginning(String plain) {
    Matcher synopsis = SYNOPSIS.matcher(plain);
    if (synopsis.lookingAt()) {
      return synopsis.end();
    }
    Matcher name = NAME.matcher(plain);
    return name.lookingAt() ? name.end() : plain.length() - plain.stripLeading().length();
  }

  private static String plain(String text) {
    return COLOUR.matcher(text).replaceAll("");
  }
}
