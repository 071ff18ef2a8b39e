package dev.postern.prove;

import dev.postern.enforced.Contract;
import dev.postern.enforced.EnforcedRules;
import dev.postern.plan.Plan;
import dev.postern.target.Scope;

/**
 * What is to be proved: that these rules enforce the policies of this plan for the pods in a scope, and leave all other traffic alone.
 *
 * @param plan the policies
 * @param scope the pods whose egress and ingress the rules police
 * @param rules what is enforced, as it was read back
 * @param contract what the target leaves open
 */
public record Claim(Plan plan, Scope scope, EnforcedRules rules, Contract contract) {}
