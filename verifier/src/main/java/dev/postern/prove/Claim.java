package dev.postern.prove;

import dev.postern.backend.Scope;
import dev.postern.cluster.Workload;
import dev.postern.enforced.Contract;
import dev.postern.enforced.EnforcedRules;
import dev.postern.plan.Plan;
import java.util.List;

/**
 * What is to be proved: that these rules enforce the policies of this plan for the pods in a scope, and leave all other traffic alone.
 *
 * @param plan the policies
 * @param scope the pods whose egress and ingress the rules police
 * @param rules what is enforced, as it was read back
 * @param contract what the target leaves open
 */
public record Claim(Plan plan, Scope scope, EnforcedRules rules, Contract contract) {

  /** Whether no pod has an address: rules over no pod at all leave a cluster as unprotected as no rules, and that is no proof. */
  boolean isVacuous() {
    List<Workload> workloads = plan.cluster().workloads();
    return !workloads.isEmpty()
        && workloads.stream()
            .flatMap(workload -> workload.pods().stream())
            .allMatch(pod -> pod.addresses().isEmpty());
  }
}
