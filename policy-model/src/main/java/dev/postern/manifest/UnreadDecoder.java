package dev.postern.manifest;

import dev.postern.cluster.UnreadPolicy;
import dev.postern.cluster.UnreadPolicy.Cause;
import dev.postern.diagnostic.Origin;
import dev.postern.manifest.UnreadKinds.Scope;
import dev.postern.manifest.UnreadKinds.UnreadKind;
import dev.postern.policy.NamespaceSelection;
import dev.postern.policy.Subject;
import dev.postern.selector.Requirement;
import dev.postern.selector.Selector;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Finds out of policies that are not understood whom they may select: what cannot be read of that selects everybody. */
final class UnreadDecoder {

  private static final Map<String, Scope> OWN_KINDS = Map.of(
      "NetworkPolicy", Scope.NAMESPACE,
      "AdminNetworkPolicy", Scope.CLUSTER,
      "BaselineAdminNetworkPolicy", Scope.CLUSTER,
      "ClusterNetworkPolicy", Scope.CLUSTER);

  private final LabelDecoder labels;

  UnreadDecoder(LabelDecoder labels) {
    this.labels = labels;
  }

  /**
   * An object of a kind that is not read, if it decides about traffic.
   *
   * @param defaultNamespace where an object lies that names no namespace
   */
  Optional<UnreadPolicy> ofKind(
      Cursor object, String kind, String version, String defaultNamespace) {
    String group = version.contains("/") ? version.substring(0, version.indexOf('/')) : "";
    return UnreadKinds.find(group, kind)
        .filter(found -> !isHarmless(object, group, kind))
        .map(found -> {
          Cause cause = found.scope() == Scope.NOBODY ? Cause.STAGED : Cause.KIND;
          UnreadPolicy policy = policy(cause, object, kind, version, found, defaultNamespace);
          return PrimaryNetworks.isNetwork(group, kind)
              ? PrimaryNetworks.members(object, kind, policy.namespace(), labels)
                  .map(policy::ofNetwork)
                  .orElse(policy)
              : policy;
        });
  }

  /** A Kube-OVN Subnet is a policy only if it says one; a further network of pods leaves their first one alone. */
  private static boolean isHarmless(Cursor object, String group, String kind) {
    if (PrimaryNetworks.isNetwork(group, kind)) {
      return PrimaryNetworks.role(object).filter("Secondary"::equals).isPresent();
    }
    if (!group.equals("kubeovn.io") || !kind.equals("Subnet")) {
      return false;
    }
    Optional<Cursor> spec = object.field("spec");
    return spec.isPresent()
        && !spec.get().isTrue("private")
        && spec.get().items("acls").isEmpty();
  }

  /** A policy of a kind that is read, which has an error and is left out; empty for kinds of other objects. */
  Optional<UnreadPolicy> withErrors(
      Cursor object, String kind, String version, String defaultNamespace) {
    return ofOwnKind(Cause.ERROR, object, kind, version, defaultNamespace);
  }

  /** A policy in a Template whose parameters are open; empty for other objects, and for staged policies. */
  Optional<UnreadPolicy> withParameters(
      Cursor object, String kind, String version, String defaultNamespace) {
    return ofOwnKind(Cause.PARAMETERS, object, kind, version, defaultNamespace)
        .or(() -> ofKind(object, kind, version, defaultNamespace));
  }

  private Optional<UnreadPolicy> ofOwnKind(
      Cause cause, Cursor object, String kind, String version, String defaultNamespace) {
    return Optional.ofNullable(OWN_KINDS.get(kind)).map(scope -> {
      List<String> selector = scope == Scope.NAMESPACE ? List.of("spec", "podSelector") : List.of();
      return policy(
          cause, object, kind, version, new UnreadKind(scope, selector), defaultNamespace);
    });
  }

  /** Whether a kind of this name is one of the policies that are read. */
  static boolean isOwn(String kind) {
    return OWN_KINDS.containsKey(kind);
  }

  /** A document that cannot be read at all. */
  static UnreadPolicy document(Origin origin) {
    return new UnreadPolicy(Cause.ERROR, "", "", "", "", UnreadPolicy.ANY_POD, origin);
  }

  private UnreadPolicy policy(
      Cause cause,
      Cursor object,
      String kind,
      String version,
      UnreadKind found,
      String defaultNamespace) {
    Optional<Cursor> metadata = object.field("metadata");
    String name = metadata
        .flatMap(m -> m.string("name").or(() -> m.string("generateName")))
        .orElse("");
    Optional<Cursor> written = metadata.flatMap(m -> m.field("namespace"));
    String namespace = found.scope() == Scope.CLUSTER
        ? ""
        : written.flatMap(Cursor::string).filter(n -> !n.isEmpty()).orElse(defaultNamespace);
    boolean unplaced = found.scope() == Scope.AS_WRITTEN && written.isEmpty();
    boolean misplaced =
        written.isPresent() && (written.get().string().isEmpty() || !Syntax.isDnsLabel(namespace));
    boolean everywhere = found.scope() == Scope.CLUSTER
        || unplaced
        || misplaced
        || (found.scope() == Scope.MESH && UnreadKinds.ROOT_NAMESPACES.contains(namespace));
    NamespaceSelection where =
        everywhere ? NamespaceSelection.ALL : new NamespaceSelection.Named(namespace);
    return new UnreadPolicy(
        cause,
        version,
        kind,
        namespace,
        name,
        new Subject(where, selector(object, found.selector())),
        object.origin());
  }

  /**
   * Whether a selector asks for labels that no pod bears and an agent gives to what it knows, as Cilium's of the namespace, its labels, the
   * service account and the cluster (Cilium, "Limiting identity-relevant labels").
   */
  private static boolean asksForLabelsOfAgents(Selector selector) {
    return selector.requirements().stream()
        .map(Requirement::key)
        .anyMatch(key -> key.startsWith("io.cilium.") || key.startsWith("io.kubernetes."));
  }

  /** The selector at a path; of everybody if there is none, or anything in it is not as Kubernetes writes it. */
  private Selector selector(Cursor object, List<String> path) {
    // What Cilium's `specs` select is as many selectors as it has items.
    if (object.has("specs")) {
      return Selector.EVERYTHING;
    }
    Cursor at = object;
    for (String field : path) {
      Optional<Cursor> next = at.field(field);
      if (next.isEmpty()) {
        return Selector.EVERYTHING;
      }
      at = next.get();
    }
    if (path.isEmpty() || !(at.node() instanceof MapNode)) {
      return Selector.EVERYTHING;
    }
    Problems problems = new Problems();
    Cursor apart = Cursor.root(at.origin().file(), at.node(), problems);
    ShapeCheck.check(apart, Shapes.LABEL_SELECTOR);
    Selector selector = labels.selector(apart);
    return problems.found().isEmpty() && !asksForLabelsOfAgents(selector)
        ? selector
        : Selector.EVERYTHING;
  }
}
