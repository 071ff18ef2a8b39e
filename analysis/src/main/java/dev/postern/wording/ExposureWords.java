package dev.postern.wording;

import dev.postern.net.Traffic;
import dev.postern.policy.Policy;
import dev.postern.summary.EndpointGroup;
import dev.postern.summary.Exposure;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Exposure for a person. */
public final class ExposureWords {

  /** So many workloads that have nothing in common are named; of more it is said how many there are. */
  private static final int NAMED = 4;

  private ExposureWords() {}

  /** {@code the internet on tcp/8080; namespace monitoring on tcp/9090}; {@code nobody}. */
  public static String peers(Exposure.ExposedSide side) {
    return side.peers().isEmpty()
        ? "nobody"
        : side.peers().stream()
            .map(peers -> who(peers.groups()) + " on " + traffic(peers))
            .collect(Collectors.joining("; "));
  }

  /** Groups, workloads that have nothing in common by name or, of many, by their number. */
  public static String who(List<EndpointGroup> groups) {
    List<String> words = new ArrayList<>();
    long alone = groups.stream().filter(EndpointGroup.One.class::isInstance).count();
    for (EndpointGroup group : groups) {
      if (alone <= NAMED || !(group instanceof EndpointGroup.One)) {
        words.add(group instanceof EndpointGroup.EveryPod ? "the whole cluster" : group.toString());
      }
    }
    if (alone > NAMED) {
      words.add(alone + " workloads");
    }
    return String.join(", ", words);
  }

  /** What passes with them; {@code perhaps tcp/80} where the manifests do not say. */
  public static String traffic(Exposure.PeerTraffic peers) {
    Traffic perhaps = peers.possible().minus(peers.allowed());
    return perhaps.isEmpty()
        ? peers.allowed().toString()
        : (peers.allowed().isEmpty() ? "" : peers.allowed() + ", ") + "perhaps " + perhaps;
  }

  /** {@code both}, {@code ingress}, {@code egress} or {@code no}. */
  public static String isolated(Exposure exposure) {
    boolean in = exposure.ingress().isolated();
    boolean out = exposure.egress().isolated();
    return in && out ? "both" : in ? "ingress" : out ? "egress" : "no";
  }

  /** The policies that select it, or {@code none}. */
  public static String policies(Exposure exposure) {
    return exposure.policies().isEmpty()
        ? "none"
        : exposure.policies().stream().map(Policy::id).collect(Collectors.joining(", "));
  }

  /** Counts, the widest first, for all workloads together. */
  public static String summary(List<Exposure> all) {
    return all.size() + (all.size() == 1 ? " workload" : " workloads") + ": reached by "
        + counts(all, Exposure::ingress) + "; reach " + counts(all, Exposure::egress)
        + "; isolated: both ways " + count(all, "both") + ", ingress only " + count(all, "ingress")
        + ", egress only " + count(all, "egress") + ", not at all " + count(all, "no");
  }

  private static long count(List<Exposure> all, String isolated) {
    return all.stream().filter(each -> isolated(each).equals(isolated)).count();
  }

  private static String counts(List<Exposure> all, Function<Exposure, Exposure.ExposedSide> side) {
    List<String> words = new ArrayList<>();
    for (Exposure.Openness reach : Exposure.Openness.values()) {
      long count =
          all.stream().filter(each -> side.apply(each).reach() == reach).count();
      if (count > 0) {
        words.add(reach.words() + " " + count);
      }
    }
    return words.isEmpty() ? "nobody" : String.join(", ", words);
  }
}
