package dev.postern.cli.console;

import dev.postern.diagnostic.Printable;

/** Text from outside in HTML: in an element or a quoted attribute. */
public final class Html {

  private Html() {}

  /** The text, as a page shows it. */
  public static String text(String text) {
    return Printable.line(text)
        .replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\"", "&quot;")
        .replace("'", "&#39;")
        .replace("##[", "##&#91;");
  }
}
