package dev.postern.cli.console;

/** How a word is set off where text is coloured: a code of ECMA-48, "Select Graphic Rendition". */
public enum Emphasis {
  GREEN("32"),
  RED("31"),
  YELLOW("33"),
  BOLD("1"),
  FAINT("2"),
  BOLD_RED("1;31"),
  BOLD_YELLOW("1;33"),
  BOLD_CYAN("1;36");

  private static final String PLAIN = "\u001b[0m";

  private final String begin;

  Emphasis(String code) {
    this.begin = "\u001b[" + code + "m";
  }

  /** A text set off, for {@link Printer#escaped}. */
  public String of(String text) {
    return begin + text + PLAIN;
  }
}
