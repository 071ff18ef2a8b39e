package dev.postern.question;

import dev.postern.net.AddressSet;
import dev.postern.selector.Labels;
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

    R anyone(Anyone party);

    R nodes(Nodes party);

    R apiServer(ApiServer party);

    R together(Together party);

    R hypothetical(Hypothetical party);
  }

  /**
   * A workload or pod by name; all replicas are meant. With a kind only objects of that kind are meant: a pod or what makes pods, each by its own name.
   *
   * @param namespace its namespace, if the sentence says it
   * @param name its name
   * @param kind its kind, as {@code Deployment} or {@code Pod}, if the sentence says it
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
  sealed interface NamespaceScope {

    /** Every namespace. */
    record Everywhere() implements NamespaceScope {}

    /** Namespaces by name. */
    record In(List<String> namespaces) implements NamespaceScope {
      public In {
        namespaces = List.copyOf(namespaces);
      }
    }

    /** Namespaces by label. */
    record Matching(Selector selector) implements NamespaceScope {}
  }

  /**
   * Pods by label and namespace.
   *
   * @param quantifier one or all of them
   * @param selector their labels
   * @param scope where to look
   * @param span where it stands
   */
  record Pods(Quantifier quantifier, Selector selector, NamespaceScope scope, Span span)
      implements Party {
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

  /** Whoever there is: every pod, and every address outside. */
  record Anyone(Span span) implements Party {
    @Override
    public Quantifier quantifier() {
      return Quantifier.ANY;
    }

    @Override
    public <R> R on(Cases<R> cases) {
      return cases.anyone(this);
    }
  }

  /**
   * Nodes, by the addresses that their Node objects list.
   *
   * @param quantifier one or all of them
   * @param name the one that is meant; empty for whichever
   * @param span where it stands
   */
  record Nodes(Quantifier quantifier, Optional<String> name, Span span) implements Party {
    @Override
    public <R> R on(Cases<R> cases) {
      return cases.nodes(this);
    }
  }

  /** The Kubernetes API server: what is behind the Service {@code kubernetes} in the namespace {@code default}. */
  record ApiServer(Span span) implements Party {
    @Override
    public Quantifier quantifier() {
      return Quantifier.EVERY;
    }

    @Override
    public <R> R on(Cases<R> cases) {
      return cases.apiServer(this);
    }
  }

  /**
   * Several parties, each of which is meant as if it stood alone.
   *
   * @param parties two or more, none of them again several
   * @param span where they stand
   */
  record Together(List<Party> parties, Span span) implements Party {
    public Together {
      parties = List.copyOf(parties);
    }

    @Override
    public Quantifier quantifier() {
      return Quantifier.EVERY;
    }

    @Override
    public <R> R on(Cases<R> cases) {
      return cases.together(this);
    }
  }

  /**
   * A pod that need not be there, of exactly these labels: {@code a pod app=web in shop}.
   *
   * @param labels all its labels
   * @param namespace its namespace, if the sentence says it
   * @param span where it stands
   */
  record Hypothetical(Labels labels, Optional<String> namespace, Span span) implements Party {
    @Override
    public Quantifier quantifier() {
      return Quantifier.EVERY;
    }

    @Override
    public <R> R on(Cases<R> cases) {
      return cases.hypothetical(this);
    }
  }

  /** The parties that stand here: one, unless several are meant together. */
  default List<Party> each() {
    return this instanceof Together several ? several.parties() : List.of(this);
  }
}
