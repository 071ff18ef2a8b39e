package dev.postern.policy;

import dev.postern.selector.Selector;

/** Which namespaces a subject or peer looks for pods in. */
public sealed interface NamespaceSelection {

  /** One namespace by name: a NetworkPolicy's own, where a peer has no {@code namespaceSelector}. */
  record Named(String namespace) implements NamespaceSelection {}

  /** All namespaces whose labels match. */
  record Matching(Selector selector) implements NamespaceSelection {}

  /** Every namespace. */
  NamespaceSelection ALL = new Matching(Selector.EVERYTHING);
}
