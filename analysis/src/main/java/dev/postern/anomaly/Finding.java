package dev.postern.anomaly;

import dev.postern.diagnostic.Origin;
import dev.postern.meaning.Decision.Cause;
import dev.postern.meaning.Flow;
import dev.postern.policy.Direction;
import dev.postern.policy.Policy;
import dev.postern.policy.PolicyRule;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Something about a policy that its author should know.
 *
 * @param kind what kind of thing
 * @param policy the policy
 * @param rule the rule; empty if it is about the whole policy
 * @param part the field inside the rule or policy, as {@code from[1]} or {@code podSelector}; empty if it is about the whole
 * @param explanation what is so, in the words of the manifests; lower case, no full stop
 * @param lasting whether it is so whatever pods come, as far as selectors, blocks and ports show, while namespaces that exist keep their
 *     labels; else it is so for the pods that are here, and may be otherwise for others
 * @param because other rules that make it so: those that cover, shadow or contradict it
 * @param witness a flow that shows it, where one can
 * @param origin the place
 */
public record Finding(
    Kind kind,
    Policy policy,
    Optional<PolicyRule> rule,
    String part,
    String explanation,
    boolean lasting,
    List<Cause> because,
    Optional<Flow> witness,
    Origin origin) {

  public Finding {
    because = List.copyOf(because);
  }

  /**
   * Policies whose egress rules are all said to do nothing, and are yet the only reason why egress is isolated, since {@code policyTypes} is
   * left out. What is said of the verdicts without such a rule holds only once {@code policyTypes} is written out.
   */
  public static Set<Policy> isolatingByRules(List<Finding> findings) {
    Map<Policy, Integer> idle = new IdentityHashMap<>();
    Set<PolicyRule> seen = Collections.newSetFromMap(new IdentityHashMap<>());
    for (Finding finding : findings) {
      boolean egress =
          finding.rule.filter(each -> each.direction() == Direction.EGRESS).isPresent();
      if (egress
          && finding.part.isEmpty()
          && finding.policy.typesDefaulted()
          && seen.add(finding.rule.get())) {
        idle.merge(finding.policy, 1, Integer::sum);
      }
    }
    Set<Policy> isolating = Collections.newSetFromMap(new IdentityHashMap<>());
    idle.forEach((policy, rules) -> {
      if (rules == policy.egress().size()) {
        isolating.add(policy);
      }
    });
    return isolating;
  }

  /** What can be wrong with a policy that the API accepts. */
  public enum Kind {
    /** Without this policy every verdict stays. */
    REDUNDANT_POLICY,
    /** Without this policy every verdict stays, but only it would isolate some pod that could come: a default deny. */
    REDUNDANT_NOW,
    /** Without this rule every verdict stays, since other rules of its tier do the same. */
    REDUNDANT_RULE,
    /** Without this entry of {@code from} or {@code to} every verdict stays. */
    REDUNDANT_PEER,
    /** Without this entry of {@code ports} every verdict stays. */
    REDUNDANT_PORT,
    /** Nothing ever reaches this rule: earlier rules, or a tier before, decide all that it matches. */
    SHADOWED_RULE,
    /** What this rule decides, later rules or the default would decide alike. */
    POINTLESS_RULE,
    /** Two admin policies of one priority decide the same traffic differently: the API leaves open which wins. */
    CONFLICT,
    /** A selector that no labels can meet. */
    CONTRADICTORY_SELECTOR,
    /** The policy selects no pod that is there now. */
    SELECTS_NOTHING,
    /** The peer matches nobody who is there now. */
    PEER_MATCHES_NOTHING,
    /** The rule is about ports by name only, and no pod at the receiving end has one. */
    NAMED_PORT_NOWHERE,
    /** The policy has rules for a direction that its {@code policyTypes} leave out: they do nothing. */
    INERT_RULES,
    /** What the rule allows, the other end's own policies always deny. */
    HALF_OPEN,
    /** No lower tier has anything to say about what this rule passes on: it is an allow in disguise. */
    PASS_TO_NOWHERE
  }
}
