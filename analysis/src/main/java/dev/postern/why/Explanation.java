package dev.postern.why;

import dev.postern.cluster.Cluster;
import dev.postern.meaning.Decision;
import dev.postern.meaning.FlowVerdict;
import dev.postern.meaning.Judgement;
import dev.postern.meaning.Options;
import dev.postern.net.Cidr;
import dev.postern.policy.Action;
import dev.postern.policy.Direction;
import dev.postern.policy.Policy;
import dev.postern.policy.PolicyKind;
import dev.postern.policy.PolicyRule;
import dev.postern.policy.Tier;
import dev.postern.why.Side.Candidate;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * Why a flow has its verdict.
 *
 * @param judgement the verdict
 * @param egress the source's side
 * @param ingress the destination's side
 * @param changes sets of edits that turn the verdict, of each of which none could be left out, the smallest first; checked with the
 *     definition
 * @param moreChanges whether there may be more such sets
 */
public record Explanation(
    Judgement judgement, Side egress, Side ingress, List<Change> changes, boolean moreChanges) {

  public Explanation {
    changes = List.copyOf(changes);
  }

  /** The first of the smallest changes of policies that turn the verdict. */
  public Optional<Change> change() {
    return changes.stream().findFirst();
  }

  /** More near misses are no help. */
  private static final int NEAR_MISSES = 3;

  /** Explains a judgement of the definition on this cluster. */
  public static Explanation of(Judgement judgement, Cluster cluster, Options options) {
    return of(judgement, cluster, options, Optional.empty());
  }

  /** The reasons of a judgement of the definition on this cluster, without what would turn it, which takes much longer to find. */
  public static Explanation reasons(Judgement judgement, Cluster cluster, Options options) {
    RuleWords words = new RuleWords(cluster, options, judgement.flow());
    return new Explanation(
        judgement,
        side(judgement.egress(), words),
        side(judgement.ingress(), words),
        List.of(),
        false);
  }

  /** The same without policies that would turn it if they selected an end. */
  public Explanation withoutNearMisses() {
    return new Explanation(
        judgement, egress.withoutNearMisses(), ingress.withoutNearMisses(), changes, moreChanges);
  }

  /**
   * Explains a judgement of the definition on this cluster.
   *
   * @param block the addresses that the flow's end outside stands for, if a question was about more than the one
   */
  public static Explanation of(
      Judgement judgement, Cluster cluster, Options options, Optional<Cidr> block) {
    RuleWords words = new RuleWords(cluster, options, judgement.flow());
    Side egress = side(judgement.egress(), words);
    Side ingress = side(judgement.ingress(), words);
    EditSearch changes = new EditSearch(words, judgement, block);
    return new Explanation(judgement, egress, ingress, changes.smallest(), changes.hasMore());
  }

  /** What one side decides, and what comes close to deciding otherwise. */
  static Side side(Decision decision, RuleWords words) {
    String subject = ExplanationNames.of(words.subject(decision.direction()));
    return decision.verdict() == FlowVerdict.DENIED
        ? new Side(decision, subject, candidates(decision, words), nearMisses(decision, words))
        : new Side(decision, subject, List.of(), List.of());
  }

  /** All rules that come no later than the decision and would have ended it otherwise. */
  private static List<Candidate> candidates(Decision decision, RuleWords words) {
    Tier tier = decision.tier().orElse(Tier.BASELINE);
    List<Candidate> candidates = new ArrayList<>();
    for (Policy policy : words.cluster().policies()) {
      if (policy.kind() == PolicyKind.UNDETERMINED
          || policy.tier().compareTo(tier) > 0
          || !policy.appliesTo(decision.direction())
          || !words.selects(policy, decision.direction())) {
        continue;
      }
      for (PolicyRule rule : policy.rules(decision.direction())) {
        if (rule.action() == Action.ALLOW
            && (policy.tier() != tier || isBefore(policy, rule, decision))) {
          words
              .miss(policy, rule)
              .ifPresent(miss -> candidates.add(new Candidate(policy, rule, miss)));
        }
      }
    }
    return candidates;
  }

  /** Whether a rule of an ordered tier comes before the one that decided; NetworkPolicies have no order. */
  private static boolean isBefore(Policy policy, PolicyRule rule, Decision decision) {
    if (policy.tier() == Tier.NETWORK_POLICY) {
      return true;
    }
    return decision.causes().stream()
        .filter(cause -> cause.policy().tier() == policy.tier() && cause.rule().isPresent())
        .anyMatch(cause -> policy.priority() < cause.policy().priority()
            || (policy.equals(cause.policy())
                && rule.index() < cause.rule().get().index()));
  }

  private static List<Candidate> nearMisses(Decision decision, RuleWords words) {
    List<Candidate> near = new ArrayList<>();
    for (Policy policy : words.cluster().policies()) {
      if (policy.tier() != Tier.NETWORK_POLICY
          || !sameNamespace(policy, words, decision.direction())
          || !policy.appliesTo(decision.direction())) {
        continue;
      }
      Optional<String> notSelected = words.notSelected(policy, decision.direction());
      if (notSelected.isEmpty()) {
        continue;
      }
      for (PolicyRule rule : policy.rules(decision.direction())) {
        if (words.miss(policy, rule).isEmpty()) {
          near.add(new Candidate(
              policy, rule, new Mismatch("podSelector", notSelected.get(), Mismatch.LABELS)));
          break;
        }
      }
    }
    return near.stream()
        .sorted(Comparator.comparing((Candidate c) -> c.policy().name()))
        .limit(NEAR_MISSES)
        .toList();
  }

  private static boolean sameNamespace(Policy policy, RuleWords words, Direction direction) {
    return words.subject(direction) instanceof dev.postern.meaning.End.InPod pod
        && pod.workload().namespace().equals(policy.namespace());
  }
}
