package dev.postern.watch;

import dev.postern.cluster.Namespace;
import dev.postern.cluster.Node;
import dev.postern.cluster.Pod;
import dev.postern.cluster.UnreadPolicy;
import dev.postern.cluster.Workload;
import dev.postern.diff.ClusterLookup;
import dev.postern.manifest.ClusterState;
import dev.postern.net.AddressSet;
import dev.postern.policy.NamespaceSelection;
import dev.postern.policy.Policy;
import dev.postern.selector.Selector;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/** A state's objects, which are kept by namespace already. For one thread. */
final class StateLookup implements ClusterLookup {

  private final ClusterState state;
  private final Map<NamespaceSelection, Set<String>> selected = new HashMap<>();

  StateLookup(ClusterState state) {
    this.state = state;
  }

  @Override
  public Set<String> inhabited() {
    return state.inhabited();
  }

  @Override
  public Set<String> hosts() {
    return state.hosts();
  }

  @Override
  public List<Workload> workloads(String namespace) {
    return state.workloads(namespace);
  }

  @Override
  public boolean holdsAny(String namespace, AddressSet addresses) {
    return state.holdsAny(namespace, addresses);
  }

  @Override
  public Stream<Workload> withoutAddress() {
    return state.inhabited().stream()
        .flatMap(namespace -> state.workloads(namespace).stream())
        .filter(workload -> workload.pods().isEmpty()
            || workload.pods().stream().map(Pod::addresses).anyMatch(List::isEmpty));
  }

  @Override
  public Set<String> selected(NamespaceSelection selection) {
    if (selection instanceof NamespaceSelection.Named named) {
      return Set.of(named.namespace());
    }
    return selected.computeIfAbsent(selection, key -> {
      Selector selector = ((NamespaceSelection.Matching) key).selector();
      Set<String> names = new HashSet<>();
      for (String name : state.inhabited()) {
        if (selector.matches(state.namespace(name).labels())) {
          names.add(name);
        }
      }
      return names;
    });
  }

  @Override
  public Namespace namespace(String name) {
    return state.namespace(name);
  }

  @Override
  public List<Namespace> undeclared() {
    return state.undeclared();
  }

  @Override
  public List<Node> nodes() {
    return state.nodes();
  }

  @Override
  public List<Policy> policiesIn(String namespace) {
    return state.policies(namespace);
  }

  @Override
  public List<Policy> widePolicies() {
    return state.clusterPolicies();
  }

  @Override
  public List<UnreadPolicy> unread() {
    return state.unread();
  }
}
