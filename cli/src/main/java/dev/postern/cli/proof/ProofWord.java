package dev.postern.cli.proof;

import dev.postern.cli.console.Emphasis;
import dev.postern.cli.console.Printer;
import dev.postern.prove.Proof;
import java.util.Locale;

/** The word that a person looks for first in a proof; in colour where text may be coloured. */
public final class ProofWord {

  private ProofWord() {}

  /** Prints it without a line break. */
  public static void write(Proof.Verdict verdict, Printer out) {
    Emphasis colour = switch (verdict) {
      case PROVED -> Emphasis.GREEN;
      case DIFFERS -> Emphasis.RED;
      case QUEUED, UNKNOWN -> Emphasis.YELLOW;
    };
    out.print(colour, verdict.name().toLowerCase(Locale.ROOT));
  }
}
