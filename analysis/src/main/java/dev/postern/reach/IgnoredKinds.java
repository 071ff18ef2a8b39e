package dev.postern.reach;

import dev.postern.cluster.Cluster;
import dev.postern.cluster.UnreadPolicy;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Kinds of policies that are not read, of which a user says that they do not matter.
 *
 * @param kinds as {@code CiliumNetworkPolicy} or {@code NetworkPolicy.projectcalico.org}, in any case; {@code all}: all that are not read
 */
public record IgnoredKinds(List<String> kinds) {

  private static final String ALL = "all";

  public IgnoredKinds {
    kinds = List.copyOf(kinds);
  }

  /** A cluster in which they do not matter. */
  public Cluster on(Cluster cluster) {
    if (kinds.isEmpty()) {
      return cluster;
    }
    Set<String> names = kinds.stream()
        .map(each -> each.strip().toLowerCase(Locale.ROOT))
        .collect(Collectors.toSet());
    return cluster.withUnread(cluster.unread().stream()
        .map(policy -> isOneOf(policy, names) ? policy.ignored() : policy)
        .toList());
  }

  private static boolean isOneOf(UnreadPolicy policy, Set<String> names) {
    String kind = policy.kind().toLowerCase(Locale.ROOT);
    return isOfKind(policy)
        && (names.contains(ALL)
            || names.contains(kind + "." + policy.group())
            || (names.contains(kind) && NotRead.kind(policy).equals(policy.kind())));
  }

  /** Whether a policy is not read because of its kind: one that is left out for an error is no matter of kinds. */
  public static boolean isOfKind(UnreadPolicy policy) {
    return switch (policy.cause()) {
      case KIND, NETWORK, UNSEEN -> true;
      case ERROR, PARAMETERS, STAGED, IGNORED -> false;
    };
  }
}
