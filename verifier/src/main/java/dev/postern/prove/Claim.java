package dev.postern.prove;

import dev.postern.backend.PacketPath;
import dev.postern.backend.Reading;
import dev.postern.backend.Scope;
import dev.postern.cluster.Cluster;
import dev.postern.cluster.UnreadPolicy;
import dev.postern.cluster.Workload;
import dev.postern.enforced.Contract;
import dev.postern.enforced.EnforcedRules;
import dev.postern.plan.Plan;
import dev.postern.policy.Policy;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * What is to be proved: that these rules enforce the policies of this plan for the pods in a scope, and leave all other traffic alone.
 *
 * @param plan the policies
 * @param scope the pods whose egress and ingress the rules police
 * @param rules what is enforced, as it was read back
 * @param contract what the target leaves open
 * @param path the way on which packets meet these rules; empty if they are forwarded
 */
public record Claim(
    Plan plan,
    Scope scope,
    EnforcedRules rules,
    Contract contract,
    Optional<PacketPath.Kind> path) {

  /** A claim about packets that are forwarded. */
  public Claim(Plan plan, Scope scope, EnforcedRules rules, Contract contract) {
    this(plan, scope, rules, contract, Optional.empty());
  }

  /**
   * All that is to be proved of what was read: first of what is forwarded, then of each other way that packets take and policies are about.
   *
   * @param policies the plan of the cluster; what the dataplane enforces besides comes before all of it
   * @param promised what becomes of each way's contract
   */
  public static List<Claim> of(
      Plan policies, Scope scope, Reading enforced, UnaryOperator<Contract> promised) {
    Plan plan = isolated(policies, enforced.isolation());
    List<Claim> claims = new ArrayList<>();
    claims.add(new Claim(plan, scope, enforced.rules(), promised.apply(enforced.contract())));
    for (PacketPath path : enforced.paths()) {
      if (path.isPoliced(plan.options())) {
        claims.add(new Claim(
            plan, scope, path.rules(), promised.apply(path.contract()), Optional.of(path.kind())));
      }
    }
    return claims;
  }

  private static Plan isolated(Plan policies, List<Policy> isolation) {
    if (isolation.isEmpty()) {
      return policies;
    }
    Cluster cluster = policies.cluster();
    List<Policy> all = new ArrayList<>(isolation);
    all.addAll(cluster.policies());
    List<UnreadPolicy> unread = cluster.unread().stream()
        .filter(each -> each.cause() != UnreadPolicy.Cause.NETWORK)
        .toList();
    return Plan.of(cluster.withPolicies(all).withUnread(unread), policies.options());
  }

  /** Whether no pod has an address: rules over no pod at all leave a cluster as unprotected as no rules, and that is no proof. */
  boolean isVacuous() {
    List<Workload> workloads = plan.cluster().workloads();
    return !workloads.isEmpty()
        && workloads.stream()
            .flatMap(workload -> workload.pods().stream())
            .allMatch(pod -> pod.addresses().isEmpty());
  }
}
