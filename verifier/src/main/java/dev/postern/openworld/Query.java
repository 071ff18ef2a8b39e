package dev.postern.openworld;

import dev.postern.net.Protocol;
import dev.postern.policy.Policy;
import dev.postern.solver.BitVector;
import dev.postern.solver.Formula;
import dev.postern.solver.FormulaModel;
import dev.postern.solver.FormulaSolver;
import dev.postern.solver.Satisfiability;
import java.util.ArrayList;
import java.util.Collection;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;

/** The formula of one question, with a flag for each policy: off, it denies nothing, but what it allows stays. */
final class Query {

  private final FormulaSolver solver;
  private final Map<Formula, Policy> flags;
  private final Map<Policy, Formula> flagOf = new IdentityHashMap<>();
  private final List<Actor> actors;
  private final Protocol protocol;
  private final BitVector port;
  private List<Formula> assumed = List.of();

  Query(
      FormulaSolver solver,
      Map<Formula, Policy> flags,
      List<Actor> actors,
      Protocol protocol,
      BitVector port) {
    this.solver = solver;
    this.flags = flags;
    this.actors = actors;
    this.protocol = protocol;
    this.port = port;
    flags.forEach((flag, policy) -> flagOf.put(policy, flag));
  }

  /** Those that have a flag: no other selects an end. */
  Collection<Policy> policies() {
    return flags.values();
  }

  FormulaSolver solver() {
    return solver;
  }

  Protocol protocol() {
    return protocol;
  }

  /** Source and destination. */
  List<Actor> actors() {
    return actors;
  }

  /** Whether some flow passes if only these policies deny. */
  Satisfiability check(Collection<Policy> denying) {
    List<Formula> on = new ArrayList<>(denying.size());
    for (Policy policy : denying) {
      Formula flag = flagOf.get(policy);
      if (flag != null) {
        on.add(flag);
      }
    }
    assumed = on;
    return solver.check(on);
  }

  /** Of the policies of the last check those that Z3 needed to see that nothing passes. */
  List<Policy> core() {
    List<Policy> core = new ArrayList<>();
    for (Formula flag : solver.core()) {
      Policy policy = flags.get(flag);
      if (policy != null) {
        core.add(policy);
      }
    }
    return core;
  }

  /** A model of the last check that grants one wish after the other, as long as the others still can be. */
  FormulaModel simplest() {
    FormulaModel model = solver.model();
    List<Formula> granted = new ArrayList<>(assumed);
    for (Actor actor : actors) {
      if (actor instanceof UnknownPod pod) {
        for (Formula wish : pod.wishes()) {
          granted.add(wish);
          if (solver.check(granted) == Satisfiability.SATISFIABLE) {
            model = solver.model();
          } else {
            granted.remove(granted.size() - 1);
          }
        }
      }
    }
    return model;
  }

  /** The port in a model; 0 for a protocol without ports. */
  int port(FormulaModel model) {
    return protocol.hasPorts() ? model.value(port) : 0;
  }
}
