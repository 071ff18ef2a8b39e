package dev.postern.cli.exposure;

import dev.postern.cluster.Workload;
import dev.postern.meaning.End;
import dev.postern.net.Traffic;
import dev.postern.openworld.OpenOutcome;
import dev.postern.policy.Policy;
import dev.postern.summary.EndpointGroup;
import dev.postern.summary.Exposure;
import dev.postern.verify.OpenExposure;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Exposure for a person. */
final class ExposureWords {

  /** So many workloads that have nothing in common are named; of more it is said how many there are. */
  private static final int NAMED = 4;

  private ExposureWords() {}

  /** {@code the internet on tcp/8080; namespace monitoring on tcp/9090}; {@code nobody}. */
  static String peers(Exposure.Side side) {
    return side.peers().isEmpty()
        ? "nobody"
        : side.peers().stream()
            .map(peers -> who(peers.groups()) + " on " + traffic(peers))
            .collect(Collectors.joining("; "));
  }

  static String who(List<EndpointGroup> groups) {
    List<String> words = new ArrayList<>();
    List<EndpointGroup> alone =
        groups.stream().filter(EndpointGroup.One.class::isInstance).toList();
    groups.stream()
        .filter(group -> alone.size() <= NAMED || !alone.contains(group))
        .forEach(group -> words.add(
            group instanceof EndpointGroup.EveryPod ? "the whole cluster" : group.toString()));
    if (alone.size() > NAMED) {
      words.add(alone.size() + " workloads");
    }
    return String.join(", ", words);
  }

  private static String traffic(Exposure.Peers peers) {
    Traffic perhaps = peers.possible().minus(peers.allowed());
    return perhaps.isEmpty()
        ? peers.allowed().toString()
        : (peers.allowed().isEmpty() ? "" : peers.allowed() + ", ") + "perhaps " + perhaps;
  }

  static String isolated(Exposure exposure) {
    boolean in = exposure.ingress().isolated();
    boolean out = exposure.egress().isolated();
    return in && out ? "both" : in ? "ingress" : out ? "egress" : "no";
  }

  static String policies(Exposure exposure) {
    return exposure.policies().isEmpty()
        ? "none"
        : exposure.policies().stream().map(Policy::id).collect(Collectors.joining(", "));
  }

  /** {@code never}, or who that could be. */
  static String open(
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

  /** Counts, the widest first, for all workloads together. */
  static String summary(List<Exposure> all) {
    return all.size() + (all.size() == 1 ? " workload" : " workloads") + ": reached by "
        + counts(all, Exposure::ingress) + "; reach " + counts(all, Exposure::egress)
        + "; isolated: both ways " + count(all, "both") + ", ingress only " + count(all, "ingress")
        + ", egress only " + count(all, "egress") + ", not at all " + count(all, "no");
  }

  private static long count(List<Exposure> all, String isolated) {
    return all.stream().filter(each -> isolated(each).equals(isolated)).count();
  }

  private static String counts(List<Exposure> all, Function<Exposure, Exposure.Side> side) {
    List<String> words = new ArrayList<>();
    for (Exposure.Reach reach : Exposure.Reach.values()) {
      long count =
          all.stream().filter(each -> side.apply(each).reach() == reach).count();
      if (count > 0) {
        words.add(reach.words() + " " + count);
      }
    }
    return words.isEmpty() ? "nobody" : String.join(", ", words);
  }
}
