package dev.postern.openworld;

import dev.postern.cluster.Cluster;
import dev.postern.cluster.Namespace;
import dev.postern.cluster.Workload;
import dev.postern.meaning.End;
import dev.postern.meaning.Flow;
import dev.postern.meaning.FlowVerdict;
import dev.postern.meaning.Judgement;
import dev.postern.meaning.Options;
import dev.postern.meaning.Reference;
import dev.postern.net.AddressSet;
import dev.postern.net.Family;
import dev.postern.net.PortSet;
import dev.postern.net.Protocol;
import dev.postern.policy.Direction;
import dev.postern.policy.Policy;
import dev.postern.solver.FormulaModel;
import dev.postern.solver.FormulaSolver;
import dev.postern.solver.Limits;
import dev.postern.solver.Logic;
import dev.postern.solver.Satisfiability;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** Puts questions to Z3, in a logic that is somebody else's. Holds native memory in it: close it. Not for use by several threads. */
final class FlowProver implements AutoCloseable {

  private final Logic logic;
  private final NamespaceIndex around;
  private final Cluster cluster;
  private final Options options;
  private final Limits limits;
  private final List<FormulaSolver> solvers = new ArrayList<>();

  FlowProver(Logic logic, NamespaceIndex around, Options options, Limits limits) {
    this.logic = logic;
    this.around = around;
    this.cluster = around.cluster;
    this.options = options;
    this.limits = limits;
  }

  /** Empties the solvers: what they hold would stay until the garbage collector comes by. */
  @Override
  public void close() {
    solvers.forEach(FormulaSolver::reset);
  }

  /** The question of one pair of roles, each of which is one known end, or unknown. */
  Query query(Role source, Role destination, Family family, Protocol protocol, PortSet ports) {
    return query(source, destination, family, protocol, ports, false);
  }

  /** Whether something could pass if pods of which no address is known may be at any: more than could really be so. */
  Satisfiability withPodsAnywhere(
      Role source, Role destination, Family family, Protocol protocol, PortSet ports) {
    Query query = query(source, destination, family, protocol, ports, true);
    return query.check(query.policies());
  }

  private Query query(
      Role source,
      Role destination,
      Family family,
      Protocol protocol,
      PortSet ports,
      boolean podsAnywhere) {
    List<Policy> policies = around.policiesFor(List.of(source, destination));
    Vocabulary vocabulary = Vocabulary.of(policies, List.of(source, destination));
    AddressSet free = around.free(policies, family, 0);
    Actor from = actor(source, "source", family, vocabulary, free, podsAnywhere);
    free = around.free(policies, family, 1);
    Actor to = actor(destination, "destination", family, vocabulary, free, podsAnywhere);
    SymbolicPacket packet = SymbolicPacket.of(logic, protocol);
    SideFormula decision = new SideFormula(logic, options, policies, packet, true).withFlags();
    FormulaSolver solver = logic.solver(limits);
    solvers.add(solver);
    if (protocol.hasPorts()) {
      solver.add(logic.in(packet.port(), ports));
    }
    if (from instanceof UnknownPod one && to instanceof UnknownPod other) {
      solver.add(one.agrees(other));
    }
    solver.add(
        from.given(),
        to.given(),
        decision.passes(Direction.EGRESS, from, to, to),
        decision.passes(Direction.INGRESS, to, from, to));
    return new Query(solver, decision.flags(), List.of(from, to), protocol, packet.port());
  }

  OpenOutcome ask(Query query) {
    Satisfiability status = query.check(query.policies());
    if (status == Satisfiability.UNKNOWN) {
      return new OpenOutcome.Undecided(query.solver().gaveUp(limits));
    }
    if (status == Satisfiability.UNSATISFIABLE) {
      return new OpenOutcome.Never(query.core());
    }
    Shown shown = shown(query);
    Judgement judgement = new Reference(shown.cluster, options).judge(shown.flow);
    if (judgement.verdict() == FlowVerdict.DENIED) {
      throw disagree(shown.flow);
    }
    return new OpenOutcome.Possible(judgement, shown.cluster, false);
  }

  private static IllegalStateException disagree(Flow flow) {
    return new IllegalStateException(
        "Z3 and the reference disagree on " + flow + ": please report this");
  }

  /** After a check that found a flow that passes if only these policies deny: that flow, asked of the definition, too. */
  Flow flow(Query query, List<Policy> denying) {
    Shown shown = shown(query);
    if (!new DenialMeaning(shown.cluster, options, denying).lets(shown.flow)) {
      throw disagree(shown.flow);
    }
    return shown.flow;
  }

  private Actor actor(
      Role role,
      String name,
      Family family,
      Vocabulary vocabulary,
      AddressSet free,
      boolean podsAnywhere) {
    if (role instanceof Role.Existing existing) {
      End end = existing.ends().get(0);
      return podsAnywhere && PodAnywhere.is(end, cluster)
          ? new PodAnywhere(logic, cluster, options, name, family, (End.InPod) end)
          : new KnownActor(logic, cluster, options, family, end);
    }
    return role instanceof Role.AnyPod any
        ? new UnknownPod(
            logic, around.around(any), name, family, vocabulary, any, logic.yes(), free)
        : new UnknownAddress(logic, cluster, name, family, ((Role.AnyAddress) role).addresses());
  }

  /** A flow with the cluster that has its ends. */
  private record Shown(Flow flow, Cluster cluster) {}

  /** What the last check of a query shows, added to the cluster. */
  private Shown shown(Query query) {
    FormulaModel model = query.simplest();
    SortedMap<String, Namespace> namespaces = new TreeMap<>(cluster.namespaces());
    List<Workload> workloads = new ArrayList<>(cluster.workloads());
    List<End> ends = new ArrayList<>();
    for (Actor actor : query.actors()) {
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
    return new Shown(new Flow(ends.get(0), ends.get(1), query.protocol(), query.port(model)), with);
  }
}
