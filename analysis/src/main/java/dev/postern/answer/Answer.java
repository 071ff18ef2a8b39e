package dev.postern.answer;

import dev.postern.meaning.Judgement;
import dev.postern.question.Quantifier;
import dev.postern.question.Question;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * The answer to a question.
 *
 * @param question what was asked
 * @param verdict the answer in one word
 * @param connections what passes and what does not between the ends that were asked about, in the order of the cluster; for {@code who} and
 *     {@code what} only what passes or may pass. Of many pairs the first {@link #LIMIT} are listed, and what passes of the others as far as
 *     they had to be looked at
 * @param unlisted how many pairs are not listed, at most
 * @param witnesses one flow for each thing that happens, judged by the definition with both sides' reasons: a flow that passes, one that does
 *     not, one that is undecided, as far as there are any
 * @param notes what else decides or must be known: ports that a Service lacks, sources that are hidden
 * @param alternatives the choices that Kubernetes leaves to a dataplane and that change this answer
 */
public record Answer(
    Question question,
    Verdict verdict,
    List<Connection> connections,
    long unlisted,
    List<Judgement> witnesses,
    List<String> notes,
    List<AlternativeReading> alternatives) {

  /** From so many pairs on, those between which nothing passes are no longer listed. */
  public static final int LIMIT = 20_000;

  /** An answer in one word. */
  public enum Verdict {
    /** All that was asked passes; for {@code who} and {@code what}, somebody is found. */
    ALLOWED("allowed"),
    /** Nothing of it passes. */
    DENIED("denied"),
    /** Some of the ends, or some of the traffic, but not all. */
    PARTIAL("partial"),
    /** It depends on what the manifests do not say. Never a yes. */
    UNKNOWN("unknown");

    private final String word;

    Verdict(String word) {
      this.word = word;
    }

    /** The word, in lower case. */
    public String word() {
      return word;
    }
  }

  public Answer {
    connections = List.copyOf(connections);
    witnesses = List.copyOf(witnesses);
    notes = List.copyOf(notes);
    alternatives = List.copyOf(alternatives);
  }

  /** One answer to a question that puts several at once, of which all count. */
  static Answer together(Question question, List<Answer> answers) {
    Set<Verdict> verdicts = EnumSet.noneOf(Verdict.class);
    Set<Connection> connections = new LinkedHashSet<>();
    Set<String> notes = new LinkedHashSet<>();
    Set<AlternativeReading> alternatives = new LinkedHashSet<>();
    List<Judgement> witnesses = new ArrayList<>();
    Set<dev.postern.meaning.FlowVerdict> shown =
        EnumSet.noneOf(dev.postern.meaning.FlowVerdict.class);
    for (Answer answer : answers) {
      verdicts.add(answer.verdict());
      connections.addAll(answer.connections());
      notes.addAll(answer.notes());
      alternatives.addAll(answer.alternatives());
      answer.witnesses().stream()
          .filter(witness -> shown.add(witness.verdict()) || !(question instanceof Question.Can))
          .forEach(witnesses::add);
    }
    return new Answer(
        question,
        PairEvaluation.fold(Quantifier.EVERY, verdicts),
        List.copyOf(connections),
        answers.stream().mapToLong(Answer::unlisted).sum(),
        witnesses,
        List.copyOf(notes),
        List.copyOf(alternatives));
  }

  /** The same with another verdict and other notes. */
  Answer with(Verdict other, List<String> said) {
    return new Answer(question, other, connections, unlisted, witnesses, said, alternatives);
  }

  /** What passes or may pass, without who decided. */
  List<Object> passing() {
    return connections.stream()
        .filter(c -> !c.isDenied() || !c.unknown().isEmpty())
        .map(c ->
            (Object) List.of(c.source(), c.destination(), c.allowed(), c.partly(), c.unknown()))
        .toList();
  }

  /**
   * The rules and policies behind the verdict, the source's side first; none where no policy says anything, so that everything passes.
   * {@code toString} of a reason is {@code shop/allow-frontend-to-db ingress[0] (shop.yaml:48:7)}.
   */
  public List<Reason> because() {
    return witnesses.stream().flatMap(w -> Reason.of(w).stream()).distinct().toList();
  }
}
