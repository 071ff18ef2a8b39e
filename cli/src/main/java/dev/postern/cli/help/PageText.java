package dev.postern.cli.help;

import dev.postern.cli.console.Console;
import dev.postern.diagnostic.Printable;

/** A page in Markdown on a terminal: as it is written, with bold headings where there is colour. */
public final class PageText {

  private static final String BOLD = "\u001b[1m";
  private static final String PLAIN = "\u001b[0m";

  private PageText() {}

  /** Prints a page. */
  public static void write(String page, Console console) {
    if (!console.coloured()) {
      console.out().block(page.strip());
      return;
    }
    boolean inCode = false;
    for (String line : page.strip().split("\n", -1)) {
      inCode ^= line.startsWith("```");
      boolean heading = !inCode && line.matches("#{1,6} .*");
      String text = Printable.line(line);
      console.out().raw(heading ? BOLD + text + PLAIN : text);
    }
  }
}
