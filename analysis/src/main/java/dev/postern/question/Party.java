package dev.postern.question;

import dev.postern.net.AddressSet;
import dev.postern.selector.Selector;
import java.util.List;
import java.util.Optional;

/** One end that a sentence speaks of. */
public sealed interface Party {

  /** Where it stands in the sentence. */
  Span span();

  /** How many of several ends are meant. */
  Quantifier quantifier();

  /** Asks what to make of each kind of party. */
  <R> R on(Cases<R> cases);

  /** One answer for each kind of party. */
  interface Cases<R> {
    R named(Named party);

    R pods(Pods party);

    R addresses(Addresses party);

    R internet(Internet party);

    R service(ServiceNamed party);

    R domainName(DomainNamed party);
  }

  /**
   * A workload or pod by name; all replicas are meant.
   *
   * @param namespace its namespace, if the sentence says it
   * @param name its name
   * @param kind its kind in lower case, if the sentence says it
   * @param span where it stands
   */
  record Named(Optional<String> namespace, String name, Optional<String> kind, Span span)
      implements Party {

    /** A workload or pod of whatever kind. */
    public Named(Optional<String> namespace, String name, Span span) {
      this(namespace, name, Optional.empty(), span);
    }

    @Override
    public Quantifier quantifier() {
      return Quantifier.EVERY;
    }

    @Override
    public <R> R on(Cases<R> cases) {
      return cases.named(this);
    }

    @Override
    public String toString() {
      return namespace.map(n -> n + "/" + name).orElse(name);
    }
  }

  /** Which namespaces pods are looked for in. */
  sealed interface Scope {

    /** Every namespace. */
    record Everywhere() implements Scope {}

    /** Namespaces by name. */
    record In(List<String> namespaces) implements Scope {
      public In {
        namespaces = List.copyOf(namespaces);
      }
    }

    /** Namespaces by label. */
    record Matching(Selector selector) implements Scope {}
  }

  /**
   * Pods by label and namespace.
   *
   * @param quantifier one or all of them
   * @param selector their labels
   * @param scope where to look
   * @param span where it stands
   */
  record Pods(Quantifier quantifier, Selector selector, Scope scope, Span span) implements Party {
    @Override
    public <R> R on(Cases<R> cases) {
      return cases.pods(this);
    }
  }

  /**
   * IP addresses. One that a pod holds means that pod.
   *
   * @param quantifier one or all of them
   * @param addresses the addresses; not empty
   * @param span where it stands
   */
  record Addresses(Quantifier quantifier, AddressSet addresses, Span span) implements Party {
    @Override
    public <R> R on(Cases<R> cases) {
      return cases.addresses(this);
    }
  }

  /** All public addresses. */
  record Internet(Span span) implements Party {
    @Override
    public Quantifier quantifier() {
      return Quantifier.EVERY;
    }

    @Override
    public <R> R on(Cases<R> cases) {
      return cases.internet(this);
    }
  }

  /**
   * The pods behind a Service, through its ports.
   *
   * @param namespace its namespace, if the sentence says it
   * @param name its name
   * @param span where it stands
   */
  record ServiceNamed(Optional<String> namespace, String name, Span span) implements Party {
    @Override
    public Quantifier quantifier() {
      return Quantifier.EVERY;
    }

    @Override
    public <R> R on(Cases<R> cases) {
      return cases.service(this);
    }

    @Override
    public String toString() {
      return "service " + namespace.map(n -> n + "/" + name).orElse(name);
    }
  }

  /** A DNS name outside the cluster, whose addresses are not known. */
  record DomainNamed(String name, Span span) implements Party {
    @Override
    public Quantifier quantifier() {
      return Quantifier.EVERY;
    }

    @Override
    public <R> R on(Cases<R> cases) {
      return cases.domainName(this);
    }
  }
}
