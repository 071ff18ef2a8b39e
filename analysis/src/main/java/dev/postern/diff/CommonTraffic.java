package dev.postern.diff;

import dev.postern.cluster.Cluster;
import dev.postern.cluster.UnreadPolicy;
import dev.postern.meaning.Options;
import dev.postern.meaning.Undetermined;
import dev.postern.plan.Plan;
import dev.postern.reach.NotRead;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What one set of policies lets pass explicitly ({@link Relation}) and another lets pass, too: there is none if the other forbids all of it.
 * A pod's calls to itself, and the traffic of its own node, are not in it: no policy changes them.
 *
 * @param certain what passes in both for certain
 * @param possible what passes or may pass in both; contains what is certain
 * @param undecided why there may be more than the rows say, if not all that decides was understood
 */
public record CommonTraffic(
    List<Difference.DifferenceRow> certain,
    List<Difference.DifferenceRow> possible,
    Optional<String> undecided) {

  public CommonTraffic {
    certain = List.copyOf(certain);
    possible = List.copyOf(possible);
  }

  /** Compares two clusters: the first is the one whose explicit traffic counts. */
  public static CommonTraffic between(Cluster before, Cluster after, Options options) {
    Plan was = Plan.of(Undetermined.in(before), options);
    Plan is = Plan.of(Undetermined.in(after), options);
    Comparison comparison = Comparison.ofAll(was, is);
    List<UnreadPolicy> unread =
        before.unread().stream().filter(UnreadPolicy::matters).toList();
    return new CommonTraffic(
        rows(comparison, was, is, false),
        rows(comparison, was, is, true),
        unread.isEmpty()
            ? Optional.empty()
            : Optional.of(String.join("; ", NotRead.notes(unread))));
  }

  private static List<Difference.DifferenceRow> rows(
      Comparison comparison, Plan before, Plan after, boolean possible) {
    return Stream.concat(
            comparison.commonWhereIsolated(possible).stream(),
            EnteringChanges.commonWhereIsolated(before, after, possible).stream())
        .toList();
  }
}
