package dev.postern.suggestion;

import dev.postern.cluster.Namespace;
import dev.postern.cluster.Workload;
import dev.postern.cluster.WorkloadSelectors.Chosen;
import dev.postern.diagnostic.Origin;
import dev.postern.net.Address;
import dev.postern.net.Family;
import dev.postern.policy.NamespaceSelection;
import dev.postern.policy.Peer;
import dev.postern.selector.Selector;
import java.util.Comparator;
import java.util.List;

/** Whom a rule admits, as general as the options ask for. */
sealed interface PeerChoice {

  /** The pods that a selector chooses in a namespace; all of it for {@link Selector#EVERYTHING}. */
  record Pods(String namespace, Selector selector, List<Workload> selected) implements PeerChoice {

    static Pods of(String namespace, Chosen chosen) {
      return new Pods(namespace, chosen.selector(), chosen.selected());
    }

    /**
     * As a peer.
     *
     * @param own the namespace in which a peer need not name one; empty if every peer has to
     */
    Peer peer(String own) {
      NamespaceSelection namespaces = namespace.equals(own)
          ? new NamespaceSelection.Named(namespace)
          : new NamespaceSelection.Matching(Selector.equal(Namespace.NAME_LABEL, namespace));
      return new Peer.Pods(namespaces, selector, Origin.NONE);
    }

    @Override
    public String order() {
      return "1 " + namespace + " " + selector;
    }

    // Whom a selector chooses follows from it, and is costly to compare.
    @Override
    public boolean equals(Object other) {
      return other instanceof Pods pods
          && namespace.equals(pods.namespace)
          && selector.equals(pods.selector);
    }

    @Override
    public int hashCode() {
      return namespace.hashCode() * 31 + selector.hashCode();
    }
  }

  /** All pods of the cluster. */
  record AllPods() implements PeerChoice {

    static Peer peer() {
      return new Peer.Pods(NamespaceSelection.ALL, Selector.EVERYTHING, Origin.NONE);
    }

    @Override
    public String order() {
      return "0";
    }
  }

  /** An address outside. */
  record Outside(Address address) implements PeerChoice {
    @Override
    public String order() {
      return "2";
    }
  }

  /** The order of peers in rules: everyone, pods by namespace and labels, addresses. */
  Comparator<PeerChoice> ORDER = Comparator.comparing(PeerChoice::order)
      .thenComparing(
          peer -> peer instanceof Outside outside ? outside.address() : Address.first(Family.IPV4));

  /** What they are sorted by first. */
  String order();
}
