package dev.postern.cli.console;

import dev.postern.diagnostic.Printable;

/** Text from outside in Graphviz' language. */
public final class Dot {

  private Dot() {}

  /** A quoted string, which shows the text. */
  public static String quoted(String text) {
    String quoted = Printable.line(text).replace("\\", "\\\\").replace("\"", "\\\"");
    // What a backslash stands before is itself; without it, GitHub's runners would see a command.
    return '"' + quoted.replace("##[", "##\\[") + '"';
  }
}
