package dev.postern.verify.why;

import dev.postern.cluster.Cluster;
import dev.postern.meaning.Verdict;
import java.util.List;

/**
 * A change of policies that turns the verdict on a flow. It was made in the model and judged again by the definition.
 *
 * @param steps what to do, in words of the manifests; one for each side that must change
 * @param verdict what the flow's verdict is then
 * @param after the cluster with the change made
 */
public record Change(List<String> steps, Verdict verdict, Cluster after) {
  public Change {
    steps = List.copyOf(steps);
  }
}
