package dev.postern.openworld;

import dev.postern.meaning.Flow;
import dev.postern.policy.Policy;
import dev.postern.solver.Satisfiability;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Finds sets of policies that block some questions together, and sets whose silence would open one: each of the ones meets each of the
 * others, so that each new one of the ones shows where to look for the others.
 */
final class Blockers {

  /** As many sets of either kind are looked for. */
  private static final int ENOUGH = 8;

  /** So many times one set is tried. */
  private static final int PATIENCE = 64;

  private final List<Query> queries;
  private final List<Policy> policies;
  private final FlowProver prover;
  private boolean isDecided = true;

  Blockers(FlowProver prover, List<Query> queries, List<Policy> policies) {
    this.prover = prover;
    this.queries = queries;
    this.policies = policies;
  }

  /** The part of some blocking policies that is needed to block: without any one of them some question has a flow that passes. */
  List<Policy> needed(List<Policy> blocking) {
    List<Policy> needed = new ArrayList<>(blocking);
    for (Policy policy : blocking) {
      List<Policy> without = without(needed, List.of(policy));
      if (open(without).isEmpty() && isDecided) {
        needed = without;
      }
      isDecided = true;
    }
    return needed;
  }

  /** The first question that has a flow that passes if only these deny. */
  private Optional<Query> open(List<Policy> denying) {
    for (Query query : queries) {
      Satisfiability status = query.check(denying);
      if (status == Satisfiability.SATISFIABLE) {
        return Optional.of(query);
      }
      if (status == Satisfiability.UNKNOWN) {
        isDecided = false;
        return Optional.empty();
      }
    }
    return Optional.empty();
  }

  private static List<Policy> without(List<Policy> all, List<Policy> gone) {
    Set<Policy> out = Collections.newSetFromMap(new IdentityHashMap<>());
    out.addAll(gone);
    return all.stream().filter(policy -> !out.contains(policy)).toList();
  }

  /** All of both kinds, as far as there are not too many. */
  Blocking find() {
    List<List<Policy>> sets = new ArrayList<>();
    List<Blocking.Opening> openings = new ArrayList<>();
    for (int i = 0; i < PATIENCE && sets.size() < ENOUGH && openings.size() < ENOUGH; i++) {
      Optional<List<Policy>> silent = hitting(sets, openings);
      if (silent.isEmpty()) {
        return new Blocking(sets, openings, true);
      }
      List<Policy> denying = without(policies, silent.get());
      Optional<Query> open = open(denying);
      if (!isDecided) {
        break;
      }
      if (open.isPresent()) {
        Flow flow = prover.flow(open.get(), denying);
        openings.add(new Blocking.Opening(silent.get(), flow));
      } else {
        sets.add(needed(cores(denying)));
      }
    }
    return new Blocking(sets, openings, false);
  }

  /** Of policies that block those that Z3 needed for one question or another. */
  private List<Policy> cores(List<Policy> denying) {
    Set<Policy> core = Collections.newSetFromMap(new IdentityHashMap<>());
    for (Query query : queries) {
      if (query.check(denying) == Satisfiability.UNSATISFIABLE) {
        core.addAll(query.core());
      }
    }
    return denying.stream().filter(core::contains).toList();
  }

  /** A smallest set that holds one of each set, and not all of an opening. */
  private static Optional<List<Policy>> hitting(
      List<List<Policy>> sets, List<Blocking.Opening> openings) {
    int most = sets.size();
    for (int size = 0; size <= most; size++) {
      Optional<List<Policy>> found = hitting(sets, openings, List.of(), size);
      if (found.isPresent()) {
        return found;
      }
    }
    return Optional.empty();
  }

  private static Optional<List<Policy>> hitting(
      List<List<Policy>> sets, List<Blocking.Opening> openings, List<Policy> taken, int more) {
    for (Blocking.Opening opening : openings) {
      if (without(opening.policies(), taken).isEmpty()) {
        return Optional.empty();
      }
    }
    for (List<Policy> set : sets) {
      if (without(set, taken).size() == set.size()) {
        for (Policy policy : more == 0 ? List.<Policy>of() : set) {
          List<Policy> with = new ArrayList<>(taken);
          with.add(policy);
          Optional<List<Policy>> found = hitting(sets, openings, with, more - 1);
          if (found.isPresent()) {
            return found;
          }
        }
        return Optional.empty();
      }
    }
    return Optional.of(taken);
  }
}
