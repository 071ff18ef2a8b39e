package dev.postern.reach;

import dev.postern.cluster.Pod;
import dev.postern.cluster.Workload;
import dev.postern.diagnostic.ShortList;
import dev.postern.meaning.End;
import dev.postern.meaning.Flow;
import dev.postern.meaning.Options;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What a list of who reaches whom says of pods that no manifest places on a node. What a pod exchanges with its own node passes whatever
 * policies say; such pods may be on one node with any pod on the host network.
 */
public final class Unplaced {

  /** What a list makes of what policies deny between such a pod and one on the host network. */
  public enum Treatment {
    /** It is there as what may pass. */
    PERHAPS("what policies deny them is listed as what may pass"),
    /** It is judged as if they were on different nodes. */
    BY_POLICIES("where that is not known it is judged by policies only");

    private final String words;

    Treatment(String words) {
      this.words = words;
    }
  }

  /** So many workloads are named. */
  private static final int NAMED = 3;

  private Unplaced() {}

  /** One sentence, if it could matter for any of these workloads together. */
  public static Optional<String> note(
      Stream<Workload> workloads, Options options, Treatment treatment) {
    List<Workload> all = workloads.distinct().toList();
    List<String> unplaced =
        all.stream().filter(Unplaced::isUnplaced).map(Workload::id).distinct().toList();
    List<Workload> hosts = all.stream().filter(Workload::hostNetwork).toList();
    if (!options.nodeTrafficPasses()
        || unplaced.isEmpty()
        || hosts.isEmpty()
        || all.stream().map(Workload::id).distinct().count() < 2) {
      return Optional.empty();
    }
    return Optional.of("no manifest says on which node "
        + named(unplaced)
        + (unplaced.size() == 1 ? " runs" : " run")
        + "; what a pod exchanges with pods on the host network of its own node passes, and "
        + treatment.words);
  }

  /** Why it is not known whether a flow passes that policies deny: its ends may be a pod and its node. */
  public static String reason(Flow flow) {
    return "no manifest says on which node "
        + Stream.of(flow.destination(), flow.source())
            .filter(end ->
                end instanceof End.InPod pod && pod.pod().flatMap(Pod::node).isEmpty())
            .findFirst()
            .orElse(flow.source())
        + " runs, and traffic between a pod and its node passes";
  }

  private static boolean isUnplaced(Workload workload) {
    return workload.pods().isEmpty()
        || workload.pods().stream().anyMatch(pod -> pod.node().isEmpty());
  }

  private static String named(List<String> some) {
    return some.stream().collect(ShortList.ofFirst(NAMED));
  }
}
