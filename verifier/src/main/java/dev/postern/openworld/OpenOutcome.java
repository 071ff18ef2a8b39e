package dev.postern.openworld;

import dev.postern.cluster.Cluster;
import dev.postern.meaning.Judgement;
import dev.postern.policy.Policy;
import java.util.List;

/** What an open-world question comes to. */
public sealed interface OpenOutcome {

  /**
   * Proved: no such flow, whoever comes.
   *
   * @param because policies that together block it, none of which could be left out: if any one of them did not deny, and no other policy did, some flow
   *     could pass; of each only what it denies counts
   */
  record Never(List<Policy> because) implements OpenOutcome {
    public Never {
      because = List.copyOf(because);
    }
  }

  /**
   * There is one.
   *
   * @param judgement the flow, judged by the reference in {@code cluster}; allowed, or unknown where it passes by a DNS name only
   * @param cluster the cluster with the pods that the flow needs
   * @param existing whether all of them are there already
   */
  record Possible(Judgement judgement, Cluster cluster, boolean existing) implements OpenOutcome {}

  /** Not decided; never to be read as a no. */
  record Undecided(String reason) implements OpenOutcome {}
}
