package dev.postern.answer;

import dev.postern.algebra.ClassSet;
import dev.postern.algebra.Rectangle;
import dev.postern.cluster.Workload;
import dev.postern.meaning.End;
import dev.postern.net.Traffic;
import dev.postern.plan.PlanRule;
import dev.postern.policy.Direction;
import dev.postern.policy.Peer;
import dev.postern.policy.Peers;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/**
 * What a question is about, whatever its answer: between whom, and which traffic.
 *
 * @param workloads the workloads that it names on either side, one by one or by label, namespace, Service or address; not those that only
 *     {@code anyone}, or a list of all sources or destinations, stands for
 * @param sources the classes of its sources
 * @param arrivals where the traffic arrives, after Services have chosen the ports
 */
public record QuestionScope(List<Workload> workloads, ClassSet sources, List<Arrival> arrivals) {

  /**
   * Destinations of one traffic.
   *
   * @param classes who
   * @param domainNames which DNS names outside
   * @param traffic what, at the destination itself
   */
  public record Arrival(ClassSet classes, Set<String> domainNames, Traffic traffic) {
    public Arrival {
      domainNames = Set.copyOf(domainNames);
    }
  }

  public QuestionScope {
    workloads = List.copyOf(workloads);
    arrivals = List.copyOf(arrivals);
  }

  static QuestionScope of(List<Workload> workloads, List<Site> sources, List<Destination> targets) {
    Map<Traffic, ClassSet.Builder> classes = new LinkedHashMap<>();
    Map<Traffic, Set<String>> names = new LinkedHashMap<>();
    for (Destination target : targets) {
      target.site().ifPresent(site -> {
        ClassSet.Builder there =
            classes.computeIfAbsent(target.asked(), traffic -> new ClassSet.Builder());
        add(site, there);
        Set<String> called = names.computeIfAbsent(target.asked(), traffic -> new HashSet<>());
        site.ends().forEach(end -> {
          if (end instanceof End.DomainName name) {
            called.add(name.name());
          }
        });
      });
    }
    List<Arrival> arrivals = new ArrayList<>();
    classes.forEach((traffic, builder) ->
        arrivals.add(new Arrival(builder.build(), names.getOrDefault(traffic, Set.of()), traffic)));
    ClassSet.Builder from = new ClassSet.Builder();
    sources.forEach(site -> add(site, from));
    return new QuestionScope(workloads, from.build(), arrivals);
  }

  private static void add(Site site, ClassSet.Builder classes) {
    site.cells().forEach(cell -> cell.number().ifPresent(classes::add));
  }

  /** Whether some of the traffic that a rule covers is asked about. */
  public boolean isAbout(PlanRule rule) {
    return arrivals.stream().anyMatch(arrival -> isAbout(rule, arrival));
  }

  private boolean isAbout(PlanRule rule, Arrival arrival) {
    boolean ingress = rule.rule().direction() == Direction.INGRESS;
    ClassSet targets = ingress ? arrival.classes() : sources;
    ClassSet peers = ingress ? sources : arrival.classes();
    if (Stream.concat(
            rule.rectangles().stream(), rule.byPlace().stream().map(PlanRule.InPlace::rectangle))
        .anyMatch(each -> overlap(each, targets, peers, arrival))) {
      return true;
    }
    List<Peer.DomainNames> names = domainNames(rule);
    return rule.byName().stream()
        .anyMatch(each -> names.isEmpty()
            ? overlap(each, targets, peers, arrival)
            : each.targets().intersects(sources)
                && !each.traffic().intersect(arrival.traffic()).isEmpty()
                && arrival.domainNames().stream()
                    .anyMatch(name -> names.stream().anyMatch(peer -> peer.matches(name))));
  }

  private static boolean overlap(
      Rectangle covered, ClassSet targets, ClassSet peers, Arrival arrival) {
    return covered.targets().intersects(targets)
        && covered.peers().intersects(peers)
        && !covered.traffic().intersect(arrival.traffic()).isEmpty();
  }

  private static List<Peer.DomainNames> domainNames(PlanRule rule) {
    return rule.rule().peers() instanceof Peers.AnyOf any
        ? any.peers().stream()
            .filter(Peer.DomainNames.class::isInstance)
            .map(Peer.DomainNames.class::cast)
            .toList()
        : List.of();
  }
}
