package dev.postern.suggestion;

import dev.postern.cluster.Workload;
import dev.postern.net.AddressSet;
import dev.postern.net.Traffic;
import dev.postern.policy.Direction;
import java.util.List;

/**
 * What the options allow on the ground of what was seen, by workloads and addresses and without selectors: what a proof holds the suggested
 * policies against.
 *
 * @param subjects the workloads at which it is allowed
 * @param direction the side of the subjects
 * @param peers the workloads at the other end
 * @param addresses the addresses outside at the other end
 * @param traffic on what
 */
public record Grant(
    List<Workload> subjects,
    Direction direction,
    List<Workload> peers,
    AddressSet addresses,
    Traffic traffic) {
  public Grant {
    subjects = List.copyOf(subjects);
    peers = List.copyOf(peers);
  }
}
