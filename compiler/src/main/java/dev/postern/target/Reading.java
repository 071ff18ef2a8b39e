package dev.postern.target;

import dev.postern.diagnostic.Origin;
import dev.postern.enforced.Contract;
import dev.postern.enforced.EnforcedRules;
import java.util.List;

/**
 * What a {@link Reader} made of its dumps.
 *
 * @param rules the rules; what was not understood is in them as unknown
 * @param contract what the target promises
 * @param problems what is wrong with the dumps themselves; with any, nothing is proved
 */
public record Reading(EnforcedRules rules, Contract contract, List<Problem> problems) {

  /** A place in a dump, and what is wrong there. */
  public record Problem(Origin origin, String message) {}

  public Reading {
    problems = List.copyOf(problems);
  }
}
