package dev.postern.answer;

import dev.postern.cluster.Cluster;
import dev.postern.cluster.Workload;
import dev.postern.diagnostic.Origin;
import dev.postern.question.BadSentence;
import dev.postern.question.Party;
import dev.postern.question.Question;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The pods of a question that need not be there. Each is judged as a workload of its labels of which nothing else is known: no address, no
 * node, no container port, and not on the host network.
 */
final class HypotheticalPods {

  /** No object of Kubernetes is of this kind. */
  private static final String KIND = "hypothetical pod";

  private final Map<Party.Hypothetical, Workload> workloads = new LinkedHashMap<>();
  private final boolean called;

  private HypotheticalPods(
      Question question,
      Stream<Party.Hypothetical> parties,
      Optional<String> namespace,
      boolean called) {
    this.called = called;
    parties.forEach(party -> workloads.put(party, workload(question.text(), party, namespace)));
  }

  /**
   * Those of a question.
   *
   * @param namespace where those are that give none
   * @throws BadSentence if one is in no namespace of the cluster
   */
  static HypotheticalPods of(Question question, Cluster cluster, Optional<String> namespace) {
    List<Party> sources = new ArrayList<>();
    List<Party> destinations = new ArrayList<>();
    if (question instanceof Question.Can can) {
      sources.add(can.source());
      destinations.add(can.destination());
    } else if (question instanceof Question.Who who) {
      destinations.add(who.destination());
    } else if (question instanceof Question.What what) {
      sources.add(what.source());
    }
    HypotheticalPods pods = new HypotheticalPods(
        question,
        Stream.concat(sources.stream(), destinations.stream()).flatMap(HypotheticalPods::in),
        namespace,
        destinations.stream().flatMap(HypotheticalPods::in).findAny().isPresent());
    pods.workloads.forEach((party, workload) -> {
      if (!cluster.namespaces().containsKey(workload.namespace())) {
        throw UnresolvedNames.namespace(
            cluster, question.text(), party.span(), workload.namespace());
      }
    });
    return pods;
  }

  private static Stream<Party.Hypothetical> in(Party party) {
    return party.each().stream()
        .filter(Party.Hypothetical.class::isInstance)
        .map(Party.Hypothetical.class::cast);
  }

  /** What stands for one in the cluster. */
  static Workload workload(String sentence, Party.Hypothetical party, Optional<String> namespace) {
    String in = party
        .namespace()
        .or(() -> namespace)
        .orElseThrow(() -> new BadSentence(
            sentence,
            party.span(),
            "it is not said in which namespace the pod would be",
            "write `a pod ... in shop`"));
    StringBuilder labels = new StringBuilder();
    party
        .labels()
        .forEach((key, value) ->
            labels.append(labels.isEmpty() ? "" : ",").append(key).append('=').append(value));
    return new Workload(
        in, "(" + labels + ")", KIND, party.labels(), List.of(), false, List.of(), Origin.NONE);
  }

  /** Whether a workload stands for one. */
  static boolean isOne(Workload workload) {
    return workload.kind().equals(KIND);
  }

  boolean isEmpty() {
    return workloads.isEmpty();
  }

  /** Whether one of them is called, so that the names of its ports count. */
  boolean areCalled() {
    return called;
  }

  /** The cluster with them. */
  Cluster in(Cluster cluster) {
    return cluster.withWorkloads(
        Stream.concat(cluster.workloads().stream(), workloads.values().stream().distinct())
            .toList());
  }

  /** What an answer says of each. */
  List<String> notes(Cluster cluster) {
    return workloads.values().stream().distinct().map(pod -> note(pod, cluster)).toList();
  }

  private static String note(Workload pod, Cluster cluster) {
    List<String> alike = cluster.workloads().stream()
        .filter(workload ->
            workload.namespace().equals(pod.namespace()) && workload.labels().equals(pod.labels()))
        .map(Workload::id)
        .limit(3)
        .toList();
    return pod.id() + " is a pod of exactly these labels, "
        + (alike.isEmpty()
            ? "which no manifest holds"
            : "as " + String.join(", ", alike) + (alike.size() == 1 ? " has" : " have") + " them")
        + ": its address, node and ports are not known, and it is taken not to be on the host network";
  }
}
