package dev.postern.policy;

import dev.postern.selector.Selector;

/** Which namespaces a subject or peer looks for pods in. */
public sealed interface NamespaceSelection {

  /** One namespace by name: a NetworkPolicy's own, where a peer has no {@code namespaceSelector}. */
  record Named(String namespace) implements NamespaceSelection {
    // What a record generates for these is linked at run time, which costs every start a
    // millisecond.
    @Override
    public boolean equals(Object other) {
      return other instanceof Named named && namespace.equals(named.namespace);
    }

    @Override
    public int hashCode() {
      return namespace.hashCode();
    }
  }

  /** All namespaces whose labels match. */
  record Matching(Selector selector) implements NamespaceSelection {
    // What a record generates for these is linked at run time, which costs every start a
    // millisecond.
    @Override
    public boolean equals(Object other) {
      return other instanceof Matching matching && selector.equals(matching.selector);
    }

    @Override
    public int hashCode() {
      return selector.hashCode();
    }
  }

  /** Every namespace. */
  NamespaceSelection ALL = new Matching(Selector.EVERYTHING);
}
