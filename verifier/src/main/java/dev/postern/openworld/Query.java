package dev.postern.openworld;

import com.microsoft.z3.BitVecExpr;
import com.microsoft.z3.BoolExpr;
import com.microsoft.z3.Model;
import com.microsoft.z3.Solver;
import com.microsoft.z3.Status;
import dev.postern.net.Protocol;
import dev.postern.policy.Policy;
import java.util.ArrayList;
import java.util.Collection;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;

/** The formula of one question, with a flag for each policy: off, it denies nothing, but what it allows stays. */
final class Query {

  private final Solver solver;
  private final Map<BoolExpr, Policy> flags;
  private final Map<Policy, BoolExpr> flagOf = new IdentityHashMap<>();
  private final List<Actor> actors;
  private final Protocol protocol;
  private final BitVecExpr port;
  private List<BoolExpr> assumed = List.of();

  Query(
      Solver solver,
      Map<BoolExpr, Policy> flags,
      List<Actor> actors,
      Protocol protocol,
      BitVecExpr port) {
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

  Solver solver() {
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
  Status check(Collection<Policy> denying) {
    List<BoolExpr> on = new ArrayList<>(denying.size());
    for (Policy policy : denying) {
      BoolExpr flag = flagOf.get(policy);
      if (flag != null) {
        on.add(flag);
      }
    }
    assumed = on;
    return solver.check(on.toArray(BoolExpr[]::new));
  }

  /** Of the policies of the last check those that Z3 needed to see that nothing passes. */
  List<Policy> core() {
    List<Policy> core = new ArrayList<>();
    for (BoolExpr flag : solver.getUnsatCore()) {
      Policy policy = flags.get(flag);
      if (policy != null) {
        core.add(policy);
      }
    }
    return core;
  }

  /** A model of the last check that grants one wish after the other, as long as the others still can be. */
  Model simplest() {
    Model model = solver.getModel();
    List<BoolExpr> granted = new ArrayList<>(assumed);
    for (Actor actor : actors) {
      if (actor instanceof UnknownPod pod) {
        for (BoolExpr wish : pod.wishes()) {
          granted.add(wish);
          if (solver.check(granted.toArray(BoolExpr[]::new)) == Status.SATISFIABLE) {
            model = solver.getModel();
          } else {
            granted.remove(granted.size() - 1);
          }
        }
      }
    }
    return model;
  }

  /** The port in a model; 0 for a protocol without ports. */
  int port(Model model) {
    return protocol.hasPorts() ? Integer.parseInt(model.eval(port, true).toString()) : 0;
  }
}
