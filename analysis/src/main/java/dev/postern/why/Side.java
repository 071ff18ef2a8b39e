package dev.postern.why;

import dev.postern.meaning.Decision;
import dev.postern.policy.Policy;
import dev.postern.policy.PolicyRule;
import java.util.List;

/**
 * One side of a flow.
 *
 * @param decision what it decides and who decided it
 * @param subject whose side it is, by name
 * @param candidates for a denial, the rules that could have allowed it and what kept each from it, in order
 * @param nearMisses for a denial, rules that would have allowed it if their policy selected the subject
 */
public record Side(
    Decision decision, String subject, List<Candidate> candidates, List<Candidate> nearMisses) {

  /**
   * A rule that could have allowed a flow.
   *
   * @param policy its policy
   * @param rule the rule
   * @param mismatch the first thing that does not match
   */
  public record Candidate(Policy policy, PolicyRule rule, Mismatch mismatch) {}

  public Side {
    candidates = List.copyOf(candidates);
    nearMisses = List.copyOf(nearMisses);
  }

  Side withoutNearMisses() {
    return new Side(decision, subject, candidates, List.of());
  }

  /** Whether this side denies the flow. */
  public boolean denies() {
    return decision.verdict() == dev.postern.meaning.FlowVerdict.DENIED;
  }
}
