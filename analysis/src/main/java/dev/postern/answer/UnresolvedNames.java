package dev.postern.answer;

import dev.postern.cluster.Cluster;
import dev.postern.cluster.Service;
import dev.postern.cluster.Workload;
import dev.postern.question.BadSentence;
import dev.postern.question.KindWords;
import dev.postern.question.NearestNames;
import dev.postern.question.Party;
import dev.postern.question.Span;
import dev.postern.selector.Requirement.Operator;
import dev.postern.selector.Selector;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Says of a name that nothing in a cluster has what it could have been: an object that was left out, one of another kind, or a near name. */
final class UnresolvedNames {

  private final Directory directory;
  private final Optional<String> namespace;
  private final String sentence;

  /** @param namespace where the name was looked for; empty if everywhere */
  UnresolvedNames(Directory directory, Optional<String> namespace, String sentence) {
    this.directory = directory;
    this.namespace = namespace;
    this.sentence = sentence;
  }

  /** What is to be said of a name that no workload and no pod has. */
  BadSentence problem(Party.Named named) {
    List<Workload> workloads = directory.cluster().workloads();
    Optional<BadSentence> left = new LeftOutObjects(directory.cluster(), sentence)
        .named(
            namespace,
            named.name(),
            each -> named.kind().map(each.kind()::equals).orElse(true),
            named.span());
    if (left.isPresent()) {
      return left.get();
    }
    if (namespace.isPresent() && !directory.cluster().namespaces().containsKey(namespace.get())) {
      return namespace(directory.cluster(), sentence, named.span(), namespace.get());
    }
    List<Service> services = directory.services(namespace, named.name());
    if (!services.isEmpty()) {
      return new BadSentence(
          sentence,
          named.span(),
          "`" + named + "` is a Service, no workload or pod",
          "write `service " + services.get(0).id() + "`");
    }
    if (directory.cluster().namespaces().containsKey(named.name())
        && named.namespace().isEmpty()) {
      return new BadSentence(
          sentence,
          named.span(),
          "`" + named + "` is a namespace, no workload or pod",
          "write `namespace " + named.name() + "`");
    }
    String where = namespace.map(n -> " in namespace `" + n + "`").orElse("");
    String problem =
        "no " + named.kind().orElse("workload or pod") + " is named `" + named.name() + "`" + where;
    List<String> others = ofOtherKinds(named);
    if (!others.isEmpty()) {
      return new BadSentence(
          sentence, named.span(), problem, "there is " + String.join(", ", others));
    }
    List<String> nearest = Stream.concat(
            nearest(
                named,
                workloads.stream()
                    .filter(w -> namespace.isEmpty() || w.namespace().equals(namespace.get()))),
            nearest(named, workloads.stream()))
        .distinct()
        .limit(3)
        .toList();
    return new BadSentence(
        sentence,
        named.span(),
        problem,
        didYouMean(nearest)
            .orElse(workloads.isEmpty() ? "the manifests hold no workload at all" : ""));
  }

  /** What has the name that was asked for, and another kind, in the words that mean it. */
  private List<String> ofOtherKinds(Party.Named named) {
    Stream<String> workloads = directory.workloads(namespace).stream()
        .filter(workload -> directory.isNamed(workload, named.name()))
        .map(workload -> "a " + workload.kind() + ", `"
            + KindWords.of(workload.kind()).map(word -> word + "/").orElse("")
            + workload.namespace() + "/" + named.name() + "`");
    Stream<String> pods = directory.workloads(namespace).stream()
        .flatMap(workload -> workload.pods().stream()
            .filter(pod -> pod.name().equals(named.name()))
            .map(pod -> "a Pod, `pod/" + workload.namespace() + "/" + pod.name() + "`"));
    return Stream.concat(workloads, pods).distinct().limit(3).toList();
  }

  private static Stream<String> nearest(Party.Named named, Stream<Workload> among) {
    var byName = among
        .flatMap(w -> Stream.concat(
            Stream.of(List.of(w.name(), w.id())),
            w.pods().stream().map(p -> List.of(p.name(), w.namespace() + "/" + p.name()))))
        .collect(Collectors.toMap(p -> p.get(0), p -> p.get(1), (one, other) -> one));
    return Stream.concat(
            NearestNames.of(named.name(), byName.keySet()).stream(),
            byName.keySet().stream().filter(n -> n.startsWith(named.name())).sorted())
        .map(byName::get);
  }

  static Optional<String> didYouMean(List<String> names) {
    return names.isEmpty()
        ? Optional.empty()
        : Optional.of("did you mean " + listed(names).replace(" and ", " or ") + "?");
  }

  static String listed(List<String> names) {
    List<String> quoted = names.stream().limit(5).map(n -> "`" + n + "`").toList();
    int last = quoted.size() - 1;
    return last == 0
        ? quoted.get(0)
        : String.join(", ", quoted.subList(0, last)) + " and " + quoted.get(last);
  }

  /** That there is no such namespace, or none that could be read. */
  static BadSentence namespace(Cluster cluster, String sentence, Span span, String name) {
    return new LeftOutObjects(cluster, sentence)
        .named("Namespace", name, span)
        .orElseGet(() -> new BadSentence(
            sentence,
            span,
            "there is no namespace `" + name + "`",
            didYouMean(NearestNames.of(name, cluster.namespaces().keySet())).orElse("")));
  }

  /** The values that labels really have among some workloads, and how to ask about a pod that need not be there. */
  static String labels(Party.Pods pods, List<Workload> workloads) {
    return values(pods.selector(), workloads) + suppose(pods);
  }

  /** How to ask about such a pod though it is not there. */
  private static String suppose(Party.Pods pods) {
    boolean exact = pods.selector().requirements().stream()
        .allMatch(each -> each.operator() == Operator.IN && each.values().size() == 1);
    return exact
            && pods.scope() instanceof Party.NamespaceScope.In in
            && in.namespaces().size() == 1
        ? "; `a pod " + pods.selector() + " in " + in.namespaces().get(0)
            + "` means one that need not be there"
        : "";
  }

  /** The values that the selector's keys really have. */
  private static String values(Selector selector, List<Workload> workloads) {
    return selector.requirements().stream()
        .map(r -> r.key())
        .distinct()
        .map(key -> {
          List<String> values = workloads.stream()
              .flatMap(w -> w.labels().get(key).stream())
              .distinct()
              .sorted()
              .limit(5)
              .toList();
          return values.isEmpty()
              ? "no pod has a label `" + key + "`"
              : "`" + key + "` is there as " + listed(values);
        })
        .collect(Collectors.joining("; "));
  }
}
