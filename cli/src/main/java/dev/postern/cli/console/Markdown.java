package dev.postern.cli.console;

import dev.postern.diagnostic.Printable;
import java.util.regex.Pattern;

/**
 * Text from outside in Markdown as GitHub and GitLab read it: in a paragraph, a list or the cell of a table. Code spans stay, since messages
 * quote in them; all else shows as it is: no link, image, mention, reference to an issue, emphasis or HTML comes of it.
 */
public final class Markdown {

  /** What Markdown gives a meaning, and lets a backslash take it from. */
  private static final String PUNCTUATION = "\\`*_{}[]<>&|~$^!";

  /** What hosts turn into mentions and references once Markdown is through; what an empty comment parts is none. */
  private static final String NOTHING = "<!-- -->";

  private static final Pattern EMOJI = Pattern.compile(":[0-9_+-]*[a-zA-Z][\\w+-]*:");

  private Markdown() {}

  /** One line of Markdown that shows the text. */
  public static String text(String text) {
    String line = Printable.line(text).replace('\t', ' ');
    StringBuilder markdown = new StringBuilder(line.length() + 16);
    int at = 0;
    while (at < line.length()) {
      int open = line.indexOf('`', at);
      int close = open < 0 ? -1 : line.indexOf('`', open + 1);
      if (close <= open + 1) {
        // No pair of backticks with something between them.
        plain(line.substring(at), markdown);
        break;
      }
      plain(line.substring(at, open), markdown);
      code(line.substring(open + 1, close), markdown);
      at = close + 1;
    }
    return markdown.toString();
  }

  /** In a span nothing has a meaning but a bar, which ends a cell, and a log's command: those and what stands around are written as entities. */
  private static void code(String text, StringBuilder markdown) {
    if (text.indexOf('|') < 0 && text.indexOf('\\') < 0 && !text.contains("##[")) {
      markdown.append('`').append(text).append('`');
      return;
    }
    markdown.append("<code>");
    text.codePoints().forEach(point -> {
      if (Character.isLetterOrDigit(point) || point == ' ' || point > 0x7E) {
        markdown.appendCodePoint(point);
      } else {
        markdown.append("&#").append(point).append(';');
      }
    });
    markdown.append("</code>");
  }

  private static void plain(String text, StringBuilder markdown) {
    for (int i = 0; i < text.length(); i++) {
      char unit = text.charAt(i);
      char next = i + 1 < text.length() ? text.charAt(i + 1) : ' ';
      boolean after = i > 0 && Character.isLetterOrDigit(text.charAt(i - 1));
      if (PUNCTUATION.indexOf(unit) >= 0) {
        markdown.append('\\').append(unit);
      } else if ((unit == '@' || unit == '#') && Character.isLetterOrDigit(next)) {
        markdown.append(unit).append(NOTHING);
      } else if (unit == ':'
          && (text.startsWith("://", i)
              || EMOJI.matcher(text).region(i, text.length()).lookingAt())) {
        markdown.append(unit).append(NOTHING);
      } else if (unit == '.' && after && text.regionMatches(true, i - 3, "www", 0, 3)) {
        markdown.append(unit).append(NOTHING);
      } else {
        markdown.append(unit);
      }
    }
  }
}
