package dev.postern.manifest;

import dev.postern.cluster.Namespace;
import dev.postern.policy.NamespaceSelection;
import dev.postern.selector.Requirement;
import dev.postern.selector.Requirement.Operator;
import dev.postern.selector.Selector;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * OVN-Kubernetes' user-defined networks, as far as they say who is on a primary network of its own. A namespace is on it if it is selected
 * and has the label that OVN-Kubernetes asks for; one without stays on the default network (OVN-Kubernetes, "User Defined Networks").
 */
final class PrimaryNetworks {

  private static final String GROUP = "k8s.ovn.org";
  private static final String NAMESPACED = "UserDefinedNetwork";
  private static final String CLUSTER = "ClusterUserDefinedNetwork";

  /** The label without which a namespace is on no primary network but the default one. */
  private static final String LABEL = "k8s.ovn.org/primary-user-defined-network";

  /** Joins networks, in ways that are not read. */
  static final String CONNECTING = "ClusterNetworkConnect";

  private PrimaryNetworks() {}

  static boolean isNetwork(String group, String kind) {
    return group.equals(GROUP) && (kind.equals(NAMESPACED) || kind.equals(CLUSTER));
  }

  /** {@code Primary} or {@code Secondary}; empty if it does not say. */
  static Optional<String> role(Cursor object) {
    Optional<Cursor> spec = object.field("spec");
    Optional<Cursor> network = spec.flatMap(s -> s.field("network")).or(() -> spec);
    return network.flatMap(n -> List.of("layer2", "layer3", "localnet").stream()
        .flatMap(topology -> n.field(topology).stream())
        .flatMap(topology -> topology.string("role").stream())
        .findFirst());
  }

  /** The namespaces on the primary network that an object makes; empty if it is not clear. */
  static Optional<NamespaceSelection> members(
      Cursor object, String kind, String namespace, LabelDecoder labels) {
    if (!role(object).filter("Primary"::equals).isPresent()) {
      return Optional.empty();
    }
    List<Requirement> requirements = new ArrayList<>();
    if (kind.equals(NAMESPACED)) {
      requirements.add(new Requirement(Namespace.NAME_LABEL, Operator.IN, List.of(namespace)));
    } else {
      Optional<Cursor> selector = object.field("spec").flatMap(s -> s.field("namespaceSelector"));
      if (selector.isEmpty()) {
        return Optional.empty();
      }
      Problems problems = new Problems();
      Cursor apart = Cursor.root(object.origin().file(), selector.get().node(), problems);
      ShapeCheck.check(apart, Shapes.LABEL_SELECTOR);
      requirements.addAll(labels.selector(apart).requirements());
      if (!problems.found().isEmpty()) {
        return Optional.empty();
      }
    }
    requirements.add(new Requirement(LABEL, Operator.EXISTS, List.of()));
    return Optional.of(new NamespaceSelection.Matching(new Selector(requirements)));
  }
}
