package dev.postern.cli.console;

/** When text is coloured, in the words of {@code --color}. */
public enum ColorChoice {
  /** On a terminal, as far as the environment does not say otherwise. */
  auto,
  /** Everywhere. */
  always,
  /** Nowhere. */
  never
}
