package dev.postern.answer;

import dev.postern.cluster.Cluster;
import dev.postern.meaning.End;
import dev.postern.meaning.Options;
import dev.postern.meaning.Undetermined;
import dev.postern.net.AddressRange;
import dev.postern.net.AddressSet;
import dev.postern.plan.Plan;
import dev.postern.question.BadSentence;
import dev.postern.question.Party;
import dev.postern.question.Question;
import dev.postern.reach.Connectivity;
import dev.postern.reach.EndpointSelection;
import dev.postern.reach.Reachability;
import dev.postern.service.ClusterNames;
import dev.postern.service.FamiliesOfServices;
import dev.postern.service.ServiceAddresses;
import dev.postern.service.ServiceProxy;
import dev.postern.summary.Exposure;
import dev.postern.summary.Exposures;
import dev.postern.why.Explanation;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Answers questions about a cluster. Plans it once, when the first question comes; ask as many as you like.
 *
 * <pre>{@code
 * Cluster cluster = Manifests.load(Path.of("manifests")).cluster();
 * Analysis analysis = Analysis.of(cluster);
 *
 * Answer answer = analysis.ask("can shop/frontend reach shop/db on tcp/5432");
 * answer.verdict();   // ALLOWED
 * answer.because();   // [shop/allow-frontend-to-db ingress[0] (manifests/shop.yaml:48:7)]
 * }</pre>
 */
public final class Analysis {

  private final Cluster cluster;
  /** The cluster with what is left open among its policies. */
  private final Cluster judged;

  private final Options options;
  private final Optional<String> namespace;
  private final String clusterDomain;
  private final ServiceProxy proxy;
  private final List<String> assumed;
  private final AskedReadings planned;

  private Analysis(
      Cluster cluster,
      Cluster judged,
      Options options,
      Optional<String> namespace,
      String clusterDomain,
      ServiceProxy proxy,
      List<String> assumed,
      AskedReadings planned) {
    this.cluster = cluster;
    this.judged = judged;
    this.options = options;
    this.namespace = namespace;
    this.clusterDomain = clusterDomain;
    this.proxy = proxy;
    this.assumed = List.copyOf(assumed);
    this.planned = planned;
  }

  /** Answers with the default options. */
  public static Analysis of(Cluster cluster) {
    return of(cluster, Options.DEFAULT);
  }

  /** Answers with these options, and says where another choice gives another verdict. */
  public static Analysis of(Cluster cluster, Options options) {
    return new Analysis(
        cluster,
        Undetermined.in(cluster),
        options,
        Optional.empty(),
        ClusterNames.DEFAULT_DOMAIN,
        ServiceProxy.DEFAULT,
        List.of(),
        new AskedReadings());
  }

  /** The same, with names that give no namespace looked up in this one only. */
  public Analysis inNamespace(String name) {
    return new Analysis(
        cluster, judged, options, Optional.of(name), clusterDomain, proxy, assumed, planned);
  }

  /** The same in a cluster of another domain than {@code cluster.local}, under which the DNS names of Services and pods lie. */
  public Analysis withClusterDomain(String domain) {
    return new Analysis(
        cluster, judged, options, namespace, domain, proxy, assumed, new AskedReadings());
  }

  /** The same where Services are served in this way. */
  public Analysis withServiceProxy(ServiceProxy other) {
    return new Analysis(
        cluster, judged, options, namespace, clusterDomain, other, assumed, new AskedReadings());
  }

  /** The same, with these notes in every answer: where its options come from. */
  public Analysis noting(List<String> notes) {
    return new Analysis(cluster, judged, options, namespace, clusterDomain, proxy, notes, planned);
  }

  /**
   * The same of a later version of the cluster. What this one was planned for already, in any reading, is planned from that
   * once it is asked for ({@link Plan#after}); the answers are those of an analysis of its own.
   */
  public Analysis after(Cluster later) {
    Cluster open = Undetermined.in(later);
    return new Analysis(
        later, open, options, namespace, clusterDomain, proxy, assumed, planned.after());
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
    return planned(options).reachability();
  }

  /** Who may reach whom, workload by workload. */
  public Connectivity connectivity() {
    return Connectivity.of(reachability());
  }

  /**
   * The part of the matrix that a query wants.
   *
   * @throws BadSentence if it names something that is not in the cluster
   */
  public Connectivity connectivity(MatrixQuery query) {
    return connectivity()
        .narrowed(
            query
                .sources()
                .map(question -> selection(question, question.source()))
                .orElse(EndpointSelection.EVERYONE),
            query
                .destinations()
                .map(question -> selection(question, question.destination()))
                .orElse(EndpointSelection.EVERYONE),
            query.traffic());
  }

  /** How exposed every workload is, the most exposed first. */
  public List<Exposure> exposure() {
    return Exposures.of(plan(), connectivity());
  }

  private EndpointSelection selection(Question question, Party ends) {
    PartyResolver parties = parties(question);
    List<End> pods = new ArrayList<>();
    AddressSet outside = AddressSet.EMPTY;
    for (Party party : ends.each()) {
      for (Site site : parties.sites(party)) {
        if (site.range().isPresent()) {
          outside = outside.union(AddressSet.of(site.range().get()));
        } else {
          site.cells().forEach(cell -> pods.addAll(cell.ends()));
        }
      }
    }
    return EndpointSelection.of(pods, outside);
  }

  /**
   * The reasons for every pair of a part of the matrix: of what passes and of what does not, in the order of the matrix.
   *
   * @param deniedOnly whether only what does not pass is wanted
   */
  public Stream<PairReason> reasons(Connectivity matrix, boolean deniedOnly) {
    return new PairReasons(reachability()).of(matrix, deniedOnly);
  }

  /** Of a question that asks for all sources or all destinations, who is not among them, by what keeps them out; the most at once first. */
  public List<KeptOut> keptOut(Answer answer) {
    List<KeptOut> all = new ArrayList<>();
    Analysis supposing = supposing(supposed(answer.question()));
    answer
        .question()
        .each()
        .forEach(each -> all.addAll(supposing.asking(each, options).keptOut()));
    return all;
  }

  private AskedCluster planned(Options under) {
    return planned.under(under, judged, clusterDomain, proxy);
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
    List<Answer> answers = question.each().stream().map(this::answer).toList();
    return answers.size() == 1 ? answers.get(0) : Answer.together(question, answers);
  }

  /** The pods of a question that need not be there. */
  private HypotheticalPods supposed(Question question) {
    return HypotheticalPods.of(question, cluster, namespace);
  }

  /** The same with pods that need not be there. */
  private Analysis supposing(HypotheticalPods pods) {
    return pods.isEmpty() ? this : about(pods.in(cluster));
  }

  /** The same of another cluster. */
  private Analysis about(Cluster other) {
    return new Analysis(
        other,
        Undetermined.in(other),
        options,
        namespace,
        clusterDomain,
        proxy,
        assumed,
        new AskedReadings());
  }

  private Answer answer(Question question) {
    HypotheticalPods pods = supposed(question);
    if (pods.isEmpty()) {
      return answerHere(question);
    }
    Analysis there = supposing(pods);
    Answer answer = there.answerHere(question);
    List<String> notes = new ArrayList<>(pods.notes(cluster));
    notes.addAll(answer.notes());
    List<String> names = pods.areCalled() ? NamedPortReadings.names(there.judged) : List.of();
    boolean open = !names.isEmpty()
        && NamedPortReadings.extremes(there.cluster).stream()
            .map(each -> there.about(each).answerHere(question))
            .anyMatch(other ->
                other.verdict() != answer.verdict() || !other.passing().equals(answer.passing()));
    if (!open) {
      return answer.with(answer.verdict(), notes);
    }
    notes.add("policies name ports (" + String.join(", ", names)
        + "), and by which ports the pod gives these names the answer changes");
    return new Answer(question, Answer.Verdict.UNKNOWN, List.of(), 0, List.of(), notes, List.of());
  }

  private Answer answerHere(Question question) {
    QuestionEvaluation asking = asking(question, options);
    Answer answer = asking.answer();
    if (!asking.ofOpenFamily().isEmpty()) {
      return FamilyReadings.of(
              family -> after(FamiliesOfServices.assuming(cluster, family)).answerHere(question))
          .answer(question, answer, asking.ofOpenFamily());
    }
    List<String> notes = new ArrayList<>(answer.notes());
    notes.addAll(assumed);
    List<AlternativeReading> alternatives = new ArrayList<>();
    for (AlternativeReading.Choice choice : asking.choices()) {
      Options turned = choice.turned(options);
      AlternativeReading.of(choice, turned, answer, asking(question, turned).answer())
          .ifPresent(alternatives::add);
    }
    return new Answer(
        question,
        answer.verdict(),
        answer.connections(),
        answer.unlisted(),
        answer.witnesses(),
        notes,
        alternatives);
  }

  /**
   * Explains an answer: for each of its witnesses who decided, what came closest, and the smallest changes that would turn the verdict.
   */
  public List<Explanation> why(Answer answer) {
    Cluster there = supposing(supposed(answer.question())).judged;
    return answer.witnesses().stream()
        .map(witness ->
            Explanation.of(witness, there, options, AskedBlock.of(answer.question(), witness)))
        .toList();
  }

  /**
   * The same without the changes that would turn the verdict, which take much longer to find, and without policies that would turn it if they
   * selected an end: both depend on more of the cluster than what decides.
   */
  public List<Explanation> decided(Answer answer) {
    Cluster there = supposing(supposed(answer.question())).judged;
    return answer.witnesses().stream()
        .map(witness -> Explanation.reasons(witness, there, options).withoutNearMisses())
        .toList();
  }

  /**
   * What a question is about, whatever its answer; one for each question that it puts at once.
   *
   * @throws BadSentence if it names something that is not in the cluster
   */
  public List<QuestionScope> scopes(Question question) {
    return question.each().stream().map(each -> asking(each, options).scope()).toList();
  }

  /** The ends that a party of these names means; what it must mean is in the cluster. */
  public List<End> ends(Question question, Party.Named named) {
    return parties(question).sites(named).stream().flatMap(Site::ends).toList();
  }

  /** The addresses that {@code internet} means. */
  public List<AddressRange> ranges(Question question, Party.Internet internet) {
    return parties(question).sites(internet).stream()
        .flatMap(site -> site.range().stream())
        .toList();
  }

  /** What DNS names mean in the cluster. */
  public ClusterNames names() {
    return planned(options).directory().names();
  }

  /** The addresses that lead to Services. */
  public ServiceAddresses serviceAddresses() {
    return planned(options).directory().serviceAddresses();
  }

  /** The namespace that names without one are looked up in, where there is one. */
  public Optional<String> namespace() {
    return namespace;
  }

  private PartyResolver parties(Question question) {
    return new PartyResolver(planned(options).directory(), namespace, question.text());
  }

  private QuestionEvaluation asking(Question question, Options under) {
    AskedCluster plan = planned(under);
    return new QuestionEvaluation(plan.directory(), plan.reachability(), namespace, question);
  }
}
