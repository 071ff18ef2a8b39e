package dev.postern.why;

import dev.postern.cluster.Cluster;
import dev.postern.meaning.Verdict;
import java.util.List;

/**
 * A change of policies that turns the verdict on a flow. It was made in the model and judged again by the definition, and so was what
 * remains of it if one step is left out, which does not turn the verdict.
 *
 * @param steps what to do, in words of the manifests; the order does not matter
 * @param verdict what the flow's verdict is then
 * @param after the cluster with the change made
 */
public record Change(List<String> steps, Verdict verdict, Cluster after) {
  public Change {
    steps = List.copyOf(steps);
  }
}
