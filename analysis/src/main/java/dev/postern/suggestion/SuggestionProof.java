package dev.postern.suggestion;

import dev.postern.algebra.ClassSet;
import dev.postern.algebra.Region;
import dev.postern.cluster.Cluster;
import dev.postern.cluster.Workload;
import dev.postern.deadline.Deadline;
import dev.postern.diff.Difference;
import dev.postern.meaning.Flow;
import dev.postern.meaning.FlowVerdict;
import dev.postern.meaning.Judgement;
import dev.postern.meaning.Options;
import dev.postern.meaning.Reference;
import dev.postern.meaning.Undetermined;
import dev.postern.net.AddressSet;
import dev.postern.plan.Classes;
import dev.postern.plan.Plan;
import dev.postern.policy.Action;
import dev.postern.policy.Direction;
import dev.postern.policy.Policy;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * What suggested policies do beside those that are there: that every flow that was seen passes, by the definition; that they let nothing pass
 * but what the options say, by the set engine; and what they close and open.
 *
 * @param stopped flows that were seen and do not pass, since policies of another tier stop them
 * @param undecided flows that were seen and of which it is not known whether they pass, since not all policies are understood
 * @param wider existing policies that let more pass at the same pods than was seen, by name
 * @param difference what the suggested policies close and open
 */
public record SuggestionProof(
    List<Judgement> stopped,
    List<Judgement> undecided,
    SortedSet<String> wider,
    Difference difference) {

  public SuggestionProof {
    stopped = List.copyOf(stopped);
    undecided = List.copyOf(undecided);
    wider = Collections.unmodifiableSortedSet(wider);
  }

  /** Whether every flow that was seen passes for certain. */
  public boolean isWhole() {
    return stopped.isEmpty() && undecided.isEmpty();
  }

  /**
   * Proves a suggestion.
   *
   * @param suggestion what was suggested
   * @param read the suggested policies as a reader of manifests understands their text
   * @param today the cluster without them
   * @throws IllegalStateException if the policies let pass what the options do not say, which would be a mistake in this package
   */
  public static SuggestionProof of(
      Suggestion suggestion, List<Policy> read, Cluster today, Options options) {
    return of(suggestion, read, today, with(today, read), options);
  }

  /**
   * Proves a suggestion of which some was written into existing policies.
   *
   * @param after the cluster as it becomes
   */
  public static SuggestionProof of(
      Suggestion suggestion, List<Policy> read, Cluster today, Cluster after, Options options) {
    Reference reference = new Reference(Undetermined.in(after), options);
    List<Judgement> stopped = new ArrayList<>();
    List<Judgement> undecided = new ArrayList<>();
    for (Flow flow : suggestion.flows()) {
      Deadline.current().check();
      Judgement judgement = reference.judge(flow);
      if (judgement.verdict() == FlowVerdict.DENIED) {
        stopped.add(judgement);
      } else if (judgement.verdict() == FlowVerdict.UNKNOWN) {
        undecided.add(judgement);
      }
    }
    Cluster alone = today.withPolicies(read).withUnread(List.of());
    Cluster whole = after.withUnread(List.of());
    List<Plan> plans = Plan.ofEach(List.of(alone, whole), options);
    SortedSet<String> wider =
        new Beyond(suggestion, plans.get(0), plans.get(1), new HashSet<>(read)).wider();
    return new SuggestionProof(
        stopped, undecided, wider, Difference.between(today, after, options));
  }

  private static Cluster with(Cluster cluster, List<Policy> more) {
    List<Policy> all = new ArrayList<>(cluster.policies());
    all.addAll(more);
    return cluster.withPolicies(all);
  }

  /** What passes beyond the grants. */
  private static final class Beyond {
    private final Plan alone;
    private final Plan whole;
    private final Set<Policy> suggested;
    private final Map<Direction, Map<Workload, List<Region>>> granted =
        new EnumMap<>(Direction.class);
    private final List<Set<Workload>> members = new ArrayList<>();

    Beyond(Suggestion suggestion, Plan alone, Plan whole, Set<Policy> suggested) {
      this.alone = alone;
      this.whole = whole;
      this.suggested = suggested;
      Classes classes = alone.classes();
      for (int number = 0; number < classes.inside(); number++) {
        Set<Workload> own = Collections.newSetFromMap(new IdentityHashMap<>());
        classes
            .members(number)
            .forEach(member -> own.add(classes.endpoints().get(member).workload()));
        members.add(own);
      }
      for (Grant grant : suggestion.grants()) {
        Deadline.current().check();
        Region region = Region.of(peers(grant), grant.traffic());
        Map<Workload, List<Region>> at =
            granted.computeIfAbsent(grant.direction(), d -> new IdentityHashMap<>());
        grant
            .subjects()
            .forEach(
                subject -> at.computeIfAbsent(subject, s -> new ArrayList<>()).add(region));
      }
    }

    private ClassSet peers(Grant grant) {
      Set<Workload> peers = Collections.newSetFromMap(new IdentityHashMap<>());
      peers.addAll(grant.peers());
      ClassSet.Builder builder = new ClassSet.Builder();
      Classes classes = alone.classes();
      for (int number = 0; number < classes.inside(); number++) {
        if (peers.containsAll(members.get(number))) {
          builder.add(number);
        }
      }
      for (int number = classes.inside();
          !grant.addresses().isEmpty() && number < classes.size();
          number++) {
        if (grant.addresses().containsAll(AddressSet.of(classes.range(number)))) {
          builder.add(number);
        }
      }
      return builder.build();
    }

    SortedSet<String> wider() {
      SortedSet<String> wider = new TreeSet<>();
      for (Direction direction : Direction.values()) {
        subjects(direction).forEach(number -> {
          Deadline.current().check();
          Region expected = expected(number, direction);
          Region more = alone.table(number, direction).allowed().minus(expected);
          if (!more.isEmpty()) {
            throw new IllegalStateException("suggested policies let more pass than they are for, "
                + direction.field() + " of " + alone.classes().representative(number) + ": "
                + more.parts().get(0).traffic() + " with "
                + alone.classes().end(more.parts().get(0).peers().first()));
          }
          if (!whole.table(number, direction).allowed().minus(expected).isEmpty()) {
            whole.cluster().policies().stream()
                .filter(policy -> !suggested.contains(policy)
                    && whole.targets(policy).contains(number)
                    && policy.rules(direction).stream()
                        .anyMatch(rule -> rule.action() == Action.ALLOW))
                .forEach(policy -> wider.add(policy.toString()));
          }
        });
      }
      return wider;
    }

    /** The classes that suggested policies isolate, or of which ordered ones say all. */
    private ClassSet subjects(Direction direction) {
      return ClassSet.union(alone.cluster().policies().stream()
          .filter(policy ->
              policy.isolates().contains(direction) || !policy.rules(direction).isEmpty())
          .map(alone::targets)
          .toList());
    }

    private Region expected(int number, Direction direction) {
      Map<Workload, List<Region>> at = granted.getOrDefault(direction, Map.of());
      return members.get(number).stream()
          .map(workload ->
              at.getOrDefault(workload, List.of()).stream().reduce(Region.EMPTY, Region::union))
          .reduce(Region::intersect)
          .orElse(Region.EMPTY);
    }
  }
}
