package dev.postern.verify;

import dev.postern.cluster.Namespace;
import dev.postern.policy.NamespaceSelection;
import dev.postern.policy.Peer;
import dev.postern.policy.Peers;
import dev.postern.policy.Policy;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/** The namespaces that a policy mentions by name, whether they are there or not. */
final class NamespaceNames {

  private NamespaceNames() {}

  static Set<String> in(Policy policy) {
    Set<String> names = new TreeSet<>();
    of(policy.subject().namespaces()).forEach(names::add);
    policy.rules().stream()
        .flatMap(
            rule -> rule.peers() instanceof Peers.AnyOf any ? any.peers().stream() : Stream.empty())
        .flatMap(peer -> peer instanceof Peer.Pods pods ? of(pods.namespaces()) : Stream.empty())
        .forEach(names::add);
    return names;
  }

  private static Stream<String> of(NamespaceSelection selection) {
    return selection instanceof NamespaceSelection.Matching matching
        ? matching.selector().requirements().stream()
            .filter(requirement -> requirement.key().equals(Namespace.NAME_LABEL))
            .flatMap(requirement -> requirement.values().stream())
        : Stream.of(((NamespaceSelection.Named) selection).namespace());
  }
}
