package dev.postern.diff;

import dev.postern.cluster.Cluster;
import dev.postern.cluster.UnreadPolicy;
import dev.postern.meaning.Undetermined;
import dev.postern.policy.Direction;
import dev.postern.policy.Policy;
import dev.postern.reach.NotRead;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** Why two clusters may differ in more than their policies, as far as they were understood, show. */
public final class UndecidedReason {

  private UndecidedReason() {}

  /** A sentence; empty if what was read is all that decides. */
  public static Optional<String> between(Cluster before, Cluster after) {
    List<UnreadPolicy> unread = Stream.concat(before.unread().stream(), after.unread().stream())
        .filter(UnreadPolicy::matters)
        .toList();
    if (!unread.isEmpty()) {
      Cluster more = before.unread().stream().noneMatch(UnreadPolicy::matters) ? after : before;
      return Optional.of(String.join("; ", NotRead.notes(more.unread())));
    }
    Set<Policy> changed = new LinkedHashSet<>();
    for (Direction direction : Direction.values()) {
      PolicyChanges changes = PolicyChanges.between(before.policies(), after.policies(), direction);
      changed.addAll(changes.removed());
      changed.addAll(changes.added());
    }
    return restsOnLabels(before, changed) || restsOnLabels(after, changed)
        ? Optional.of(
            "changed policies look at labels of namespaces that no manifest declares, and those are not known")
        : Optional.empty();
  }

  private static boolean restsOnLabels(Cluster cluster, Set<Policy> changed) {
    Cluster only = cluster.withUnread(List.of()).withPolicies(changed);
    return !Undetermined.in(only).policies().equals(only.policies());
  }
}
