package dev.postern.netfilter.update;

import dev.postern.diagnostic.Origin;
import dev.postern.netfilter.reader.UnreadableDump;

/** The characters of commands: those that the tools print. What they make of others differs from tool to tool. */
final class AddedText {

  private AddedText() {}

  /**
   * Whether all characters are ones that tools print.
   *
   * @throws UnreadableDump where one is not, or the last line has no end
   */
  static void require(String file, String text) {
    int line = 1;
    int begins = 0;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '\n') {
        line++;
        begins = i + 1;
      } else if (c != '\t' && (c < ' ' || c > '~')) {
        throw new UnreadableDump(
            new Origin(file, line, i - begins + 1, ""),
            String.format(
                "a character (U+%04X) of which it is not known what the tools make of it",
                (int) c));
      }
    }
    if (begins < text.length()) {
      throw new UnreadableDump(
          new Origin(file, line, text.length() - begins + 1, ""), "the last line has no end");
    }
  }
}
