package dev.postern.verify;

import dev.postern.answer.Analysis;
import dev.postern.answer.Answer;
import dev.postern.answer.QuestionScope;
import dev.postern.backend.Reading;
import dev.postern.backend.Scope;
import dev.postern.cluster.Cluster;
import dev.postern.enforced.Contract;
import dev.postern.enforced.EnforcedRules;
import dev.postern.meaning.End;
import dev.postern.meaning.Options;
import dev.postern.net.Traffic;
import dev.postern.openworld.OpenOutcome;
import dev.postern.openworld.OpenWorld;
import dev.postern.openworld.Role;
import dev.postern.plan.Plan;
import dev.postern.policy.NamespaceSelection;
import dev.postern.prove.Claim;
import dev.postern.prove.Proof;
import dev.postern.prove.Prover;
import dev.postern.question.BadSentence;
import dev.postern.question.Question;
import dev.postern.reach.Connectivity;
import dev.postern.reach.Endpoint;
import dev.postern.reach.Reachability;
import dev.postern.selector.Selector;
import dev.postern.service.ServiceProxy;
import dev.postern.solver.Limits;
import dev.postern.solver.Z3;
import dev.postern.why.Explanation;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.UnaryOperator;

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

  private final Analysis analysis;
  private final World world;

  /** Made when the first question comes that needs it; shared by all views of one cluster under the same options. */
  private static final class World {
    private Optional<OpenWorld> made = Optional.empty();

    synchronized OpenWorld of(Plan plan) {
      OpenWorld world = made.orElseGet(() -> OpenWorld.of(plan));
      made = Optional.of(world);
      return world;
    }
  }

  private Verifier(Analysis analysis, World world) {
    this.analysis = analysis;
    this.world = world;
  }

  /** Answers with the default options. */
  public static Verifier of(Cluster cluster) {
    return of(cluster, Options.DEFAULT);
  }

  /** Answers with these options, and says where another choice gives another verdict. */
  public static Verifier of(Cluster cluster, Options options) {
    return new Verifier(Analysis.of(cluster, options), new World());
  }

  /** Answers what an analysis does, and beyond that what needs a solver. */
  public static Verifier of(Analysis analysis) {
    return new Verifier(analysis, new World());
  }

  /** The same, with names that give no namespace looked up in this one only. */
  public Verifier inNamespace(String name) {
    return new Verifier(analysis.inNamespace(name), world);
  }

  /** The same in a cluster of another domain than {@code cluster.local}, under which the DNS names of Services and pods lie. */
  public Verifier withClusterDomain(String domain) {
    return new Verifier(analysis.withClusterDomain(domain), world);
  }

  /** The same where Services are served in this way. */
  public Verifier withServiceProxy(ServiceProxy proxy) {
    return new Verifier(analysis.withServiceProxy(proxy), world);
  }

  /** The same, with these notes in every answer: where its options come from. */
  public Verifier noting(List<String> notes) {
    return new Verifier(analysis.noting(notes), world);
  }

  /** All that is answered without a solver. */
  public Analysis analysis() {
    return analysis;
  }

  public Cluster cluster() {
    return analysis.cluster();
  }

  public Options options() {
    return analysis.options();
  }

  /** The plan that answers come from. */
  public Plan plan() {
    return analysis.plan();
  }

  /** Who reaches whom, without words. */
  public Reachability reachability() {
    return analysis.reachability();
  }

  /** Who may reach whom, workload by workload. */
  public Connectivity connectivity() {
    return analysis.connectivity();
  }

  /**
   * Answers a question in words, as {@code can shop/frontend reach shop/db on 5432}.
   *
   * @throws BadSentence if it is no question, or names something that is not in the cluster
   */
  public Answer ask(String question) {
    return analysis.ask(question);
  }

  /**
   * Answers a question.
   *
   * @throws BadSentence if it names something that is not in the cluster
   */
  public Answer ask(Question question) {
    return analysis.ask(question);
  }

  /**
   * What a question is about, whatever its answer; one for each question that it puts at once.
   *
   * @throws BadSentence if it names something that is not in the cluster
   */
  public List<QuestionScope> scopes(Question question) {
    return analysis.scopes(question);
  }

  /**
   * Answers whether it could ever be so, as {@link #askOpen(Question.Can, Limits)} does, for a question in words: {@code can pods in shop reach
   * internet on 443}.
   *
   * @throws BadSentence if it is no question of yes or no, names something that is not in the cluster, or asks for every pod
   */
  public OpenAnswer askOpen(String question, Limits limits) {
    return askOpen(Question.Can.parse(question), limits);
  }

  /**
   * Answers whether it could ever be so: {@code pods} and {@code namespace} then mean those that are here and all that could come, with any
   * labels, container ports and address. The policies, and the labels of namespaces that exist, stay as they are.
   *
   * @param limits for each query to Z3; what takes more is undecided
   * @throws BadSentence if the question names something that is not in the cluster, or asks for every pod
   */
  public OpenAnswer askOpen(Question.Can question, Limits limits) {
    return open(
        open -> new OpenQuestionEvaluation(open, analysis, question).answer(limits),
        undecided -> undecided(question, undecided));
  }

  /**
   * Answers whether it could ever be so, as {@link #askOpen(Question.Can, Limits)}, and where it never is, says which sets of policies block it together and which
   * would have to deny no more.
   *
   * @param limits for each query to Z3, of which there are more than {@link #askOpen(Question.Can, Limits)} takes
   * @throws BadSentence if the question names something that is not in the cluster, or asks for every pod
   */
  public OpenAnswer whyOpen(Question.Can question, Limits limits) {
    return open(
        open -> new OpenQuestionEvaluation(open, analysis, question).why(limits),
        undecided -> undecided(question, undecided));
  }

  /** Asks the open world, unless there is no Z3 that could decide. */
  private <T> T open(Function<OpenWorld, T> ask, Function<OpenOutcome.Undecided, T> undecided) {
    Optional<String> absence = Z3.absence();
    return absence.isPresent()
        ? undecided.apply(new OpenOutcome.Undecided(absence.get()))
        : ask.apply(world.of(plan()));
  }

  private OpenAnswer undecided(Question.Can question, OpenOutcome.Undecided undecided) {
    return new OpenAnswer(question, undecided, Optional.empty(), cluster());
  }

  /**
   * Whether any pod that is here or could come, with any labels in any namespace, could ever reach these pods, or be reached by them.
   *
   * @param pods pods of this cluster's matrix
   * @param limits for each query to Z3; what takes more is undecided
   */
  public OpenExposure openExposure(Endpoint.Pods pods, Limits limits) {
    List<End> ends = plan().classes().endpoints().stream()
        .filter(end -> end.workload() == pods.workload()
            && (end.pod().isEmpty() || pods.pods().contains(end.pod().get())))
        .<End>map(end -> end)
        .toList();
    Role here = new Role.Existing(ends);
    Role anyPod = new Role.AnyPod(NamespaceSelection.ALL, Selector.EVERYTHING);
    return open(
        open -> new OpenExposure(
            open.ask(anyPod, here, Traffic.ALL, limits),
            open.ask(here, anyPod, Traffic.ALL, limits),
            cluster()),
        undecided -> new OpenExposure(undecided, undecided, cluster()));
  }

  /**
   * Explains an answer: for each of its witnesses who decided, what came closest, and the smallest changes that would turn the verdict.
   */
  public List<Explanation> why(Answer answer) {
    return analysis.why(answer);
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
    return prove(enforced, scope, Prover.ways(cluster()), Limits.DEFAULT);
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
    return Prover.prove(
        Claim.of(Plan.of(cluster(), options()), scope, enforced, UnaryOperator.identity()),
        ways,
        limits);
  }
}
