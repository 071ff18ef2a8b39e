package dev.postern.prove;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.backend.Scope;
import dev.postern.cluster.Cluster;
import dev.postern.enforced.Condition.ConnectionState;
import dev.postern.enforced.Contract;
import dev.postern.enforced.EnforcedRules;
import dev.postern.net.Address;
import dev.postern.net.AddressSet;
import dev.postern.net.Cidr;
import dev.postern.net.Family;
import dev.postern.plan.Plan;
import dev.postern.prove.Sentence.Field;
import dev.postern.solver.Engine;
import dev.postern.solver.FormulaSolver;
import dev.postern.solver.Limits;
import dev.postern.solver.Logic;
import dev.postern.solver.Satisfiability;
import dev.postern.solver.Z3;
import dev.postern.testing.Clusters;
import dev.postern.testing.Profile;
import dev.postern.testing.Tries;
import dev.postern.testing.shape.Shape;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.lifecycle.AfterContainer;
import org.junit.jupiter.api.Test;

/** The form of a question decides it: as pieces, and once for all questions of that form, it comes out as bit by bit and each by itself. */
class QuestionShapeTest {

  private static final AtomicInteger ASKED = new AtomicInteger();
  private static final AtomicInteger ALIKE = new AtomicInteger();
  private static final AtomicInteger SATISFIED = new AtomicInteger();

  @AfterContainer
  static void enoughOfAll() {
    System.out.println("questions asked twice: " + ASKED + ", of a form seen before: " + ALIKE
        + ", satisfied: " + SATISFIED);
    assertThat(ALIKE).hasValueGreaterThanOrEqualTo(Tries.share(1));
    assertThat(SATISFIED).hasValueGreaterThanOrEqualTo(Tries.share(1));
  }

  @Property(tries = 60)
  void theFormOfAQuestionDecidesItAsItsBitsDo(
      @ForAll("clusters") Cluster cluster,
      @ForAll NaiveCompiler.Style style,
      @ForAll Mutants.Kind kind,
      @ForAll boolean mutate,
      @ForAll Random random)
      throws Z3.Missing {
    Plan plan = Plan.of(cluster);
    EnforcedRules rules = RuleText.parse(NaiveCompiler.compile(plan, Scope.CLUSTER, style));
    Optional<EnforcedRules> mutant =
        mutate ? new Mutants(random).mutate(rules, kind) : Optional.empty();
    Claim claim = new Claim(plan, Scope.CLUSTER, mutant.orElse(rules), Contract.STRICT);
    MentionedSets mentioned = new MentionedSets(claim);
    Map<QuestionShape.Key, Satisfiability> known = new HashMap<>();
    for (Family family : Family.values()) {
      AddressClasses classes = new AddressClasses(plan, claim.scope(), family, mentioned.addresses);
      ProofContext ground = new ProofContext(claim, family, mentioned, classes.ambiguous);
      ViolationTerms wrong = new ViolationTerms(ground);
      List<PacketQuestion> questions = new ArrayList<>();
      new PacketQuestions(ground)
          .byPolicies()
          .forEach(question -> questions.addAll(apart(question)));
      questions.addAll(new PacketQuestions(ground).whole());
      for (PacketQuestion question : questions) {
        Packets packets = new Packets(family, question.from(), question.to());
        Sentence sentence = wrong.about(question, packets);
        if (sentence == Sentence.NO) {
          continue;
        }
        Satisfiability plain = plain(sentence, packets);
        QuestionShape form = new QuestionShape(sentence, packets);
        assertThat(inPieces(sentence, form)).as(question.name()).isEqualTo(plain);
        Satisfiability before = known.putIfAbsent(form.key(), plain);
        ASKED.incrementAndGet();
        if (before != null) {
          ALIKE.incrementAndGet();
          assertThat(plain).as(question.name()).isEqualTo(before);
        }
        if (plain == Satisfiability.SATISFIABLE) {
          SATISFIED.incrementAndGet();
        }
      }
    }
  }

  /** Address by address, so that there are many of the same form. */
  private static List<PacketQuestion> apart(PacketQuestion question) {
    boolean from = question.name().contains("from-");
    return !from && !question.name().contains("to-")
        ? List.of(question)
        : (from ? question.from() : question.to())
            .ranges().stream()
                .map(AddressSet::of)
                .map(part -> new PacketQuestion(
                    question.name() + part,
                    question.state(),
                    question.reply(),
                    from ? part : question.from(),
                    from ? question.to() : part,
                    question.sides()))
                .toList();
  }

  private static Satisfiability plain(Sentence sentence, Packets packets) throws Z3.Missing {
    try (Engine engine = new Engine()) {
      Logic logic = engine.logic();
      return check(logic, new PlainEncoding(logic, packets), sentence);
    }
  }

  private static Satisfiability inPieces(Sentence sentence, QuestionShape form) throws Z3.Missing {
    try (Engine engine = new Engine()) {
      Logic logic = engine.logic();
      return check(logic, new PieceEncoding(logic, form), sentence);
    }
  }

  private static Satisfiability check(Logic logic, SentenceEncoding encoding, Sentence sentence) {
    FormulaSolver solver = logic.solver(Limits.DEFAULT);
    solver.add(encoding.given(), encoding.of(sentence));
    return solver.check(List.of());
  }

  private static final Packets ALL = new Packets(Family.IPV4, AddressSet.ALL, AddressSet.ALL);

  private static QuestionShape form(Sentence sentence) {
    return new QuestionShape(sentence, ALL);
  }

  private static Sentence from(String block, int port) {
    return Sentence.all(
        ALL.source(AddressSet.of(Cidr.parse(block))),
        Sentence.in(Field.DESTINATION_PORT, port, port));
  }

  /** Nine tenths of these namespaces differ in names and addresses only. */
  @Test
  void namespacesFromOneTemplateAreAskedAboutOnceAndAWrongOneAmongThemIsStillFound()
      throws Z3.Missing {
    Plan plan = Plan.of(Shape.W1_TENANT_TEMPLATE.cluster(42, 0.01));
    EnforcedRules rules =
        RuleText.parse(NaiveCompiler.compile(plan, Scope.CLUSTER, NaiveCompiler.Style.values()[0]));
    Claim claim = new Claim(plan, Scope.CLUSTER, rules, Contract.STRICT);
    MentionedSets mentioned = new MentionedSets(claim);
    ProofContext ground = new ProofContext(claim, Family.IPV4, mentioned, Set.of());
    List<PacketQuestion> questions = new PacketQuestions(ground).byPolicies();
    Map<QuestionShape.Key, SolverSession.Answer> known = new HashMap<>();
    int asked = 0;
    try (SolverSession asking = new SolverSession(ground, Limits.DEFAULT, known)) {
      for (PacketQuestion question : questions) {
        assertThat(asking.ask(question).isNo()).isTrue();
        asked += question.state() == ConnectionState.NEW ? 1 : 0;
      }
    }
    assertThat(known.size()).isPositive().isLessThan(asked / 2);

    Random random = new Random(7);
    for (int i = 0; i < 20; i++) {
      EnforcedRules mutant = new Mutants(random)
          .mutate(rules, Mutants.Kind.values()[i % Mutants.Kind.values().length])
          .orElse(rules);
      Claim wrong = new Claim(plan, Scope.CLUSTER, mutant, Contract.STRICT);
      MentionedSets told = new MentionedSets(wrong);
      AddressClasses classes = new AddressClasses(plan, Scope.CLUSTER, Family.IPV4, told.addresses);
      boolean differs = new SetProof(wrong, classes, told).run().isPresent();
      Z3Proof z3 = new Z3Proof(wrong, Family.IPV4, told, Set.of(), Limits.DEFAULT);
      assertThat(z3.run(z3.questions().byPolicies()).difference().isPresent()).isEqualTo(differs);
    }
  }

  @Test
  void otherAddressesAndPortsAreTheSameForm() {
    assertThat(form(from("10.0.0.0/24", 80)).key())
        .isEqualTo(form(from("192.0.2.0/30", 5432)).key())
        .isNotEqualTo(form(Sentence.not(from("10.0.0.0/24", 80))).key());
  }

  @Test
  void howSetsOverlapIsPartOfTheForm() {
    Sentence apart = Sentence.all(
        ALL.source(AddressSet.of(Cidr.parse("10.0.0.0/24"))),
        Sentence.not(ALL.source(AddressSet.of(Cidr.parse("10.0.1.0/24")))));
    Sentence inside = Sentence.all(
        ALL.source(AddressSet.of(Cidr.parse("10.0.0.0/25"))),
        Sentence.not(ALL.source(AddressSet.of(Cidr.parse("10.0.0.0/24")))));
    assertThat(form(apart).key()).isNotEqualTo(form(inside).key());
  }

  @Test
  void whetherAPieceIsASingleAddressIsPartOfTheFormWhereItMattersWhichItIs() throws Z3.Missing {
    Packets one = new Packets(
        Family.IPV4, AddressSet.ofAddresses(List.of(Address.parse("10.0.0.1"))), AddressSet.ALL);
    Sentence another = Sentence.all(
        one.destination(AddressSet.ofAddresses(List.of(Address.parse("10.0.0.1")))),
        Sentence.not(new Sentence.Same()));
    Packets two =
        new Packets(Family.IPV4, AddressSet.of(Cidr.parse("10.0.0.0/31")), AddressSet.ALL);
    Sentence other = Sentence.all(
        two.destination(AddressSet.of(Cidr.parse("10.0.0.0/31"))),
        Sentence.not(new Sentence.Same()));
    assertThat(new QuestionShape(another, one).key())
        .isNotEqualTo(new QuestionShape(other, two).key());
    assertThat(inPieces(another, new QuestionShape(another, one)))
        .isEqualTo(Satisfiability.UNSATISFIABLE);
    assertThat(inPieces(other, new QuestionShape(other, two)))
        .isEqualTo(Satisfiability.SATISFIABLE);
  }

  @Provide
  Arbitrary<Cluster> clusters() {
    return Clusters.of(ProverTest.PROFILE.sized(new Profile.Size(2, 4, 2, 6, 3)))
        .filter(cluster -> !cluster.policies().isEmpty() && !cluster.workloads().isEmpty());
  }
}
