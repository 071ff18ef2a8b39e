package dev.postern.manifest;

import dev.postern.cluster.Entrance;
import dev.postern.cluster.LeftOut;
import dev.postern.cluster.Namespace;
import dev.postern.cluster.Node;
import dev.postern.cluster.Service;
import dev.postern.cluster.UnreadPolicy;
import dev.postern.net.Address;
import dev.postern.policy.Policy;
import dev.postern.policy.Tier;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The objects that were read, before they are put in relation to each other. By kind and name: a later one replaces an earlier. */
final class Inventory {

  /** An object's identity. */
  record Key(String kind, String namespace, String name) {
    // What a record generates for these is linked at run time, which costs every start some
    // milliseconds.
    @Override
    public boolean equals(Object other) {
      return other instanceof Key key
          && name.equals(key.name)
          && namespace.equals(key.namespace)
          && kind.equals(key.kind);
    }

    @Override
    public int hashCode() {
      return (kind.hashCode() * 31 + namespace.hashCode()) * 31 + name.hashCode();
    }

    static Key of(ObjectHead head) {
      return new Key(head.kind(), head.namespace(), head.name());
    }
  }

  final Map<Key, Namespace> namespaces = new LinkedHashMap<>();
  final Map<Key, WorkloadDecoder.PodObject> pods = new LinkedHashMap<>();
  final Map<Key, WorkloadDecoder.Template> templates = new LinkedHashMap<>();
  final Map<Key, Service> services = new LinkedHashMap<>();
  final Map<Key, ServiceDecoder.Backends> backends = new LinkedHashMap<>();
  final Map<Key, Node> nodes = new LinkedHashMap<>();
  /** What agents say of nodes, by the node's key. */
  final Map<Key, List<Address>> agentAddresses = new LinkedHashMap<>();

  final Map<Key, Entrance> entrances = new LinkedHashMap<>();
  final Map<Key, Policy> policies = new LinkedHashMap<>();
  final List<UnreadPolicy> unread = new ArrayList<>();
  final List<LeftOut> leftOut = new ArrayList<>();

  /** The key of the node of a name. */
  static Key nodeKey(String name) {
    return new Key("Node", "", name);
  }

  /** Takes what was read apart from this, after it. */
  void join(Inventory later) {
    namespaces.putAll(later.namespaces);
    pods.putAll(later.pods);
    templates.putAll(later.templates);
    services.putAll(later.services);
    backends.putAll(later.backends);
    nodes.putAll(later.nodes);
    agentAddresses.putAll(later.agentAddresses);
    entrances.putAll(later.entrances);
    policies.putAll(later.policies);
    unread.addAll(later.unread);
    leftOut.addAll(later.leftOut);
  }

  private Set<String> concerned() {
    Set<String> all = new HashSet<>();
    for (Map<Key, ?> objects : List.of(pods, templates, services, backends, policies)) {
      objects.keySet().forEach(key -> all.add(key.namespace()));
    }
    namespaces.values().forEach(namespace -> all.add(namespace.name()));
    return all;
  }

  private boolean matterElsewhere() {
    return !nodes.isEmpty()
        || !entrances.isEmpty()
        || !unread.isEmpty()
        || !leftOut.isEmpty()
        || policies.values().stream().anyMatch(policy -> policy.tier() != Tier.NETWORK_POLICY);
  }

  /**
   * Whom the objects are about, which are those of one document.
   *
   * @param borrowed objects of any document whose pods others make, too
   */
  DocumentScope scope(int length, int lines, Set<Key> borrowed) {
    Set<String> all = concerned();
    if (all.isEmpty() && !matterElsewhere()) {
      return new DocumentScope(length, lines, DocumentScope.About.NOBODY, "", "");
    }
    if (all.size() != 1 || matterElsewhere()) {
      return new DocumentScope(length, lines, DocumentScope.About.EVERYBODY, "", "");
    }
    String namespace = all.iterator().next();
    int objects = namespaces.size()
        + pods.size()
        + templates.size()
        + services.size()
        + backends.size()
        + policies.size();
    if (objects == 1 && policies.size() == 1) {
      Key key = policies.keySet().iterator().next();
      return new DocumentScope(length, lines, DocumentScope.About.POLICY, namespace, key.name());
    }
    if (objects == 1 && templates.size() == 1) {
      Map.Entry<Key, WorkloadDecoder.Template> only =
          templates.entrySet().iterator().next();
      if (only.getValue().isApart() && !borrowed.contains(only.getKey())) {
        return new DocumentScope(
            length,
            lines,
            DocumentScope.About.WORKLOAD,
            namespace,
            only.getKey().name());
      }
    }
    return new DocumentScope(length, lines, DocumentScope.About.NAMESPACE, namespace, "");
  }

  /** The objects whose pods others make, too. */
  Set<Key> borrowed() {
    Set<Key> borrowed = new HashSet<>();
    templates.values().forEach(template -> template.borrowed().ifPresent(borrowed::add));
    return borrowed;
  }

  /** Whether nothing but policies differs: all else is the same objects in the same order. */
  boolean differsInPoliciesAlone(Inventory other) {
    return same(namespaces.values(), other.namespaces.values())
        && same(pods.values(), other.pods.values())
        && same(templates.values(), other.templates.values())
        && same(services.values(), other.services.values())
        && same(backends.values(), other.backends.values())
        && same(nodes.values(), other.nodes.values())
        && agentAddresses.equals(other.agentAddresses)
        && same(entrances.values(), other.entrances.values())
        && same(unread, other.unread)
        && same(leftOut, other.leftOut);
  }

  private static boolean same(Collection<?> some, Collection<?> others) {
    if (some.size() != others.size()) {
      return false;
    }
    Iterator<?> other = others.iterator();
    for (Object each : some) {
      if (each != other.next()) {
        return false;
      }
    }
    return true;
  }

  /** The policies that another does not hold as the same object. */
  List<Policy> lacking(Inventory other) {
    List<Policy> lacking = new ArrayList<>();
    policies.forEach((key, policy) -> {
      if (other.policies.get(key) != policy) {
        lacking.add(policy);
      }
    });
    return lacking;
  }

  /** The nodes in the order read, each with what its agent says. */
  List<Node> nodes() {
    List<Node> joined = new ArrayList<>();
    nodes.forEach((key, node) -> {
      List<Address> said = agentAddresses.getOrDefault(key, List.of());
      joined.add(said.isEmpty() ? node : node.withAgentAddresses(said));
    });
    return joined;
  }

  /** The policies in the order read. */
  List<Policy> policies() {
    return new ArrayList<>(policies.values());
  }
}
