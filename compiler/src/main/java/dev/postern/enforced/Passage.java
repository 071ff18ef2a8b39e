package dev.postern.enforced;

import dev.postern.diagnostic.Origin;
import java.util.List;

/**
 * What becomes of a packet, and which rules it met on its way.
 *
 * @param fate what becomes of it
 * @param hits the rules that acted on it, in order; of several ways that it may go, those of the first
 */
public record Passage(Fate fate, List<Hit> hits) {

  public Passage {
    hits = List.copyOf(hits);
  }

  /** What becomes of a packet. */
  public enum Fate {
    ACCEPT,
    DROP,
    /** A program in user space decides, to which the rules hand it. */
    QUEUED,
    /** It depends on a rule that the reader did not understand. */
    UNKNOWN
  }

  /**
   * A rule that acted.
   *
   * @param stage the stage
   * @param chain the chain
   * @param text the rule as the node prints it, or what the stage does with a packet that no rule decides
   * @param origin where the rule was read from
   * @param understood whether it is known that, and how, it acted
   */
  public record Hit(String stage, String chain, String text, Origin origin, boolean understood) {

    @Override
    public String toString() {
      return stage + " " + chain + ": " + text + (understood ? "" : " (not understood)");
    }
  }
}
