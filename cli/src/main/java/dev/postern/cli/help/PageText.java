package dev.postern.cli.help;

import dev.postern.cli.console.Console;
import dev.postern.cli.console.Emphasis;
import dev.postern.diagnostic.Printable;
import java.util.List;
import java.util.OptionalInt;

/** A page in Markdown on a terminal: as it is written, its lines broken where the width is known, with bold headings where there is colour. */
public final class PageText {

  private PageText() {}

  /** Prints a page. */
  public static void write(String page, Console console) {
    OptionalInt columns = console.columns();
    List<String> lines = columns.isPresent()
        ? Prose.lines(page.strip(), columns.getAsInt())
        : page.strip().lines().toList();
    boolean inCode = false;
    for (String line : lines) {
      inCode ^= line.startsWith("```");
      boolean heading = console.coloured() && !inCode && line.matches("#{1,6} .*");
      String text = Printable.line(line);
      console.out().raw(heading ? Emphasis.BOLD.of(text) : text);
    }
  }
}
