package dev.postern.cluster;

import dev.postern.diagnostic.Origin;
import dev.postern.selector.Labels;
import dev.postern.selector.Selector;

/**
 * A namespace.
 *
 * @param name its name
 * @param labels its labels, always with {@code kubernetes.io/metadata.name}
 * @param declared whether a manifest declares it; otherwise something merely lies in it
 * @param origin where it was declared
 */
public record Namespace(String name, Labels labels, boolean declared, Origin origin) {

  /** The label that the API server puts on every namespace and that nobody can override. */
  public static final String NAME_LABEL = "kubernetes.io/metadata.name";

  public Namespace {
    labels = labels.get(NAME_LABEL).filter(name::equals).isPresent()
        ? labels
        : labels.with(NAME_LABEL, name);
  }

  /** A namespace that no manifest declares. */
  public static Namespace undeclared(String name) {
    return new Namespace(name, Labels.NONE, false, Origin.NONE);
  }

  /** Whether it is not known if a selector matches: no manifest declares the namespace, and the selector asks for more than its name. */
  public boolean perhapsMatches(Selector selector) {
    return !declared
        && selector.requirements().stream()
            .anyMatch(requirement -> !requirement.key().equals(NAME_LABEL))
        && selector.requirements().stream()
            .filter(requirement -> requirement.key().equals(NAME_LABEL))
            .allMatch(requirement -> requirement.matches(labels));
  }
}
