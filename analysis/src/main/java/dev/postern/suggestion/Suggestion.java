package dev.postern.suggestion;

import dev.postern.cluster.Cluster;
import dev.postern.cluster.Workload;
import dev.postern.meaning.Flow;
import dev.postern.policy.Policy;
import dev.postern.reach.Reachability;
import dev.postern.traffic.Count;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;

/**
 * Policies that let pass what was seen, and as little else as the options say. Immutable.
 *
 * <p>A policy is suggested where pods are not isolated yet, or where the policies that isolate them do not let pass what was seen. So
 * policies that were suggested before, and are among the manifests now, bring none again.
 *
 * <pre>{@code
 * Suggestion suggestion = Suggestion.of(reachability, flows, SuggestionOptions.DEFAULT);
 * SuggestionProof proof = SuggestionProof.of(suggestion, reachability);
 * }</pre>
 *
 * @param policies the policies, by namespace and name
 * @param grants what they are to allow, by workloads and addresses
 * @param edges what was seen and is in question, by names
 * @param flows all flows that have to pass, as policies see them
 * @param exempt how many flows pass whatever policies say: of a pod with itself or its own node
 * @param unresolved what nobody can say what to allow for, by why
 * @param unseen the workloads of which no flow was seen that passed, by name: no policy is suggested for them
 * @param covered the subjects of which existing policies let pass all that was seen, and isolate them, by name
 */
public record Suggestion(
    List<SuggestedPolicy> policies,
    List<Grant> grants,
    List<SeenEdge> edges,
    List<Flow> flows,
    long exempt,
    Map<Unresolved, Unsaid> unresolved,
    Set<String> unseen,
    Set<String> covered) {

  /**
   * Flows of which nobody can say what to allow.
   *
   * @param flows how many
   * @param example the first of them
   */
  public record Unsaid(long flows, SeenFlow example) {
    Unsaid plus(Unsaid more) {
      return new Unsaid(Count.plus(flows, more.flows), example);
    }
  }

  public Suggestion {
    policies = List.copyOf(policies);
    grants = List.copyOf(grants);
    edges = List.copyOf(edges);
    flows = List.copyOf(flows);
    Map<Unresolved, Unsaid> copy = new EnumMap<>(Unresolved.class);
    copy.putAll(unresolved);
    unresolved = Collections.unmodifiableMap(copy);
    unseen = Collections.unmodifiableSet(new TreeSet<>(unseen));
    covered = Collections.unmodifiableSet(new TreeSet<>(covered));
  }

  /** Suggests policies for all workloads that were seen. */
  public static Suggestion of(Reachability today, List<SeenFlow> seen, SuggestionOptions options) {
    return of(today, seen, options, workload -> true);
  }

  /**
   * Suggests policies.
   *
   * @param today the cluster with its policies
   * @param seen what was seen to pass
   * @param whom the workloads that policies may be suggested for; those that the labels of one select, too, are then isolated with it, so
   *     that there are policies for them as well
   */
  public static Suggestion of(
      Reachability today,
      List<SeenFlow> seen,
      SuggestionOptions options,
      Predicate<Workload> whom) {
    return new Suggesting(today, options, whom).of(seen);
  }

  /** How many rules there are in all policies. */
  public int rules() {
    return policies.stream().mapToInt(each -> each.rules().size()).sum();
  }

  /** The cluster with the suggested policies beside its own. */
  public Cluster in(Cluster cluster) {
    List<Policy> all = new ArrayList<>(cluster.policies());
    policies.forEach(each -> all.add(each.policy()));
    return cluster.withPolicies(all);
  }
}
