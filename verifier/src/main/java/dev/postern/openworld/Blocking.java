package dev.postern.openworld;

import dev.postern.meaning.Flow;
import dev.postern.policy.Policy;
import java.util.List;

/**
 * Why no flow could ever pass. Of a policy only what it denies counts here: what it allows stays, also where it denies no more.
 *
 * @param sets sets of policies, each of which blocks by itself, and no part of it does
 * @param openings sets of policies, if none of each of which denied, some flow could pass, and no part of them is enough; the smallest first
 * @param isComplete whether these are all
 */
public record Blocking(List<List<Policy>> sets, List<Opening> openings, boolean isComplete) {

  /**
   * Policies in the way.
   *
   * @param policies who would have to deny no more
   * @param flow a flow that could pass then, judged by the reference
   */
  public record Opening(List<Policy> policies, Flow flow) {
    public Opening {
      policies = List.copyOf(policies);
    }
  }

  public Blocking {
    sets = sets.stream().map(List::copyOf).toList();
    openings = List.copyOf(openings);
  }
}
