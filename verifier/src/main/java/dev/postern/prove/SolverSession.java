package dev.postern.prove;

import dev.postern.deadline.Deadline;
import dev.postern.enforced.EnforcedRules.EnforcedRule;
import dev.postern.enforced.Packet;
import dev.postern.enforced.Passage;
import dev.postern.enforced.RuleAction;
import dev.postern.net.AddressSet;
import dev.postern.prove.Sentence.Field;
import dev.postern.solver.Engine;
import dev.postern.solver.FormulaModel;
import dev.postern.solver.FormulaSolver;
import dev.postern.solver.Limits;
import dev.postern.solver.Logic;
import dev.postern.solver.Satisfiability;
import dev.postern.solver.Z3;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Asks Z3 one question after the other. Holds native memory: close it. Not for use by several threads. */
final class SolverSession implements AutoCloseable {

  /**
   * What Z3 says to a question.
   *
   * @param difference a packet that is treated wrongly, if there is one
   * @param undecided why it was not decided
   */
  record Answer(Optional<PacketDifference> difference, Optional<String> undecided) {
    static final Answer NO = new Answer(Optional.empty(), Optional.empty());

    boolean isNo() {
      return difference.isEmpty() && undecided.isEmpty();
    }

    /** Whether the packet is treated wrongly whatever was not understood. */
    boolean isCertain() {
      return difference.filter(d -> d.passage().fate() != Passage.Fate.UNKNOWN).isPresent();
    }
  }

  private final ProofContext ground;
  private final Limits limits;
  private final ViolationTerms wrong;
  private final PacketReplay replay;
  /** What was decided without a packet, by the form of the question. */
  private final Map<QuestionShape.Key, Answer> known;

  /** Whether no packet is as a sentence says, by its form. */
  private final Map<QuestionShape.Key, Boolean> never = new HashMap<>();

  private final Engine engine = new Engine();

  SolverSession(ProofContext ground, Limits limits, Map<QuestionShape.Key, Answer> known) {
    this.ground = ground;
    this.limits = limits;
    this.known = known;
    this.wrong = new ViolationTerms(ground);
    this.replay =
        new PacketReplay(ground.claim, ground.interfaces, ground::podsAt, ground.userSpace);
  }

  @Override
  public void close() {
    engine.close();
  }

  Answer ask(PacketQuestion question) throws Z3.Missing {
    Deadline.current().check();
    Packets packets = new Packets(ground.family, question.from(), question.to());
    Sentence sentence = wrong.about(question, packets);
    if (sentence == Sentence.NO) {
      return Answer.NO;
    }
    QuestionShape form = new QuestionShape(sentence, packets);
    QuestionShape.Key key = form.key();
    Answer before = known.get(key);
    if (before != null) {
      return before;
    }
    Limits left = limits.within(Deadline.current());
    Logic logic = engine.logic();
    PieceEncoding encoding = new PieceEncoding(logic, form);
    FormulaSolver solver = logic.solver(left);
    try {
      Satisfiability status = check(solver, encoding, sentence);
      if (status != Satisfiability.SATISFIABLE) {
        Answer answer = status == Satisfiability.UNSATISFIABLE
            ? Answer.NO
            : new Answer(
                Optional.empty(),
                Optional.of("question " + name(question) + ": " + solver.gaveUp(left)));
        known.put(key, answer);
        return answer;
      }
      Packet packet = packet(question, encoding, solver.model());
      return question.isOfBothSides() || replay.isWrong(packet)
          ? new Answer(Optional.of(replay.difference(packet)), Optional.empty())
          : ask(question.ofBothSides());
    } finally {
      // What it holds would stay until the garbage collector comes by.
      solver.reset();
    }
  }

  private static Satisfiability check(
      FormulaSolver solver, PieceEncoding encoding, Sentence sentence) {
    solver.add(encoding.given(), encoding.of(sentence));
    return solver.check(List.of());
  }

  /** Whether no packet between policed pods that may have to be dropped is accepted where a jump leads to. */
  boolean acceptsNone(EnforcedRule rule) {
    Deadline.current().check();
    RuleAction.Jump jump = (RuleAction.Jump) rule.action();
    Packets packets = new Packets(
        ground.family,
        ConditionIndex.limit(rule.condition(), true)
            .orElse(AddressSet.ALL)
            .intersect(ground.allPoliced),
        ConditionIndex.limit(rule.condition(), false)
            .orElse(AddressSet.ALL)
            .intersect(ground.allPoliced));
    Sentence sentence = wrong.acceptedAfter(jump.chain(), packets);
    if (sentence == Sentence.NO) {
      return true;
    }
    QuestionShape form = new QuestionShape(sentence, packets);
    return never.computeIfAbsent(form.key(), key -> isNever(form, sentence));
  }

  private boolean isNever(QuestionShape form, Sentence sentence) {
    try {
      Logic logic = engine.logic();
      FormulaSolver solver = logic.solver(limits.within(Deadline.current()));
      try {
        return check(solver, new PieceEncoding(logic, form), sentence)
            == Satisfiability.UNSATISFIABLE;
      } finally {
        solver.reset();
      }
    } catch (Z3.Missing missing) {
      return false;
    }
  }

  private String name(PacketQuestion question) {
    return Z3Proof.name(ground.family, question);
  }

  private Packet packet(PacketQuestion question, PieceEncoding encoding, FormulaModel model) {
    int protocol = encoding.number(model, Field.PROTOCOL);
    return new Packet(
        encoding.source(model),
        encoding.destination(model),
        protocol,
        encoding.number(model, Field.SOURCE_PORT),
        encoding.number(model, Field.DESTINATION_PORT),
        protocol == Packet.icmp(ground.family) ? encoding.number(model, Field.ICMP_TYPE) : 0,
        ground.inNames.get(encoding.number(model, Field.IN_INTERFACE)),
        ground.outNames.get(encoding.number(model, Field.OUT_INTERFACE)),
        question.state(),
        question.reply(),
        0);
  }
}
