package dev.postern.cli.exposure;

import dev.postern.cluster.Workload;
import dev.postern.meaning.End;
import dev.postern.openworld.OpenOutcome;
import dev.postern.verify.OpenExposure;
import java.util.function.Function;

/** For a person, whom a pod that could come might reach, or be reached by. */
public final class OpenExposureWords {

  private OpenExposureWords() {}

  /** Who could reach it. */
  public static String reachedBy(OpenExposure exposure) {
    return of(
        exposure, exposure.ingress(), possible -> possible.judgement().flow().source());
  }

  /** Whom it could reach. */
  public static String reaches(OpenExposure exposure) {
    return of(
        exposure, exposure.egress(), possible -> possible.judgement().flow().destination());
  }

  /** {@code never}, or who that could be. */
  private static String of(
      OpenExposure exposure, OpenOutcome outcome, Function<OpenOutcome.Possible, End> end) {
    if (outcome instanceof OpenOutcome.Never) {
      return "no pod, ever";
    }
    if (outcome instanceof OpenOutcome.Undecided undecided) {
      return "not decided: " + undecided.reason();
    }
    OpenOutcome.Possible possible = (OpenOutcome.Possible) outcome;
    String perhaps =
        possible.judgement().verdict() == dev.postern.meaning.FlowVerdict.UNKNOWN ? "perhaps " : "";
    if (possible.existing() || !(end.apply(possible) instanceof End.InPod pod)) {
      return perhaps + "pods that are here";
    }
    Workload workload = pod.workload();
    boolean here =
        exposure.cluster().workloads().stream().anyMatch(each -> each.id().equals(workload.id()));
    return perhaps
        + (here
            ? workload.id()
            : "a pod in namespace " + workload.namespace() + " with "
                + (workload.labels().size() == 0 ? "no labels" : "labels " + workload.labels()));
  }
}
