package dev.postern.diff;

import dev.postern.policy.Policy;
import java.util.List;

/**
 * A planned version of a cluster that differs from the one in question in a few policies.
 *
 * @param cluster what is planned
 * @param since policies that only one of the two has
 */
public record PlannedEarlier(PlannedCluster cluster, List<Policy> since) {
  public PlannedEarlier {
    since = List.copyOf(since);
  }
}
