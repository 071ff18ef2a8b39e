package dev.postern.openworld;

import dev.postern.cluster.Namespace;
import dev.postern.net.Protocol;
import dev.postern.policy.NamespaceSelection;
import dev.postern.policy.Peer;
import dev.postern.policy.Peers;
import dev.postern.policy.Policy;
import dev.postern.policy.PolicyRule;
import dev.postern.policy.Ports;
import dev.postern.selector.Selector;
import java.util.Collection;
import java.util.Map;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The words that policies use: for each label key the values they name. Any other value is as good as any other, and a label may be absent,
 * so a key has as many values as are named, and two more. Exact for the four operators.
 */
final class Vocabulary {

  private final SortedMap<String, SortedSet<String>> podLabels = new TreeMap<>();
  private final SortedMap<String, SortedSet<String>> namespaceLabels = new TreeMap<>();
  private final SortedSet<PortName> portNames = new TreeSet<>();

  static Vocabulary of(Collection<Policy> policies, Collection<Role> roles) {
    Vocabulary vocabulary = new Vocabulary();
    vocabulary.namespaceLabels.put(Namespace.NAME_LABEL, new TreeSet<>());
    for (Policy policy : policies) {
      vocabulary.namespaces(policy.subject().namespaces());
      vocabulary.add(vocabulary.podLabels, policy.subject().pods());
      policy.rules().forEach(vocabulary::rule);
    }
    for (Role role : roles) {
      if (role instanceof Role.AnyPod pod) {
        vocabulary.namespaces(pod.namespaces());
        vocabulary.add(vocabulary.podLabels, pod.labels());
      }
    }
    return vocabulary;
  }

  /** Has one more port name told apart. */
  void add(PortName name) {
    portNames.add(name);
  }

  private void rule(PolicyRule rule) {
    peers(rule.peers());
    if (rule.ports() instanceof Ports.AnyOf any) {
      for (Ports.PortMatch match : any.matches()) {
        if (match instanceof Ports.Named named) {
          for (Protocol protocol : Protocol.values()) {
            if (protocol.hasPorts()
                && (named.protocol().isEmpty() || named.protocol().get() == protocol)) {
              portNames.add(new PortName(named.name(), protocol));
            }
          }
        }
      }
    }
  }

  private void peers(Peers peers) {
    if (peers instanceof Peers.AnyOf any) {
      for (Peer peer : any.peers()) {
        if (peer instanceof Peer.Pods pods) {
          namespaces(pods.namespaces());
          add(podLabels, pods.pods());
        } else if (peer instanceof Peer.Perhaps perhaps) {
          peers(perhaps.whom());
        }
      }
    }
  }

  private void namespaces(NamespaceSelection selection) {
    if (selection instanceof NamespaceSelection.Matching matching) {
      add(namespaceLabels, matching.selector());
    } else if (selection instanceof NamespaceSelection.Named named) {
      namespaceLabels.get(Namespace.NAME_LABEL).add(named.namespace());
    }
  }

  private void add(Map<String, SortedSet<String>> labels, Selector selector) {
    selector
        .requirements()
        .forEach(requirement -> labels
            .computeIfAbsent(requirement.key(), key -> new TreeSet<>())
            .addAll(requirement.values()));
  }

  /** Keys of pod labels with the values named for them. */
  SortedMap<String, SortedSet<String>> podLabels() {
    return podLabels;
  }

  /** Keys of namespace labels with the values named for them; always with {@link Namespace#NAME_LABEL}. */
  SortedMap<String, SortedSet<String>> namespaceLabels() {
    return namespaceLabels;
  }

  SortedSet<PortName> portNames() {
    return portNames;
  }
}
