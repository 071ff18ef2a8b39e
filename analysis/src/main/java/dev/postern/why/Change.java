package dev.postern.why;

import dev.postern.cluster.Cluster;
import dev.postern.diff.Difference;
import dev.postern.meaning.FamiliesInUse;
import dev.postern.meaning.FlowVerdict;
import dev.postern.meaning.Options;
import java.util.List;

/**
 * A change of policies that turns the verdict. It was made in the model as the API server would read it and judged again by the definition,
 * over every family of addresses that both ends have, and so was what remains of it if one edit is left out, which does not turn the verdict.
 *
 * @param steps what to do, in words of the manifests; the order of steps does not matter
 * @param verdict what the flow's verdict is then
 * @param before the cluster as it is
 * @param after the cluster with the change made
 * @param options by which they were judged
 */
public record Change(
    List<String> steps, FlowVerdict verdict, Cluster before, Cluster after, Options options) {
  public Change {
    steps = List.copyOf(steps);
  }

  /** Whether the cluster uses both families of addresses, so that rows of one are not all that there is. */
  public boolean ofBothFamilies() {
    return FamiliesInUse.of(before).size() > 1;
  }

  /** All that the change opens and closes, of which the flow that was asked about is a part. Each call compares anew, which takes as long as a {@code diff}. */
  public Difference effect() {
    return Difference.between(before, after, options);
  }
}
