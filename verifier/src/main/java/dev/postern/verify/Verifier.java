package dev.postern.verify;

import dev.postern.cluster.Cluster;
import dev.postern.enforced.Contract;
import dev.postern.enforced.EnforcedRules;
import dev.postern.meaning.End;
import dev.postern.meaning.Judgement;
import dev.postern.meaning.Options;
import dev.postern.net.Cidr;
import dev.postern.openworld.OpenWorld;
import dev.postern.plan.Plan;
import dev.postern.prove.Claim;
import dev.postern.prove.Proof;
import dev.postern.prove.Prover;
import dev.postern.question.BadSentence;
import dev.postern.question.Party;
import dev.postern.question.Question;
import dev.postern.solver.Limits;
import dev.postern.target.Reading;
import dev.postern.target.Scope;
import dev.postern.verify.reach.Connectivity;
import dev.postern.verify.reach.Reachability;
import dev.postern.verify.why.Explanation;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Answers questions about a cluster. Plans it once, when the first question comes; ask as many as you like.
 *
 * <pre>{@code
 * Cluster cluster = Manifests.load(Path.of("manifests")).cluster();
 * Verifier verifier = Verifier.of(cluster);
 *
 * Answer answer = verifier.ask("can shop/frontend reach shop/db on tcp/5432");
 * answer.verdict();   // ALLOWED
 * answer.because();   // [shop/allow-frontend-to-db ingress[0] (manifests/shop.yaml:48:7)]
 * }</pre>
 */
public final class Verifier {

  private final Cluster cluster;
  private final Options options;
  private final Optional<String> namespace;
  private final Map<Options, Planned> planned;

  private static final class Planned {
    private final Directory directory;
    private final Reachability reachability;
    private Optional<OpenWorld> world = Optional.empty();

    Planned(Plan plan) {
      this.directory = new Directory(plan);
      this.reachability = Reachability.of(plan);
    }

    /** Made when the first question comes that needs it. */
    synchronized OpenWorld world() {
      OpenWorld made = world.orElseGet(() -> OpenWorld.of(reachability.plan()));
      world = Optional.of(made);
      return made;
    }
  }

  private Verifier(
      Cluster cluster, Options options, Optional<String> namespace, Map<Options, Planned> planned) {
    this.cluster = cluster;
    this.options = options;
    this.namespace = namespace;
    this.planned = planned;
  }

  /** Answers with the default options. */
  public static Verifier of(Cluster cluster) {
    return of(cluster, Options.DEFAULT);
  }

  /** Answers with these options, and says where another choice gives another verdict. */
  public static Verifier of(Cluster cluster, Options options) {
    return new Verifier(cluster, options, Optional.empty(), new HashMap<>());
  }

  /** The same, with names that give no namespace looked up in this one only. */
  public Verifier inNamespace(String name) {
    return new Verifier(cluster, options, Optional.of(name), planned);
  }

  public Cluster cluster() {
    return cluster;
  }

  public Options options() {
    return options;
  }

  /** The plan that answers come from. */
  public Plan plan() {
    return reachability().plan();
  }

  /** Who reaches whom, without words. */
  public Reachability reachability() {
    return planned(options).reachability;
  }

  /** Who may reach whom, workload by workload. */
  public Connectivity connectivity() {
    return Connectivity.of(reachability());
  }

  private synchronized Planned planned(Options under) {
    return planned.computeIfAbsent(under, o -> {
      Plan plan = Plan.of(cluster, o);
      return new Planned(plan);
    });
  }

  /**
   * Answers a question in words, as {@code can shop/frontend reach shop/db on 5432}.
   *
   * @throws BadSentence if it is no question, or names something that is not in the cluster
   */
  public Answer ask(String question) {
    return ask(Question.parse(question));
  }

  /**
   * Answers a question.
   *
   * @throws BadSentence if it names something that is not in the cluster
   */
  public Answer ask(Question question) {
    Asking asking = asking(question, options);
    Answer answer = asking.answer();
    List<String> notes = new ArrayList<>(answer.notes());
    for (Choice choice : asking.choices(options)) {
      difference(choice, answer, asking(question, choice.options()).answer()).ifPresent(notes::add);
    }
    return new Answer(
        question,
        answer.verdict(),
        answer.connections(),
        answer.unlisted(),
        answer.witnesses(),
        notes);
  }

  /**
   * Answers whether it could ever be so: {@code pods} and {@code namespace} then mean those that are here and all that could come, with any
   * labels, container ports and address. The policies, and the labels of namespaces that exist, stay as they are.
   *
   * @param limits for each query to Z3; what takes more is undecided
   * @throws BadSentence if the question names something that is not in the cluster, or asks for every pod
   */
  public OpenAnswer askOpen(Question.Can question, Limits limits) {
    Planned plan = planned(options);
    return new OpenAsking(plan.world(), plan.directory, namespace, question).answer(limits);
  }

  /**
   * Answers whether it could ever be so, as {@link #askOpen}, and where it never is, says which sets of policies block it together and which
   * would have to deny no more.
   *
   * @param limits for each query to Z3, of which there are more than {@link #askOpen} takes
   * @throws BadSentence if the question names something that is not in the cluster, or asks for every pod
   */
  public OpenAnswer whyOpen(Question.Can question, Limits limits) {
    Planned plan = planned(options);
    return new OpenAsking(plan.world(), plan.directory, namespace, question).why(limits);
  }

  /**
   * Explains an answer: for each of its witnesses who decided, what came closest, and the smallest changes that would turn the verdict.
   */
  public List<Explanation> why(Answer answer) {
    return answer.witnesses().stream()
        .map(
            witness -> Explanation.of(witness, cluster, options, block(answer.question(), witness)))
        .toList();
  }

  /** Proves that rules which were read back enforce the policies for all pods, and leave all other traffic alone. */
  public Proof prove(EnforcedRules rules) {
    return prove(Reading.of(rules, Contract.STRICT), Scope.CLUSTER);
  }

  /**
   * Proves that what a node prints enforces the policies for the pods in a scope: by sets of packets, and for up to a hundred workloads by
   * Z3 as well.
   *
   * @throws IllegalArgumentException if the dumps could not be read
   */
  public Proof prove(Reading enforced, Scope scope) {
    return prove(enforced, scope, Prover.ways(cluster), Limits.DEFAULT);
  }

  /**
   * Proves in some ways.
   *
   * @param ways one or both; they must come to the same verdict
   * @param limits for each question to Z3; what takes more was not proved by Z3, and a note says so
   * @throws IllegalArgumentException if the dumps could not be read
   */
  public Proof prove(Reading enforced, Scope scope, Set<Proof.Way> ways, Limits limits) {
    if (!enforced.problems().isEmpty()) {
      throw new IllegalArgumentException(String.join("\n", enforced.problems()));
    }
    Plan plan = planned(options).reachability.plan();
    return Prover.prove(
        new Claim(plan, scope, enforced.rules(), enforced.contract()), ways, limits);
  }

  /** The block that a question names where its witness has an address; for the internet all addresses. */
  private static Optional<Cidr> block(Question question, Judgement witness) {
    if (!(question instanceof Question.Can can)) {
      return Optional.empty();
    }
    for (Party party : List.of(can.source(), can.destination())) {
      if (party instanceof Party.Internet) {
        return Stream.of(witness.flow().source(), witness.flow().destination())
            .flatMap(end -> end instanceof End.Outside outside
                ? Stream.of(Cidr.all(outside.address().family()))
                : Stream.empty())
            .findFirst();
      }
      if (party instanceof Party.Addresses named) {
        List<Cidr> cidrs = named.addresses().cidrs();
        return cidrs.size() == 1 ? Optional.of(cidrs.get(0)) : Optional.empty();
      }
    }
    return Optional.empty();
  }

  private Asking asking(Question question, Options under) {
    Planned plan = planned(under);
    return new Asking(plan.directory, plan.reachability, namespace, question);
  }

  private static Optional<String> difference(Choice choice, Answer answer, Answer other) {
    if (answer.verdict() != other.verdict()) {
      return Optional.of("because " + choice.because() + ": " + choice.flag() + " says "
          + other.verdict().word());
    }
    return passing(answer).equals(passing(other))
        ? Optional.empty()
        : Optional.of(
            "because " + choice.because() + ": " + choice.flag() + " gives other connections");
  }

  private static List<Object> passing(Answer answer) {
    return answer.connections().stream()
        .filter(c -> !c.isDenied() || !c.unknown().isEmpty())
        .map(c ->
            (Object) List.of(c.source(), c.destination(), c.allowed(), c.partly(), c.unknown()))
        .toList();
  }
}
