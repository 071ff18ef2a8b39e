package dev.postern.why;

import dev.postern.cluster.Cluster;
import dev.postern.cluster.Namespace;
import dev.postern.cluster.Node;
import dev.postern.meaning.End;
import dev.postern.meaning.Options;
import dev.postern.net.Address;
import dev.postern.net.Cidr;
import dev.postern.policy.Action;
import dev.postern.policy.NamespaceSelection;
import dev.postern.policy.Peer;
import dev.postern.policy.Peers;
import dev.postern.policy.PolicyKind;
import dev.postern.selector.Requirement;
import dev.postern.selector.Selector;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** Says why a peer is not one end of a flow; says nothing if it is, or may be. */
final class PeerWords implements Peer.Cases<Optional<Mismatch>> {

  private final Cluster cluster;
  private final Options options;
  private final PolicyKind kind;
  private final Action action;
  private final End end;
  private final String field;

  PeerWords(
      Cluster cluster, Options options, PolicyKind kind, Action action, End end, String field) {
    this.cluster = cluster;
    this.options = options;
    this.kind = kind;
    this.action = action;
    this.end = end;
    this.field = field;
  }

  private Optional<Mismatch> miss(int closeness, String words) {
    return Optional.of(new Mismatch(field, words, closeness));
  }

  @Override
  public Optional<Mismatch> pods(Peer.Pods peer) {
    if (end instanceof End.IngressController
        && peer.namespaces() instanceof NamespaceSelection.Matching) {
      return Optional.empty();
    }
    if (!(end instanceof End.InPod pod)) {
      return miss(Mismatch.KIND, "selects pods, " + end + " is outside the cluster");
    }
    if (options.areNode(pod.workload(), kind)) {
      return miss(
          Mismatch.KIND,
          "selects pods, " + ExplanationNames.of(end)
              + " is on the host network, so it is its node");
    }
    Optional<String> namespace = namespace(peer.namespaces(), pod.workload().namespace());
    if (namespace.isPresent()) {
      return miss(Mismatch.NAMESPACE, namespace.get());
    }
    return LabelWords.miss(peer.pods(), pod.workload().labels(), ExplanationNames.of(end))
        .flatMap(words -> miss(Mismatch.LABELS, words));
  }

  private Optional<String> namespace(NamespaceSelection selection, String name) {
    if (selection instanceof NamespaceSelection.Named named) {
      return named.namespace().equals(name)
          ? Optional.empty()
          : Optional.of(elsewhere("namespace " + named.namespace(), name));
    }
    Selector selector = ((NamespaceSelection.Matching) selection).selector();
    return byName(selector)
        .map(wanted -> wanted.equals(name)
            ? Optional.<String>empty()
            : Optional.of(elsewhere("namespace " + wanted, name)))
        .orElseGet(
            () -> LabelWords.miss(selector, cluster.namespace(name).labels(), "namespace " + name)
                .map(words -> words.replaceFirst("needs ", "needs a namespace with ")));
  }

  private String elsewhere(String wanted, String name) {
    return "selects pods of " + wanted + ", " + ExplanationNames.of(end) + " is in " + name;
  }

  /** The one namespace that a selector chooses by the label that is its name. */
  private static Optional<String> byName(Selector selector) {
    List<Requirement> requirements = selector.requirements();
    return requirements.size() == 1
            && requirements.get(0).key().equals(Namespace.NAME_LABEL)
            && requirements.get(0).operator() == Requirement.Operator.IN
            && requirements.get(0).values().size() == 1
        ? Optional.of(requirements.get(0).values().get(0))
        : Optional.empty();
  }

  @Override
  public Optional<Mismatch> ipBlock(Peer.IpBlock peer) {
    if (end instanceof End.InPod pod
        && !options.areNode(pod.workload(), kind)
        && !options.ipBlockMatchesPods()) {
      return miss(
          Mismatch.KIND, "is an ipBlock, and those are read not to match addresses of pods");
    }
    Optional<Address> address = address();
    if (address.isEmpty()) {
      return unknownAddress("is an ipBlock");
    }
    if (!peer.cidr().contains(address.get())) {
      return miss(
          Mismatch.NAMESPACE,
          "is " + peer.cidr() + ", " + ExplanationNames.of(end) + " is not in it");
    }
    return peer.except().stream()
        .filter(except -> except.contains(address.get()))
        .findFirst()
        .flatMap(except -> miss(
            Mismatch.EXCEPT,
            "leaves out " + except + ", " + ExplanationNames.of(end) + " is in it"));
  }

  private Optional<Mismatch> unknownAddress(String what) {
    return end instanceof End.InPod
        ? miss(
            Mismatch.KIND, what + ", and no address of " + ExplanationNames.of(end) + " is known")
        : Optional.empty();
  }

  private Optional<Address> address() {
    return end instanceof End.InPod pod
        ? pod.address()
        : end instanceof End.Outside outside ? Optional.of(outside.address()) : Optional.empty();
  }

  @Override
  public Optional<Mismatch> networks(Peer.Networks peer) {
    Optional<Address> address = address();
    if (address.isEmpty()) {
      return unknownAddress("are networks");
    }
    return peer.addresses().contains(address.get())
        ? Optional.empty()
        : miss(
            Mismatch.NAMESPACE,
            "is " + peer.cidrs().stream().map(Cidr::toString).collect(Collectors.joining(", "))
                + ", " + ExplanationNames.of(end) + " is not in it");
  }

  @Override
  public Optional<Mismatch> nodes(Peer.Nodes peer) {
    List<Node> nodes;
    if (end instanceof End.Outside outside) {
      nodes = cluster.nodes().stream()
          .filter(node -> node.addresses().contains(outside.address()))
          .toList();
    } else if (end instanceof End.InPod pod) {
      Optional<String> name = pod.pod().flatMap(p -> p.node());
      nodes = pod.workload().hostNetwork()
          ? cluster.nodes().stream()
              .filter(node -> name.filter(node.name()::equals).isPresent())
              .toList()
          : List.of();
    } else {
      return Optional.empty();
    }
    if (nodes.isEmpty() && end instanceof End.InPod pod && pod.workload().hostNetwork()) {
      // No manifest says which node it is on.
      return Optional.empty();
    }
    if (nodes.isEmpty()) {
      return miss(Mismatch.KIND, "selects nodes, " + ExplanationNames.of(end) + " is none");
    }
    return nodes.stream().anyMatch(node -> peer.nodes().matches(node.labels()))
        ? Optional.empty()
        : LabelWords.miss(
                peer.nodes(), nodes.get(0).labels(), "node " + nodes.get(0).name())
            .flatMap(words -> miss(Mismatch.LABELS, words));
  }

  @Override
  public Optional<Mismatch> domainNames(Peer.DomainNames peer) {
    if (end instanceof End.Outside) {
      return Optional.empty();
    }
    if (end instanceof End.DomainName name) {
      boolean named = peer.names().stream()
          .anyMatch(pattern -> pattern.startsWith("*.")
              ? name.name().endsWith(pattern.substring(1))
                  && name.name().length() >= pattern.length()
              : name.name().equals(pattern));
      if (named) {
        return Optional.empty();
      }
    }
    return miss(
        Mismatch.KIND,
        "is the names " + String.join(", ", peer.names()) + ", " + ExplanationNames.of(end)
            + " is none of them");
  }

  @Override
  public Optional<Mismatch> unknown(Peer.Unknown peer) {
    return action == Action.ALLOW
        ? miss(Mismatch.KIND, "has no field that Postern knows, so it allows nobody")
        : Optional.empty();
  }

  @Override
  public Optional<Mismatch> perhaps(Peer.Perhaps peer) {
    if (!(peer.whom() instanceof Peers.AnyOf any)) {
      return Optional.empty();
    }
    Optional<Mismatch> closest = Optional.empty();
    for (Peer each : any.peers()) {
      Optional<Mismatch> miss = each.on(this);
      if (miss.isEmpty()) {
        return Optional.empty();
      }
      if (closest.isEmpty() || miss.get().closeness() > closest.get().closeness()) {
        closest = miss;
      }
    }
    // It stands in no manifest: what a peer beside it says is said first.
    return closest.map(miss -> new Mismatch(miss.field(), miss.words(), Mismatch.UNWRITTEN));
  }
}
