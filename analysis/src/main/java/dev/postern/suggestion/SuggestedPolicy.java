package dev.postern.suggestion;

import dev.postern.policy.Direction;
import dev.postern.policy.Policy;
import java.util.List;

/**
 * A policy, and what it is for.
 *
 * @param policy the policy, as a manifest would say it
 * @param subject whom it is about
 * @param rules its rules in order, ingress before egress
 */
public record SuggestedPolicy(Policy policy, SubjectPods subject, List<SuggestedRule> rules) {
  public SuggestedPolicy {
    rules = List.copyOf(rules);
  }

  /** Whether it denies all pods of a namespace what no other policy allows. */
  public boolean isDefaultDeny() {
    return subject.selector().isEverything()
        && rules.stream().allMatch(each -> each.purpose() == SuggestedRule.Purpose.DENIES_REST);
  }

  /** Its rules in a direction, in order. */
  public List<SuggestedRule> rules(Direction direction) {
    return rules.stream().filter(each -> each.rule().direction() == direction).toList();
  }
}
