package dev.postern.netfilter.reader;

import dev.postern.diagnostic.Origin;
import dev.postern.enforced.EnforcedRules;
import java.util.List;
import java.util.Map;

/** A dump that is not what the tool prints. A rule that is merely not understood is no such error: it is read as unknown. */
public final class UnreadableDump extends RuntimeException {

  private static final long serialVersionUID = 1L;

  /** @param problem what is wrong, without the place */
  public UnreadableDump(Origin origin, String problem) {
    super(origin + ": error: " + problem);
  }

  /**
   * Rules that were read, unless their chains do not fit together: no kernel holds such rules.
   *
   * @throws UnreadableDump if a chain is missing, or leads back to itself
   */
  public static EnforcedRules orRules(
      String file, List<EnforcedRules.Stage> stages, Map<String, EnforcedRules.Chain> chains) {
    try {
      return new EnforcedRules(stages, chains);
    } catch (IllegalArgumentException problem) {
      throw new UnreadableDump(new Origin(file, 1, 1, ""), String.valueOf(problem.getMessage()));
    }
  }
}
