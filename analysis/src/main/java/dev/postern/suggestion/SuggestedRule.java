package dev.postern.suggestion;

import dev.postern.cluster.Workload;
import dev.postern.policy.PolicyRule;
import java.util.List;

/**
 * A rule, and what it is for.
 *
 * @param rule the rule
 * @param purpose why it is there
 * @param seen the traffic that was seen and that it lets pass
 * @param blocks the blocks among its peers
 * @param others workloads whom its selectors admit though none of them was seen: their labels, or how general rules are to be, do not leave them out
 */
public record SuggestedRule(
    PolicyRule rule,
    Purpose purpose,
    List<SeenEdge> seen,
    List<Block> blocks,
    List<Workload> others) {

  /** Why a rule is there. */
  public enum Purpose {
    /** For traffic that was seen. */
    SEEN,
    /** So that the subject can ask the cluster's DNS. */
    ASKS_DNS,
    /** So that all pods can ask the subject, which is the cluster's DNS. */
    ANSWERS_DNS,
    /** The last of an ordered policy: denies what no other rule accepts. */
    DENIES_REST
  }

  public SuggestedRule {
    seen = List.copyOf(seen);
    blocks = List.copyOf(blocks);
    others = List.copyOf(others);
  }

  /** The same rule at another place of its policy. */
  SuggestedRule at(int index) {
    PolicyRule moved = new PolicyRule(
        rule.direction(),
        index,
        rule.name(),
        rule.action(),
        rule.peers(),
        rule.ports(),
        rule.origin());
    return new SuggestedRule(moved, purpose, seen, blocks, others);
  }
}
