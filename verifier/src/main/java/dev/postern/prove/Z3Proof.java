package dev.postern.prove;

import dev.postern.deadline.Deadline;
import dev.postern.net.Address;
import dev.postern.net.Family;
import dev.postern.solver.Engine;
import dev.postern.solver.FormulaSolver;
import dev.postern.solver.Limits;
import dev.postern.solver.Logic;
import dev.postern.solver.Z3;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import java.util.stream.IntStream;

/**
 * Proves a claim for one family with Z3 over bit-vectors, straight from the policies and the rules: the witness that is independent of plan
 * and sets. Several threads share the questions, each with a Z3 of its own; what comes out does not depend on who was first.
 */
final class Z3Proof {

  /** Up to so many workloads are asked about at once. */
  private static final int TOGETHER = 24;

  /** More threads than these do not pay: each has to learn the cluster for itself. */
  private static final int THREADS = 4;

  private final ProofContext plain;
  private final Limits limits;
  private final Supplier<ProofContext> checked;
  private Optional<ProofContext> ground = Optional.empty();

  /**
   * What came out.
   *
   * @param difference a packet, if one was found
   * @param undecided why Z3 has not proved it, in words; empty if it has, or has found a difference
   */
  record Result(Optional<PacketDifference> difference, List<String> undecided) {
    Result {
      undecided = List.copyOf(undecided);
    }
  }

  Z3Proof(
      Claim claim, Family family, MentionedSets mentioned, Set<Address> ambiguous, Limits limits) {
    this(claim, family, mentioned, ambiguous, limits, UserSpace.RIGHT);
  }

  Z3Proof(
      Claim claim,
      Family family,
      MentionedSets mentioned,
      Set<Address> ambiguous,
      Limits limits,
      UserSpace userSpace) {
    this.plain = new ProofContext(claim, family, mentioned, ambiguous, userSpace);
    this.limits = limits;
    this.checked = () -> {
      try (SolverSession asking = new SolverSession(plain, limits, new HashMap<>())) {
        return new ProofContext(
            claim, family, mentioned, ambiguous, userSpace, asking::acceptsNone);
      }
    };
  }

  /** What questions have in common, once it was asked which jumps they may leave out. */
  private ProofContext ground() {
    ProofContext found = ground.orElseGet(() -> plain.guards.isDoubtful() ? checked.get() : plain);
    ground = Optional.of(found);
    return found;
  }

  PacketQuestions questions() {
    return new PacketQuestions(ground());
  }

  /** Runs, or says that Z3's native library is not there for this machine. */
  Result run() {
    try {
      return run(
          plain.policed.size() > TOGETHER
              ? questions().byPolicies()
              : new PacketQuestions(plain).whole());
    } catch (Deadline.Passed late) {
      return new Result(Optional.empty(), List.of("Z3: " + late.getMessage()));
    }
  }

  /** Asks these questions. */
  Result run(List<PacketQuestion> questions) {
    // Steps are counted from what a Z3 has seen before: only one that sees all in order counts
    // alike each time.
    int threads = limits.steps() > 0 || questions.size() < TOGETHER
        ? 1
        : Math.min(THREADS, Runtime.getRuntime().availableProcessors());
    Map<QuestionShape.Key, SolverSession.Answer> known = new ConcurrentHashMap<>();
    AtomicInteger next = new AtomicInteger();
    AtomicInteger enough = new AtomicInteger(questions.size());
    Map<Integer, SolverSession.Answer> found = new ConcurrentHashMap<>();
    Deadline deadline = Deadline.current();
    ProofContext common = ground();
    Callable<Integer> work = () -> deadline.during(() -> {
      try (SolverSession asking = new SolverSession(common, limits, known)) {
        for (int i = next.getAndIncrement(); i < enough.get(); i = next.getAndIncrement()) {
          int number = i;
          SolverSession.Answer answer = asking.ask(questions.get(number));
          if (!answer.isNo()) {
            found.put(number, answer);
          }
          if (answer.isCertain()) {
            enough.accumulateAndGet(number, Math::min);
          }
        }
      }
      return next.get();
    });
    try {
      together(work, threads);
    } catch (Z3.Missing missing) {
      return new Result(Optional.empty(), List.of(String.valueOf(missing.getMessage())));
    } catch (Deadline.Passed late) {
      found.put(
          questions.size(),
          new SolverSession.Answer(Optional.empty(), Optional.of("Z3: " + late.getMessage())));
    }
    return result(found, enough.get());
  }

  private static void together(Callable<Integer> work, int threads) throws Z3.Missing {
    ExecutorService pool = Executors.newFixedThreadPool(threads);
    try {
      List<Future<Integer>> running =
          IntStream.range(0, threads).mapToObj(i -> pool.submit(work)).toList();
      for (Future<Integer> each : running) {
        each.get();
      }
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while Z3 was asked", interrupted);
    } catch (ExecutionException problem) {
      if (problem.getCause() instanceof Z3.Missing missing) {
        throw missing;
      }
      throw problem.getCause() instanceof RuntimeException cause
          ? cause
          : new IllegalStateException(problem.getCause());
    } finally {
      pool.shutdownNow();
    }
  }

  private static Result result(Map<Integer, SolverSession.Answer> found, int certain) {
    SolverSession.Answer sure = found.get(certain);
    if (sure != null && sure.isCertain()) {
      return new Result(sure.difference(), List.of());
    }
    List<String> late = new ArrayList<>();
    Optional<PacketDifference> perhaps = Optional.empty();
    for (Map.Entry<Integer, SolverSession.Answer> each : new TreeMap<>(found).entrySet()) {
      each.getValue().undecided().filter(why -> !late.contains(why)).ifPresent(late::add);
      perhaps = perhaps.or(each.getValue()::difference);
    }
    return new Result(perhaps, late);
  }

  static String name(Family family, PacketQuestion question) {
    return family.name().toLowerCase(Locale.ROOT) + "-" + question.name();
  }

  /** The questions as SMT-LIB, for another solver: each is to be unsatisfiable. */
  Map<String, String> export() throws Z3.Missing {
    List<PacketQuestion> questions = plain.policed.size() > TOGETHER
        ? new PacketQuestions(plain).byNamespace()
        : new PacketQuestions(plain).whole();
    ViolationTerms wrong = new ViolationTerms(plain);
    Map<String, String> texts = new LinkedHashMap<>();
    for (PacketQuestion question : questions) {
      try (Engine engine = new Engine()) {
        Logic logic = engine.logic();
        FormulaSolver solver = logic.solver(limits);
        plain(logic, solver, wrong, question);
        texts.put(
            name(plain.family, question),
            "(set-info :status unsat)\n(set-logic QF_BV)\n" + solver.smtLib() + "(check-sat)\n");
      }
    }
    return texts;
  }

  /** Asserts that some packet is treated wrongly, bit by bit as it is on the wire. */
  private void plain(
      Logic logic, FormulaSolver solver, ViolationTerms wrong, PacketQuestion question) {
    Packets packets = new Packets(plain.family, question.from(), question.to());
    PlainEncoding encoding = new PlainEncoding(logic, packets);
    solver.add(encoding.given(), encoding.of(wrong.about(question, packets)));
  }
}
