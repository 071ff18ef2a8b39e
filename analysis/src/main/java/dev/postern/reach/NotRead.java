package dev.postern.reach;

import dev.postern.cluster.Cluster;
import dev.postern.cluster.LeftOut;
import dev.postern.cluster.UnreadPolicy;
import dev.postern.cluster.UnreadPolicy.Cause;
import dev.postern.diagnostic.ShortList;
import dev.postern.policy.PolicyKind;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** What an answer says of the policies that are there and were not understood: their kinds, how many, and what follows. */
public final class NotRead {

  /** So many policies with errors are named one by one. */
  private static final int NAMED = 3;

  private NotRead() {}

  /** One sentence for each thing that was written and was not understood: policies, and objects that make pods. */
  public static List<String> notes(Cluster cluster) {
    List<String> notes = new ArrayList<>(notes(cluster.unread()));
    for (LeftOut.Cause cause : List.of(LeftOut.Cause.KIND, LeftOut.Cause.TEMPLATE)) {
      List<LeftOut> some =
          cluster.leftOut().stream().filter(each -> each.cause() == cause).toList();
      if (!some.isEmpty()) {
        notes.add((cause == LeftOut.Cause.KIND
                ? "pods that these make are not known, since their kind is not read: "
                : "pods that these make are not known, since their template is not among the manifests: ")
            + first(some));
      }
    }
    return notes;
  }

  /** What is wrong in itself and no policy, such as a pod without a name; empty if there is none. */
  public static Optional<String> errors(Cluster cluster) {
    List<LeftOut> some = cluster.leftOut().stream()
        .filter(each -> each.cause() == LeftOut.Cause.ERROR && !each.isPolicy())
        .toList();
    return some.isEmpty()
        ? Optional.empty()
        : Optional.of("left out for errors: " + first(some) + "; nothing is said of them");
  }

  private static String first(List<LeftOut> some) {
    return some.stream()
        .map(each -> each + " (" + each.origin() + ")")
        .collect(ShortList.ofFirst(NAMED));
  }

  /** One sentence for each cause that occurs. */
  public static List<String> notes(List<UnreadPolicy> unread) {
    List<String> notes = new ArrayList<>();
    for (Cause cause : Cause.values()) {
      List<UnreadPolicy> some = unread.stream().filter(p -> p.cause() == cause).toList();
      if (!some.isEmpty()) {
        notes.add(note(cause, some));
      }
    }
    return notes;
  }

  private static String note(Cause cause, List<UnreadPolicy> some) {
    return switch (cause) {
      case KIND ->
        "not read: " + counted(some) + "; what passes for pods that they could select is unknown";
      case NETWORK ->
        "namespaces are on primary networks of their own by " + counted(some)
            + "; pods of other networks do not reach them, and what nodes, pods on the host network and name servers exchange with them is judged by policies only or unknown";
      case ERROR ->
        "left out for errors: " + named(some)
            + "; what passes for pods that they could select is unknown";
      case PARAMETERS ->
        "not read for open parameters: " + named(some)
            + "; what passes for pods that they could select is unknown";
      case UNSEEN ->
        "the cluster did not show: "
            + some.stream().map(NotRead::kind).distinct().sorted().collect(Collectors.joining(", "))
            + "; there may be such policies, and what passes for any pod is unknown";
      case STAGED -> "not read, since it enforces nothing: " + counted(some);
      case IGNORED -> "not read and ignored as asked: " + counted(some);
    };
  }

  /** {@code 2 CiliumNetworkPolicy, 1 NetworkPolicy.projectcalico.org}. */
  private static String counted(List<UnreadPolicy> some) {
    Map<String, Integer> counts = new TreeMap<>();
    some.forEach(policy -> counts.merge(kind(policy), 1, Integer::sum));
    return counts.entrySet().stream()
        .map(entry -> entry.getValue() + " " + entry.getKey())
        .collect(Collectors.joining(", "));
  }

  /** The kind, with its group where a kind that is read has the same name. */
  public static String kind(UnreadPolicy policy) {
    boolean ambiguous = policy.kind().equals("*")
        || Arrays.stream(PolicyKind.values()).anyMatch(kind -> kind.kind().equals(policy.kind()));
    return ambiguous
            && policy.cause() != Cause.ERROR
            && policy.cause() != Cause.PARAMETERS
            && !policy.group().isEmpty()
        ? policy.kind() + "." + policy.group()
        : policy.kind();
  }

  private static String named(List<UnreadPolicy> some) {
    return some.stream().map(NotRead::placed).collect(ShortList.ofFirst(NAMED));
  }

  private static String placed(UnreadPolicy policy) {
    String place = policy.origin().toString();
    return policy + (place.isEmpty() ? "" : " (" + place + ")");
  }

  /** {@code namespaces a, b}, the first of them. */
  public static String namespaces(List<String> names) {
    return (names.size() == 1 ? "namespace " : "namespaces ")
        + names.stream().collect(ShortList.ofFirst(NAMED));
  }

  /** What one of them is, for a sentence that depends on it. */
  public static String words(UnreadPolicy policy) {
    return switch (policy.cause()) {
      case ERROR -> placed(policy) + ", which is left out for its error";
      case PARAMETERS -> placed(policy) + ", which has open parameters";
      case UNSEEN -> "policies of the kind " + kind(policy) + ", which the cluster did not show";
      case NETWORK -> placed(policy) + ", whose pods reach some Services of other networks";
      case KIND, STAGED, IGNORED -> placed(policy) + ", a kind that Postern does not read";
    };
  }
}
