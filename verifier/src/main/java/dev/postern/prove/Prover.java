package dev.postern.prove;

import dev.postern.cluster.Pod;
import dev.postern.enforced.Contract;
import dev.postern.enforced.EnforcedRules;
import dev.postern.enforced.Passage;
import dev.postern.net.Address;
import dev.postern.net.Family;
import dev.postern.plan.Plan;
import dev.postern.prove.Proof.Verdict;
import dev.postern.prove.Proof.Way;
import dev.postern.target.Scope;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Proves that rules enforce policies: that every packet of every family, protocol, port and connection state between any two addresses
 * passes iff the egress of its source, where that is a pod in scope, and the ingress of its destination, where that is one, allow it; and
 * that packets of no pod in scope, replies and IPv6 neighbour discovery pass.
 *
 * <pre>{@code
 * Proof proof = Prover.prove(Plan.of(cluster), Scope.CLUSTER, rules, Contract.STRICT);
 * }</pre>
 */
public final class Prover {

  private Prover() {}

  /** Proves by sets. */
  public static Proof prove(Plan plan, Scope scope, EnforcedRules rules, Contract contract) {
    return prove(plan, scope, rules, contract, EnumSet.of(Way.SETS));
  }

  /** Proves in some ways; they must come to the same verdict. */
  public static Proof prove(
      Plan plan, Scope scope, EnforcedRules rules, Contract contract, Set<Way> ways) {
    Claim claim = new Claim(plan, scope, rules, contract);
    Mentioned mentioned = new Mentioned(claim);
    List<String> notes = new ArrayList<>(notes(claim));
    Optional<Difference> perhaps = Optional.empty();
    boolean ambiguous = false;
    for (Family family : Family.values()) {
      if (!contract.families().contains(family)) {
        notes.add("nothing is said of " + family);
        continue;
      }
      SetProof proof = new SetProof(claim, family, mentioned);
      for (Address address : proof.ambiguous()) {
        ambiguous = true;
        notes.add("whose packets are those of " + address
            + " can't be told: more than one pod has the address");
      }
      Optional<Difference> difference = proof.run();
      if (difference.isPresent()) {
        if (difference.get().passage().verdict() != Passage.Verdict.UNKNOWN) {
          return new Proof(Verdict.DIFFERS, difference, ways, contract, notes);
        }
        perhaps = perhaps.or(() -> difference);
      }
    }
    Verdict verdict = perhaps.isPresent() || ambiguous ? Verdict.UNKNOWN : Verdict.PROVED;
    return new Proof(verdict, perhaps, ways, contract, notes);
  }

  private static List<String> notes(Claim claim) {
    long templates = claim.plan().cluster().workloads().stream()
        .filter(workload -> workload.pods().isEmpty())
        .count();
    long pods = claim.plan().cluster().workloads().stream()
        .flatMap(workload -> workload.pods().stream())
        .filter(pod -> pod.addresses().isEmpty())
        .map(Pod::name)
        .count();
    List<String> notes = new ArrayList<>();
    if (templates > 0) {
      notes.add(templates + " workloads have no pods; rules about them are not judged");
    }
    if (pods > 0) {
      notes.add(pods + " pods have no address; rules about them are not judged");
    }
    return notes;
  }
}
