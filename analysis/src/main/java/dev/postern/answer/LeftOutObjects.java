package dev.postern.answer;

import dev.postern.cluster.Cluster;
import dev.postern.cluster.LeftOut;
import dev.postern.question.BadSentence;
import dev.postern.question.Span;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/**
 * What a sentence names that was written and is not in the cluster, and why: an answer that takes it for something that was never written
 * would send its reader to look for a wrong name.
 *
 * @param cluster the cluster
 * @param sentence the sentence
 */
record LeftOutObjects(Cluster cluster, String sentence) {

  /** Kinds of namespaces that make no pods. */
  private static final Set<String> WITHOUT_PODS =
      Set.of("Service", "EndpointSlice", "Endpoints", "Ingress", "HTTPRoute", "Gateway");

  /** An object in a namespace. */
  Optional<BadSentence> named(
      Optional<String> namespace, String name, Predicate<LeftOut> ofKind, Span span) {
    return first(
        each -> each.name().equals(name)
            && !each.namespace().isEmpty()
            && namespace.map(each.namespace()::equals).orElse(true)
            && ofKind.test(each),
        span);
  }

  /** An object of a kind without namespaces. */
  Optional<BadSentence> named(String kind, String name, Span span) {
    return first(each -> each.kind().equals(kind) && each.name().equals(name), span);
  }

  /** The Service whose DNS name a sentence has. */
  Optional<BadSentence> serviceOf(String domain, Span span) {
    return first(
        each -> each.kind().equals("Service")
            && (domain + ".").startsWith(each.name() + "." + each.namespace() + "."),
        span);
  }

  /** An object that may make pods in these namespaces, and cannot be read for its errors. */
  Optional<BadSentence> podsIn(Predicate<String> namespaces, Span span) {
    return first(
        each -> each.cause() == LeftOut.Cause.ERROR
            && !each.isPolicy()
            && !WITHOUT_PODS.contains(each.kind())
            && cluster.namespaces().containsKey(each.namespace())
            && namespaces.test(each.namespace()),
        span);
  }

  private Optional<BadSentence> first(Predicate<LeftOut> wanted, Span span) {
    return cluster.leftOut().stream().filter(wanted).findFirst().map(each -> why(each, span));
  }

  private BadSentence why(LeftOut object, Span span) {
    String place = " (" + object.origin() + ")";
    return switch (object.cause()) {
      case ERROR ->
        new BadSentence(
            sentence, span, object + " is left out for its error" + place, "mend it first");
      case KIND ->
        new BadSentence(
            sentence,
            span,
            object + " is of a kind that Postern does not read" + place,
            "ask about the pods that it makes, by their labels");
      case TEMPLATE ->
        new BadSentence(
            sentence,
            span,
            object + " makes pods of a template that is not among the manifests" + place,
            "give the object that it refers to, too");
    };
  }
}
