package dev.postern.openworld;

import com.microsoft.z3.BitVecExpr;
import com.microsoft.z3.BoolExpr;
import com.microsoft.z3.Context;
import com.microsoft.z3.Model;
import com.microsoft.z3.Solver;
import com.microsoft.z3.Status;
import dev.postern.cluster.Cluster;
import dev.postern.cluster.Namespace;
import dev.postern.cluster.Workload;
import dev.postern.meaning.End;
import dev.postern.meaning.Flow;
import dev.postern.meaning.Judgement;
import dev.postern.meaning.Options;
import dev.postern.meaning.Reference;
import dev.postern.meaning.Verdict;
import dev.postern.net.Family;
import dev.postern.net.PortSet;
import dev.postern.net.Protocol;
import dev.postern.plan.Plan;
import dev.postern.policy.Direction;
import dev.postern.policy.Policy;
import dev.postern.solver.Limits;
import dev.postern.solver.Z3;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** Puts one question at a time to Z3. Holds native memory: close it. Not for use by several threads. */
final class Prover implements AutoCloseable {

  private final Context context;
  private final Logic logic;
  private final Cluster cluster;
  private final Options options;
  private final Limits limits;

  Prover(Plan plan, Limits limits) throws Z3.Missing {
    this.context = Z3.open();
    this.logic = new Logic(context);
    this.cluster = plan.cluster();
    this.options = plan.options();
    this.limits = limits;
  }

  @Override
  public void close() {
    context.close();
  }

  /** Each role is one known end, or unknown. */
  Outcome ask(Role source, Role destination, Family family, Protocol protocol, PortSet ports) {
    Vocabulary vocabulary = Vocabulary.of(cluster.policies(), List.of(source, destination));
    Actor from = actor(source, "source", family, vocabulary);
    Actor to = actor(destination, "destination", family, vocabulary);
    Packet packet = Packet.of(logic, protocol);
    Decision decision = new Decision(logic, options, cluster.policies(), packet, true).withFlags();
    Solver solver = Z3.solver(context, limits);
    if (protocol.hasPorts()) {
      solver.add(new BoolExpr[] {logic.in(packet.port(), ports)});
    }
    if (from instanceof UnknownPod one && to instanceof UnknownPod other) {
      solver.add(new BoolExpr[] {one.agrees(other)});
    }
    solver.add(new BoolExpr[] {
      from.given(),
      to.given(),
      decision.passes(Direction.EGRESS, from, to, to),
      decision.passes(Direction.INGRESS, to, from, to)
    });
    Map<BoolExpr, Policy> flags = decision.flags();
    BoolExpr[] assumptions = flags.keySet().toArray(BoolExpr[]::new);
    Status status = solver.check(assumptions);
    if (status == Status.UNKNOWN) {
      return new Outcome.Undecided(Z3.gaveUp(solver, limits));
    }
    if (status == Status.UNSATISFIABLE) {
      return new Outcome.Never(minimal(solver, List.of(solver.getUnsatCore())).stream()
          .map(flags::get)
          .toList());
    }
    Model model = simplest(solver, List.of(assumptions), List.of(from, to));
    return witness(
        model, from, to, protocol, protocol.hasPorts() ? number(model, packet.port()) : 0);
  }

  private Actor actor(Role role, String name, Family family, Vocabulary vocabulary) {
    if (role instanceof Role.Existing existing) {
      return new KnownActor(logic, cluster, options, existing.ends().get(0));
    }
    return role instanceof Role.AnyPod any
        ? new UnknownPod(logic, cluster, name, family, vocabulary, any, logic.yes())
        : new UnknownAddress(logic, cluster, name, family, ((Role.AnyAddress) role).addresses());
  }

  /** Leaves out of a core what it can do without. */
  private static List<BoolExpr> minimal(Solver solver, List<BoolExpr> core) {
    List<BoolExpr> needed = new ArrayList<>(core);
    for (BoolExpr candidate : core) {
      List<BoolExpr> without = new ArrayList<>(needed);
      without.remove(candidate);
      if (solver.check(without.toArray(BoolExpr[]::new)) == Status.UNSATISFIABLE) {
        needed = without;
      }
    }
    return needed;
  }

  /** Grants one wish after the other, as long as the others still can be. */
  private static Model simplest(Solver solver, List<BoolExpr> assumptions, List<Actor> actors) {
    Model model = solver.getModel();
    List<BoolExpr> granted = new ArrayList<>(assumptions);
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

  private static int number(Model model, BitVecExpr vector) {
    return Integer.parseInt(model.eval(vector, true).toString());
  }

  /** Adds what the model shows to the cluster and asks the definition. */
  private Outcome witness(Model model, Actor from, Actor to, Protocol protocol, int port) {
    SortedMap<String, Namespace> namespaces = new TreeMap<>(cluster.namespaces());
    List<Workload> workloads = new ArrayList<>(cluster.workloads());
    List<End> ends = new ArrayList<>();
    for (Actor actor : List.of(from, to)) {
      if (actor instanceof UnknownPod pod) {
        Namespace namespace = pod.namespace(model, namespaces);
        Workload workload = pod.read(model, namespace);
        namespaces.putIfAbsent(namespace.name(), namespace);
        workloads.add(workload);
        ends.add(new End.InPod(
            workload,
            Optional.of(workload.pods().get(0)),
            Optional.of(workload.pods().get(0).addresses().get(0))));
      } else {
        ends.add(
            actor instanceof UnknownAddress address
                ? address.read(model)
                : ((KnownActor) actor).end());
      }
    }
    Cluster with = new Cluster(
        namespaces,
        workloads,
        cluster.services(),
        cluster.nodes(),
        cluster.entrances(),
        cluster.policies());
    Judgement judgement =
        new Reference(with, options).judge(new Flow(ends.get(0), ends.get(1), protocol, port));
    if (judgement.verdict() == Verdict.DENIED) {
      throw new IllegalStateException(
          "Z3 and the reference disagree on " + judgement.flow() + ": please report this");
    }
    return new Outcome.Possible(judgement, with, false);
  }
}
