package dev.postern.page;

import dev.postern.answer.AlternativeReading;
import dev.postern.answer.Analysis;
import dev.postern.answer.Answer;
import dev.postern.answer.MatrixQuery;
import dev.postern.cluster.Cluster;
import dev.postern.cluster.Workload;
import dev.postern.diff.ComparedCluster;
import dev.postern.manifest.Loaded;
import dev.postern.manifest.ReadMemory;
import dev.postern.manifest.ReadOptions;
import dev.postern.manifest.Source;
import dev.postern.plan.Plan;
import dev.postern.policy.Direction;
import dev.postern.policy.PolicyKind;
import dev.postern.question.BadSentence;
import dev.postern.question.Question;
import dev.postern.reach.Connectivity;
import dev.postern.reach.Endpoint;
import dev.postern.reach.EndpointSelection;
import dev.postern.summary.Exposure;
import dev.postern.wording.Abridgement;
import dev.postern.wording.AnswerLines;
import dev.postern.wording.DifferenceReport;
import dev.postern.wording.ExplanationLines;
import dev.postern.wording.PairReasonLines;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Manifests that were read once and answer everything that the page asks, as JSON. The same class runs in a JVM, where the page is written,
 * and in the browser. Whatever the manifests or a question hold, nothing is thrown. For one thread.
 */
public final class PageEngine {

  private final ReadMemory memory;
  private final List<Source> sources;
  private final Loaded loaded;
  private final Cluster cluster;
  private final PageReading reading;
  /** Made when first asked for, since a difference needs none. */
  private Optional<Analysis> analysis = Optional.empty();

  private Optional<Connectivity> matrix = Optional.empty();
  private Optional<List<Exposure>> exposures = Optional.empty();
  private Optional<ComparedCluster> compared = Optional.empty();
  private List<Edited> edits = List.of();

  private record Edited(String name, String text, Source source) {}

  private PageEngine(ReadMemory memory, List<Source> sources, PageReading reading) {
    this.memory = memory;
    this.sources = sources;
    this.loaded = memory.read(sources);
    this.cluster = reading.on(loaded.cluster());
    this.reading = reading;
  }

  /** Reads manifests. */
  public static PageEngine read(List<PageSource> sources, PageReading reading) {
    ReadOptions options =
        ReadOptions.DEFAULT.withNamespace(reading.objects()).withKeepWritten(true);
    return new PageEngine(
        new ReadMemory(options), sources.stream().map(PageSource::source).toList(), reading);
  }

  /** Reads other manifests, and no document anew that stands here in a source of the same name and at the same line. */
  public PageEngine beside(List<PageSource> others) {
    return new PageEngine(memory, others.stream().map(PageSource::source).toList(), reading);
  }

  /**
   * Reads the same manifests where some have another text, and no document anew that stands where it stood.
   *
   * @param names the sources that are another
   * @param texts their texts
   */
  public PageEngine edited(List<String> names, List<String> texts) {
    List<Edited> now = new ArrayList<>();
    List<Source> all = new ArrayList<>();
    for (Source source : sources) {
      int edit = names.indexOf(source.name());
      if (edit < 0) {
        all.add(source);
      } else {
        Edited edited = edit(source, texts.get(edit));
        now.add(edited);
        all.add(edited.source());
      }
    }
    edits = now;
    return new PageEngine(memory, all, reading);
  }

  /**
   * Edits a source as nobody asked for and compares that, so that what edits look up is known, and what they run has run, before somebody
   * waits for one. No answer changes by that.
   *
   * @param name the source
   * @param text its text
   * @param turn another edit for each number
   */
  public void rehearse(String name, String text, int turn) {
    List<Workload> there = cluster.workloads().stream()
        .filter(workload -> workload.origin().file().equals(name))
        .toList();
    if (!there.isEmpty()) {
      Workload one = there.get(turn % there.size());
      String policy = RehearsedPolicy.of(one, isolated(one), turn);
      difference(edited(List.of(name), List.of(text + policy)), name, name);
    }
  }

  /** In which directions NetworkPolicies isolate a workload; both where none does. */
  Set<Direction> isolated(Workload workload) {
    Set<Direction> isolated = EnumSet.noneOf(Direction.class);
    cluster.policies().stream()
        .filter(policy -> policy.kind() == PolicyKind.NETWORK_POLICY
            && policy.namespace().equals(workload.namespace())
            && policy.subject().pods().matches(workload.labels()))
        .forEach(policy -> isolated.addAll(policy.isolates()));
    return isolated.isEmpty() ? EnumSet.allOf(Direction.class) : isolated;
  }

  /** An edited source is the same object as long as it is not edited again. */
  private Edited edit(Source source, String text) {
    return edits.stream()
        .filter(each -> each.name().equals(source.name()) && each.text().equals(text))
        .findFirst()
        .orElseGet(() -> new Edited(
            source.name(), text, new PageSource(source.name(), text, source.isFound()).source()));
  }

  private Analysis analysis() {
    if (analysis.isEmpty()) {
      Analysis plain = Analysis.of(cluster, reading.options())
          .withServiceProxy(reading.services())
          .withClusterDomain(reading.domain())
          .noting(reading.notes());
      analysis = Optional.of(reading.names().map(plain::inNamespace).orElse(plain));
    }
    return analysis.get();
  }

  /** The cluster's plan: that of answers, unless these add what is not known. */
  private Plan planned() {
    Plan answering = analysis().plan();
    return answering.cluster() == cluster ? answering : Plan.of(cluster, reading.options());
  }

  private List<Exposure> exposures() {
    if (exposures.isEmpty()) {
      exposures = Optional.of(analysis().exposure());
    }
    return exposures.get();
  }

  private Connectivity matrix() {
    if (matrix.isEmpty()) {
      matrix = Optional.of(analysis().connectivity());
    }
    return matrix.get();
  }

  /** What of its manifests is enough for a first answer; empty where all of them are needed. */
  Optional<FirstReading> firstReading(List<PageSource> texts) {
    return FirstReading.of(loaded, cluster, memory, sources, texts, exposures());
  }

  /** What is wrong with the manifests. */
  public String diagnostics() {
    ScriptJson json = new ScriptJson().object().field("diagnostics");
    ClusterJson.diagnostics(loaded.diagnostics(), loaded, json);
    return json.endObject().toString();
  }

  /** What was read and what is wrong with it, names for completion, and how exposed each workload is. */
  public String overview() {
    ScriptJson json = new ScriptJson().object();
    ClusterJson.summary(loaded, cluster, json);
    ClusterJson.exposures(exposures(), json);
    return json.endObject().toString();
  }

  /**
   * The matrix, and what is to be known besides; later questions about a pair mean this one.
   *
   * @param from the sources in the words of questions; empty for all
   * @param to the destinations
   * @param port the traffic
   */
  public String matrix(String from, String to, String port) {
    ScriptJson json = new ScriptJson().object();
    try {
      matrix = Optional.of(
          analysis().connectivity(MatrixQuery.parse(given(from), given(to), given(port))));
    } catch (BadSentence problem) {
      return problem(problem, json);
    }
    MatrixJson.write(matrix(), json);
    return json.field("notes", matrix().notes()).endObject().toString();
  }

  private static Optional<String> given(String words) {
    return Optional.of(words.strip()).filter(each -> !each.isEmpty());
  }

  /** What there is to say about the policies, as lint says it, of every severity. */
  public String findings() {
    return findings(ChosenFindings.all(reading.closed())).get();
  }

  /** The findings that are to be shown, which another thread may look for while this one goes on. */
  Supplier<String> findings(ChosenFindings choice) {
    Plan plan = analysis().plan();
    return () -> {
      ChosenFindings.Chosen chosen = choice.of(loaded, plan);
      ScriptJson json = new ScriptJson().object().field("note", chosen.note()).field("findings");
      ClusterJson.diagnostics(chosen.findings(), loaded, json);
      return json.endObject().toString();
    };
  }

  /** Answers a question with its reasons and what would change it, or says where the sentence went wrong. */
  public String ask(String question) {
    return answer(
        question,
        answer -> ExplanationLines.of(
            analysis().why(answer),
            analysis().keptOut(answer),
            Abridgement.shortened("the command line")));
  }

  /**
   * Answers a question about two workloads with what decides it. An engine that has read no more than {@link FirstReading} chooses for these
   * two says the same.
   */
  public String decided(String question) {
    return answer(
        question,
        answer -> ExplanationLines.of(
            analysis().decided(answer), List.of(), Abridgement.shortened("the command line")));
  }

  /** Where a question went wrong as a sentence, whatever the manifests hold; an empty object if it did not. */
  public static String sentence(String question) {
    ScriptJson json = new ScriptJson().object();
    try {
      Question.parse(question);
      return json.endObject().toString();
    } catch (BadSentence problem) {
      return problem(problem, json);
    }
  }

  private String answer(String question, Function<Answer, List<String>> why) {
    ScriptJson json = new ScriptJson().object();
    try {
      Answer answer = analysis().ask(question);
      AnswerLines lines = AnswerLines.of(answer, Abridgement.WHOLE);
      json.field("question", answer.question().text())
          .field("verdict", answer.verdict().word())
          .field("head", lines.head())
          .field("lines", lines.lines())
          .field("why", why.apply(answer))
          .field("notes", notes(answer));
      return json.endObject().toString();
    } catch (BadSentence problem) {
      return problem(problem, json);
    }
  }

  private static List<String> notes(Answer answer) {
    List<String> notes = new ArrayList<>(answer.notes());
    answer.alternatives().forEach(other -> notes.add(words(other)));
    return notes;
  }

  private static String words(AlternativeReading other) {
    String choice = switch (other.choice()) {
      case IP_BLOCK_MATCHES_PODS -> "whether an ipBlock matches addresses of pods";
      case NODE_TRAFFIC_PASSES -> "whether traffic between a pod and its node always passes";
      case HOST_NETWORK -> "what a pod on the host network is";
      case MISSING_ADDRESS -> "what address a pod has of which none is known";
    };
    return "it depends on what the manifests leave open, " + choice + ": the other way, "
        + other
            .verdict()
            .map(verdict -> "the answer is " + verdict.word())
            .orElse("other connections pass");
  }

  private static String problem(BadSentence problem, ScriptJson json) {
    return json.field("problem", problem.problem())
        .field("hint", problem.hint().orElse(""))
        .field("column", problem.column())
        .field("excerpt", problem.excerpt())
        .endObject()
        .toString();
  }

  /** What was read. */
  Cluster cluster() {
    return cluster;
  }

  /** How many endpoints the matrix has. */
  int endpoints() {
    return matrix().endpoints().size();
  }

  /** The reasons for what passes between two endpoints of the matrix, and for what does not. */
  public String pair(int source, int destination) {
    List<Endpoint> endpoints = matrix().endpoints();
    List<String> lines = new ArrayList<>();
    Connectivity one = analysis()
        .connectivity()
        .narrowed(
            EndpointSelection.only(endpoints.get(source)),
            EndpointSelection.only(endpoints.get(destination)),
            matrix().traffic());
    analysis()
        .reasons(one, false)
        .forEach(reason -> lines.addAll(PairReasonLines.of(
            reason, Optional.empty(), Abridgement.shortened("the command line"))));
    return new ScriptJson().object().field("lines", lines).endObject().toString();
  }

  /** What passes in another version of the manifests and does not in this one, and the other way round. */
  public String difference(PageEngine after, String oldName, String newName) {
    ComparedCluster before =
        compared.orElseGet(() -> new ComparedCluster(cluster, reading.options(), this::planned));
    compared = Optional.of(before);
    return DifferenceJson.of(DifferenceReport.of(
        before.to(after.cluster, after::planned), before.causes(after.cluster), oldName, newName));
  }
}
