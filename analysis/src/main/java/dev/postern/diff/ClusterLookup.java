package dev.postern.diff;

import dev.postern.cluster.Namespace;
import dev.postern.cluster.Node;
import dev.postern.cluster.UnreadPolicy;
import dev.postern.cluster.Workload;
import dev.postern.net.AddressSet;
import dev.postern.policy.NamespaceSelection;
import dev.postern.policy.Policy;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * What a difference of policies asks of a cluster. Who has its objects by namespace already answers without going through all of them.
 */
public interface ClusterLookup {

  /** The namespaces that have workloads; the same set each time. */
  Set<String> inhabited();

  /** Of these the namespaces with workloads on the host network. */
  Set<String> hosts();

  /** The workloads of a namespace. */
  List<Workload> workloads(String namespace);

  /** Whether a pod of a namespace has one of these addresses. */
  boolean holdsAny(String namespace, AddressSet addresses);

  /** The workloads of which a pod has no address, or that are templates. */
  Stream<Workload> withoutAddress();

  /** The namespaces that a selection means, with workloads or without. */
  Set<String> selected(NamespaceSelection selection);

  /** A namespace that something lies in. */
  Namespace namespace(String name);

  /** The namespaces that no manifest declares. */
  List<Namespace> undeclared();

  List<Node> nodes();

  /** The policies whose subject is in this namespace alone. */
  List<Policy> policiesIn(String namespace);

  /** All other policies. */
  List<Policy> widePolicies();

  /** What was not understood. */
  List<UnreadPolicy> unread();
}
