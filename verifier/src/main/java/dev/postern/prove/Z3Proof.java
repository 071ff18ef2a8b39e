package dev.postern.prove;

import com.microsoft.z3.BitVecExpr;
import com.microsoft.z3.BoolExpr;
import com.microsoft.z3.Context;
import com.microsoft.z3.Model;
import com.microsoft.z3.Solver;
import com.microsoft.z3.Status;
import dev.postern.cluster.Cluster;
import dev.postern.cluster.Node;
import dev.postern.cluster.Pod;
import dev.postern.cluster.Workload;
import dev.postern.enforced.Condition.ConnectionState;
import dev.postern.enforced.Contract;
import dev.postern.enforced.Contract.Established;
import dev.postern.enforced.EnforcedRules.Rule;
import dev.postern.enforced.Packet;
import dev.postern.enforced.Passage;
import dev.postern.meaning.End;
import dev.postern.meaning.Judgement.Exemption;
import dev.postern.meaning.Options;
import dev.postern.net.Address;
import dev.postern.net.AddressSet;
import dev.postern.net.Family;
import dev.postern.policy.Direction;
import dev.postern.solver.Limits;
import dev.postern.solver.Z3;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BiFunction;

/**
 * Proves a claim for one family with Z3 over bit-vectors, straight from the policies and the rules: the witness that is independent of plan
 * and sets. Questions are split by namespace where a cluster is large; a question that takes too long is UNKNOWN.
 */
final class Z3Proof {

  /** Up to so many workloads are asked about at once. */
  private int together = 24;

  private final Claim claim;
  private final Cluster cluster;
  private final Options options;
  private final Contract contract;
  private final Family family;
  /** Addresses whose packets are not judged. */
  private final AddressSet ambiguous;

  private final Limits limits;
  private final List<String> inNames;
  private final List<String> outNames;
  private final PolicyTerms.Memory memory = new PolicyTerms.Memory();
  /** The policed addresses of each workload that has any. */
  private final Map<Workload, AddressSet> policed = new LinkedHashMap<>();

  private final Map<Address, List<End.InPod>> pods = new HashMap<>();
  private final AddressSet allPoliced;
  private final Guards guards;
  /** The addresses of the policed pods on each node, and of each node itself; empty where their traffic is not exempt. */
  private final Map<String, AddressSet> onNode = new TreeMap<>();

  private final Map<String, AddressSet> ofNode = new TreeMap<>();
  private final Replay replay;

  /**
   * What is asked.
   *
   * @param from where the packets come from
   * @param to where they go to
   * @param sides whose policies are asked about. If it is one side only, then jumps that are about the other side are left out, and what is
   *     dropped has to be what this side's policies deny. That this holds on each side is more than is claimed: where it does not, both
   *     are asked about together.
   */
  record Question(
      String name,
      ConnectionState state,
      boolean reply,
      AddressSet from,
      AddressSet to,
      Set<Direction> sides) {

    Question ofBothSides() {
      return new Question(name + "-both", state, reply, from, to, BOTH);
    }
  }

  private static final Set<Direction> BOTH = EnumSet.allOf(Direction.class);

  /**
   * What came out.
   *
   * @param difference a packet, if one was found
   * @param undecided why Z3 has not proved it, in words; empty if it has, or has found a difference
   */
  record Result(Optional<Difference> difference, List<String> undecided) {
    Result {
      undecided = List.copyOf(undecided);
    }
  }

  Z3Proof(Claim claim, Family family, Mentioned mentioned, Set<Address> ambiguous, Limits limits) {
    this.claim = claim;
    this.cluster = claim.plan().cluster();
    this.options = claim.plan().options();
    this.contract = claim.contract();
    this.family = family;
    this.ambiguous = AddressSet.ofAddresses(ambiguous);
    this.limits = limits;
    this.inNames = names(mentioned.inInterfaces);
    this.outNames = names(mentioned.outInterfaces);
    for (Workload workload : cluster.workloads()) {
      List<Address> here = new ArrayList<>();
      for (Pod pod : workload.pods()) {
        for (Address address : pod.addresses()) {
          End.InPod end = new End.InPod(workload, Optional.of(pod), Optional.of(address));
          pods.computeIfAbsent(address, a -> new ArrayList<>()).add(end);
          if (address.family() == family && AddressClasses.isPoliced(end, options, claim.scope())) {
            here.add(address);
          }
        }
      }
      if (!here.isEmpty()) {
        policed.put(workload, AddressSet.ofAddresses(here));
      }
    }
    this.allPoliced = new AddressSet(
        policed.values().stream().flatMap(s -> s.ranges().stream()).toList());
    this.guards = new Guards(claim.rules(), allPoliced);
    if (options.nodeTrafficPasses()) {
      findNodes();
    }
    this.replay = new Replay(claim, address -> pods.getOrDefault(address, List.of()));
  }

  private List<String> names(Set<Mentioned.Name> mentioned) {
    Set<String> all = new LinkedHashSet<>(Mentioned.interfaces(mentioned));
    contract.interfaces().forEach(binding -> all.add(binding.name()));
    return List.copyOf(all);
  }

  /** All questions; together they are about every packet. */
  List<Question> questions() {
    List<Question> questions = new ArrayList<>();
    for (ConnectionState state :
        List.of(ConnectionState.NEW, ConnectionState.ESTABLISHED, ConnectionState.RELATED)) {
      for (boolean reply : new boolean[] {false, true}) {
        if (state == ConnectionState.NEW && !reply && policed.size() > together) {
          split(questions);
        } else if (state != ConnectionState.NEW || !reply) {
          String name = state.name().toLowerCase(Locale.ROOT) + (reply ? "-reply" : "");
          questions.add(new Question(name, state, reply, AddressSet.ALL, AddressSet.ALL, BOTH));
        }
      }
    }
    return questions;
  }

  private void split(List<Question> questions) {
    Map<String, AddressSet> namespaces = new TreeMap<>();
    policed.forEach((workload, addresses) ->
        namespaces.merge(workload.namespace(), addresses, AddressSet::union));
    AddressSet others =
        namespaces.values().stream().reduce(AddressSet.EMPTY, AddressSet::union).complement();
    boolean oneSide = guards.any();
    namespaces.forEach((name, addresses) -> {
      questions.add(opening(
          "from-" + name, addresses, AddressSet.ALL, oneSide ? Set.of(Direction.EGRESS) : BOTH));
      questions.add(opening(
          "to-" + name,
          oneSide ? AddressSet.ALL : others,
          addresses,
          oneSide ? Set.of(Direction.INGRESS) : BOTH));
    });
    questions.add(opening("others", others, others, BOTH));
  }

  private static Question opening(
      String name, AddressSet from, AddressSet to, Set<Direction> sides) {
    return new Question(name, ConnectionState.NEW, false, from, to, sides);
  }

  Result run() throws Z3.Missing {
    List<String> late = new ArrayList<>();
    Optional<Difference> perhaps = Optional.empty();
    Deque<Question> open = new ArrayDeque<>(questions());
    while (!open.isEmpty()) {
      Question question = open.pop();
      try (Context context = Z3.open()) {
        Terms terms = new Terms(context, family, question.from(), question.to());
        Solver solver = ask(terms, question);
        Status status = solver.check();
        if (status == Status.UNKNOWN) {
          late.add("question " + name(question) + ": " + Z3.gaveUp(solver, limits));
        } else if (status == Status.SATISFIABLE && !question.sides().equals(BOTH)) {
          open.push(question.ofBothSides());
        } else if (status == Status.SATISFIABLE) {
          Difference difference = show(terms, question, solver.getModel());
          if (difference.passage().verdict() != Passage.Verdict.UNKNOWN) {
            return new Result(Optional.of(difference), List.of());
          }
          perhaps = perhaps.or(() -> Optional.of(difference));
        }
      }
    }
    return new Result(perhaps, late);
  }

  /** Asks about more workloads than these namespace by namespace. */
  Z3Proof together(int most) {
    together = most;
    return this;
  }

  private String name(Question question) {
    return family.name().toLowerCase(Locale.ROOT) + "-" + question.name();
  }

  /** Runs, or says that Z3's native library is not there for this machine. */
  Result runIfThere() {
    try {
      return run();
    } catch (Z3.Missing missing) {
      return new Result(Optional.empty(), List.of(String.valueOf(missing.getMessage())));
    }
  }

  /** The questions as SMT-LIB, for another solver: each is to be unsatisfiable. */
  Map<String, String> export() throws Z3.Missing {
    Map<String, String> texts = new LinkedHashMap<>();
    for (Question question : questions()) {
      try (Context context = Z3.open()) {
        Terms terms = new Terms(context, family, question.from(), question.to());
        texts.put(
            name(question),
            "(set-info :status unsat)\n(set-logic QF_BV)\n" + ask(terms, question)
                + "(check-sat)\n");
      }
    }
    return texts;
  }

  /** Asserts that a packet fares wrongly. */
  private Solver ask(Terms terms, Question question) {
    Solver solver = Z3.solver(terms.context, limits);
    RuleTerms rules = new RuleTerms(
        terms,
        claim.rules(),
        question.state(),
        question.reply(),
        inNames,
        outNames,
        rule -> isLeftOut(rule, question));
    BoolExpr dropped = rules.dropped();
    BoolExpr exempt = exempt(terms, Set.of(Exemption.SAME_POD, Exemption.OWN_NODE));
    BoolExpr open = exempt(terms, contract.leftOpen());
    BoolExpr discovery = terms.isNeighbourDiscovery();
    boolean opening = question.state() == ConnectionState.NEW;
    boolean always = !opening
        && (question.reply()
            || question.state() == ConnectionState.RELATED
            || contract.established() == Established.ALL_PASS);
    BoolExpr allowed = always ? terms.yes() : passes(terms, false, question.sides());
    BoolExpr must = terms.or(discovery, terms.and(terms.not(open), terms.or(exempt, allowed)));
    BoolExpr wrong = terms.and(must, dropped);
    if (opening) {
      BoolExpr denied = terms.and(
          terms.not(passes(terms, true, question.sides())),
          terms.not(exempt),
          terms.not(discovery));
      wrong = terms.or(wrong, terms.and(denied, terms.not(dropped)));
    }
    List<BoolExpr> asserted =
        new ArrayList<>(List.of(terms.isPacket(), terms.within(), behindInterfaces(terms), wrong));
    asserted.add(terms.not(terms.in(true, ambiguous)));
    asserted.add(terms.not(terms.in(false, ambiguous)));
    for (Contract.Waiver waiver : contract.waivers()) {
      asserted.add(terms.not(rules.condition(waiver.packets())));
    }
    solver.add(asserted.toArray(BoolExpr[]::new));
    return solver;
  }

  private boolean isLeftOut(Rule rule, Question question) {
    return guards.of(rule).filter(side -> !question.sides().contains(side)).isPresent();
  }

  /** Each side that is policed lets the packet pass. */
  private BoolExpr passes(Terms terms, boolean names, Set<Direction> of) {
    PolicyTerms policies = new PolicyTerms(cluster, options, terms, names, memory);
    List<BoolExpr> sides = new ArrayList<>();
    policed.forEach((workload, addresses) -> {
      for (Direction direction : of) {
        BoolExpr here = terms.in(direction == Direction.EGRESS, addresses);
        if (!here.isFalse()) {
          sides.add(terms.or(terms.not(here), policies.passes(workload, direction)));
        }
      }
    });
    return terms.and(sides);
  }

  private void findNodes() {
    Map<String, List<Address>> on = new TreeMap<>();
    Map<String, List<Address>> of = new TreeMap<>();
    pods.forEach((address, ends) ->
        ends.forEach(end -> end.pod().flatMap(Pod::node).ifPresent(node -> {
          if (AddressClasses.isPoliced(end, options, claim.scope())) {
            on.computeIfAbsent(node, n -> new ArrayList<>()).add(address);
          }
          if (end.workload().hostNetwork()) {
            of.computeIfAbsent(node, n -> new ArrayList<>()).add(address);
          }
        })));
    for (Node node : cluster.nodes()) {
      node.addresses().stream()
          .filter(address -> !pods.containsKey(address))
          .forEach(
              address -> of.computeIfAbsent(node.name(), n -> new ArrayList<>()).add(address));
    }
    on.forEach((node, addresses) -> onNode.put(node, AddressSet.ofAddresses(addresses)));
    of.forEach((node, addresses) -> ofNode.put(node, AddressSet.ofAddresses(addresses)));
  }

  /** No policy is about the packet: a policed pod and itself, a pod and its own node. */
  private BoolExpr exempt(Terms terms, Set<Exemption> which) {
    List<BoolExpr> parts = new ArrayList<>();
    if (which.contains(Exemption.SAME_POD)) {
      parts.add(terms.and(
          terms.in(true, allPoliced),
          terms.in(false, allPoliced),
          terms.context.mkEq(terms.source, terms.destination)));
    }
    if (which.contains(Exemption.OWN_NODE)) {
      onNode.forEach((node, here) -> {
        AddressSet there = ofNode.getOrDefault(node, AddressSet.EMPTY);
        parts.add(terms.and(terms.in(true, here), terms.in(false, there)));
        parts.add(terms.and(terms.in(false, here), terms.in(true, there)));
      });
    }
    return terms.or(parts);
  }

  /** Packets of bound addresses, and only they, use the interface that these are behind. */
  private BoolExpr behindInterfaces(Terms terms) {
    List<BoolExpr> parts = new ArrayList<>();
    BiFunction<BitVecExpr, Integer, BoolExpr> below =
        (field, size) -> terms.context.mkBVULT(field, terms.context.mkBV(size, 16));
    parts.add(below.apply(terms.inInterface, inNames.size()));
    parts.add(below.apply(terms.outInterface, outNames.size()));
    for (Contract.Binding binding : contract.interfaces()) {
      parts.add(terms.context.mkEq(
          terms.is(terms.inInterface, inNames.indexOf(binding.name())),
          terms.in(true, binding.addresses())));
      parts.add(terms.context.mkEq(
          terms.is(terms.outInterface, outNames.indexOf(binding.name())),
          terms.in(false, binding.addresses())));
    }
    return terms.and(parts);
  }

  private Difference show(Terms terms, Question question, Model model) {
    int number = number(model, terms.protocol);
    Packet packet = new Packet(
        terms.address(Terms.number(model.eval(terms.source, true))),
        terms.address(Terms.number(model.eval(terms.destination, true))),
        number,
        number(model, terms.sourcePort),
        number(model, terms.destinationPort),
        number == Packet.icmp(family) ? number(model, terms.icmpType) : 0,
        inNames.get(number(model, terms.inInterface)),
        outNames.get(number(model, terms.outInterface)),
        question.state(),
        question.reply(),
        0);
    return replay.difference(packet);
  }

  private static int number(Model model, BitVecExpr field) {
    return Terms.number(model.eval(field, true)).intValueExact();
  }
}
