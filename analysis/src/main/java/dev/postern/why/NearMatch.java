package dev.postern.why;

import dev.postern.cluster.Cluster;
import dev.postern.cluster.Namespace;
import dev.postern.cluster.Workload;
import dev.postern.diagnostic.Nearest;
import dev.postern.meaning.Options;
import dev.postern.policy.NamespaceSelection;
import dev.postern.policy.PolicyKind;
import dev.postern.selector.Labels;
import dev.postern.selector.Requirement;
import dev.postern.selector.Requirement.Operator;
import dev.postern.selector.Selector;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What comes closest to selectors that match nobody, and why it is not matched.
 *
 * @param closeness how much does match, higher is closer
 * @param words why not: {@code needs app=frontend, shop/cart has app=cart}
 * @param hint what to write instead; may be empty
 */
public record NearMatch(int closeness, String words, String hint) {

  /** Keys of labels that say which application a pod is. */
  private static final Set<String> IDENTITY = Set.of(
      "app",
      "name",
      "k8s-app",
      "run",
      "service",
      "component",
      "app.kubernetes.io/name",
      "app.kubernetes.io/component");

  private static final int TYPO = 1;
  private static final int ONE_LABEL = 2;
  private static final int OTHER_KEY = 3;
  private static final int NAMESPACE_LABEL = 4;
  private static final int OTHER_NAMESPACE = 5;
  private static final int OTHER_CASE = 6;
  private static final int HOST_NETWORK = 7;

  /** Whether it is somebody in another namespace: of a part of a cluster, where not every object says its own, that is no proof. */
  public boolean isElsewhere() {
    return closeness == OTHER_NAMESPACE;
  }

  /** The closest pod that selectors do not match; of equally close ones the cluster's first. */
  public static Optional<NearMatch> of(
      NamespaceSelection namespaces,
      Selector pods,
      PolicyKind kind,
      WorkloadIndex index,
      Options options) {
    Cluster cluster = index.cluster();
    Set<String> matched = matching(namespaces, cluster);
    if (matched.isEmpty()) {
      return namespace(namespaces, cluster);
    }
    Optional<NearMatch> best = Optional.empty();
    for (Workload workload : index.in(matched)) {
      Optional<NearMatch> near = pod(pods, workload, kind, options);
      if (near.isPresent() && (best.isEmpty() || near.get().closeness > best.get().closeness)) {
        best = near;
      }
    }
    if (pods.isEverything()
        || best.filter(near -> near.closeness > OTHER_NAMESPACE).isPresent()) {
      return best;
    }
    Optional<NearMatch> elsewhere = index
        .firstElsewhere(pods, matched)
        .map(workload -> elsewhere(namespaces, workload, cluster));
    return elsewhere.isPresent() ? elsewhere : best;
  }

  /** The namespaces that are known to be chosen: of one without a manifest only the name is known. */
  private static Set<String> matching(NamespaceSelection selection, Cluster cluster) {
    return selection instanceof NamespaceSelection.Matching matching
        ? cluster.namespaces().values().stream()
            .filter(namespace -> matching.selector().matches(namespace.labels()))
            .map(Namespace::name)
            .collect(Collectors.toSet())
        : Set.of(((NamespaceSelection.Named) selection).namespace());
  }

  private static Optional<NearMatch> pod(
      Selector selector, Workload workload, PolicyKind kind, Options options) {
    Optional<NearMatch> labels = labels(selector, workload.labels(), workload.id());
    boolean node = options.areNode(workload, kind);
    if (node && selector.matches(workload.labels())) {
      return Optional.of(new NearMatch(
          HOST_NETWORK,
          workload.id() + " is on the host network, so it is its node and no selector matches it",
          "name the nodes' addresses in an `ipBlock`"));
    }
    return node ? Optional.empty() : labels;
  }

  /** A pod that the labels match, in a namespace that they are not looked for in. */
  private static NearMatch elsewhere(
      NamespaceSelection wanted, Workload workload, Cluster cluster) {
    boolean named = wanted instanceof NamespaceSelection.Named;
    String where = named
        ? "pods of namespace " + ((NamespaceSelection.Named) wanted).namespace()
        : LabelWords.miss(
                ((NamespaceSelection.Matching) wanted).selector(),
                cluster.namespace(workload.namespace()).labels(),
                "namespace " + workload.namespace())
            .orElse("other namespaces");
    String hint = named
        ? "a peer without `namespaceSelector` is about its policy's own namespace; write `namespaceSelector: {matchLabels: {"
            + Namespace.NAME_LABEL + ": " + workload.namespace() + "}}` beside `podSelector`"
        : "";
    return new NearMatch(
        OTHER_NAMESPACE,
        workload.id() + " has these labels, but is in namespace " + workload.namespace()
            + (named ? ", and only " + where + " are looked at" : ": " + where),
        hint);
  }

  /** The closest labels: one that differs in case alone or by a slip, another key with the value, or all but one of several. */
  private static Optional<NearMatch> labels(Selector selector, Labels labels, String owner) {
    List<Requirement> unmet = new ArrayList<>();
    for (Requirement requirement : selector.requirements()) {
      if (!requirement.matches(labels)) {
        unmet.add(requirement);
      }
    }
    if (unmet.isEmpty()) {
      return Optional.empty();
    }
    // A pod that has another value is another pod; one that lacks the label may have been
    // forgotten.
    boolean forgotten = unmet.size() == 1
        && labels.get(unmet.get(0).key()).isEmpty()
        && selector.requirements().stream()
            .anyMatch(requirement ->
                IDENTITY.contains(requirement.key()) && !unmet.contains(requirement));
    NearMatch best = new NearMatch(0, "", "");
    boolean all = true;
    for (Requirement requirement : unmet) {
      Optional<NearMatch> near = near(requirement, labels, owner);
      all &= near.isPresent();
      if (near.isPresent() && near.get().closeness > best.closeness) {
        best = near.get();
      }
    }
    if (all) {
      return Optional.of(best);
    }
    return forgotten
        ? LabelWords.miss(selector, labels, owner).map(words -> new NearMatch(ONE_LABEL, words, ""))
        : Optional.empty();
  }

  private static Optional<NearMatch> near(Requirement requirement, Labels labels, String owner) {
    if (requirement.operator() != Operator.IN) {
      return Optional.empty();
    }
    for (String value : requirement.values()) {
      Optional<String> has = labels.get(requirement.key());
      if (has.isPresent() && has.get().equalsIgnoreCase(value)) {
        return Optional.of(instead(OTHER_CASE, requirement, owner, requirement.key(), has.get()));
      }
      if (has.isPresent() && isSlip(value, has.get())) {
        return Optional.of(instead(TYPO, requirement, owner, requirement.key(), has.get()));
      }
      for (int i = 0; has.isEmpty() && i < labels.size(); i++) {
        String key = labels.key(i);
        if (labels.value(i).equals(value) && isAkin(key, requirement.key())) {
          return Optional.of(instead(OTHER_KEY, requirement, owner, key, value));
        }
      }
    }
    return Optional.empty();
  }

  private static boolean isSlip(String wanted, String has) {
    return Nearest.isSlip(wanted, has);
  }

  /** Keys that people take for each other: {@code app} and {@code app.kubernetes.io/name}, or a slip of the pen. */
  private static boolean isAkin(String one, String other) {
    return one.equalsIgnoreCase(other)
        || (IDENTITY.contains(one) && IDENTITY.contains(other))
        || isSlip(one, other);
  }

  private static NearMatch instead(
      int closeness, Requirement requirement, String owner, String key, String value) {
    return new NearMatch(
        closeness,
        "needs " + requirement + ", " + owner + " has " + key + "=" + value,
        "did you mean `" + key + ": " + value + "`?");
  }

  /** The closest namespace to a selector that none of those declared meets. */
  private static Optional<NearMatch> namespace(NamespaceSelection selection, Cluster cluster) {
    if (!(selection instanceof NamespaceSelection.Matching matching)) {
      return Optional.empty();
    }
    List<NearMatch> near = new ArrayList<>();
    for (Namespace namespace : cluster.namespaces().values()) {
      if (!namespace.declared()) {
        continue;
      }
      Optional<Requirement> byName = matching.selector().requirements().stream()
          .filter(requirement -> !requirement.matches(namespace.labels())
              && requirement.operator() == Operator.IN
              && requirement.values().contains(namespace.name()))
          .findFirst();
      if (byName.isPresent()) {
        near.add(new NearMatch(
            NAMESPACE_LABEL,
            "needs a namespace with " + byName.get() + ", namespace " + namespace.name() + " has "
                + (namespace.labels().get(byName.get().key()).isPresent()
                    ? byName.get().key() + "="
                        + namespace.labels().get(byName.get().key()).get()
                    : "no label " + byName.get().key())
                + ", only " + first(namespace.labels()),
            "write `" + Namespace.NAME_LABEL + ": " + namespace.name()
                + "`, which every namespace has"));
      } else {
        labels(matching.selector(), namespace.labels(), "namespace " + namespace.name())
            .filter(match -> match.closeness != OTHER_KEY)
            .map(match -> new NearMatch(
                match.closeness,
                match.words.replaceFirst("needs ", "needs a namespace with "),
                match.hint))
            .ifPresent(near::add);
      }
    }
    return near.stream().reduce((one, other) -> other.closeness > one.closeness ? other : one);
  }

  /** The first few labels, that of the name among them. */
  private static String first(Labels labels) {
    String name = Namespace.NAME_LABEL + "=" + labels.get(Namespace.NAME_LABEL).orElse("");
    return labels.size() <= 2 ? labels.toString() : name + " and " + (labels.size() - 1) + " more";
  }
}
