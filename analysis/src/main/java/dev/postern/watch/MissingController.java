package dev.postern.watch;

import dev.postern.manifest.ClusterState;
import dev.postern.reach.Connectivity;
import java.util.Optional;

/** Whether ways in lead through an ingress controller that is not among the pods; found when first asked for. Safe for use by many threads. */
final class MissingController {

  private final ClusterState state;
  private Optional<Boolean> missing = Optional.empty();

  MissingController(ClusterState state) {
    this.state = state;
  }

  synchronized boolean isMissing() {
    boolean found = missing.orElseGet(() -> state.hasEntrances()
        && state.inhabited().stream()
            .flatMap(namespace -> state.workloads(namespace).stream())
            .noneMatch(Connectivity::isController));
    missing = Optional.of(found);
    return found;
  }
}
