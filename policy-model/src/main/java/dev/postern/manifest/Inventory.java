package dev.postern.manifest;

import dev.postern.cluster.Entrance;
import dev.postern.cluster.LeftOut;
import dev.postern.cluster.Namespace;
import dev.postern.cluster.Node;
import dev.postern.cluster.Service;
import dev.postern.cluster.UnreadPolicy;
import dev.postern.policy.Policy;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

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
  final Map<Key, Entrance> entrances = new LinkedHashMap<>();
  final Map<Key, Policy> policies = new LinkedHashMap<>();
  final List<UnreadPolicy> unread = new ArrayList<>();
  final List<LeftOut> leftOut = new ArrayList<>();

  /** Takes what was read apart from this, after it. */
  void join(Inventory later) {
    namespaces.putAll(later.namespaces);
    pods.putAll(later.pods);
    templates.putAll(later.templates);
    services.putAll(later.services);
    backends.putAll(later.backends);
    nodes.putAll(later.nodes);
    entrances.putAll(later.entrances);
    policies.putAll(later.policies);
    unread.addAll(later.unread);
    leftOut.addAll(later.leftOut);
  }

  /** The policies in the order read. */
  List<Policy> policies() {
    return new ArrayList<>(policies.values());
  }
}
