package dev.postern.manifest;

/**
 * A document of a source by whom it is about, so that what is about some namespaces can be read without the rest.
 *
 * @param length its length in UTF-16 units, with the separator that it starts with
 * @param lines how many lines of the source it takes
 * @param about whom it is about
 * @param namespace the namespace, where it is about one; else empty
 */
public record DocumentScope(int length, int lines, About about, String namespace) {

  /** Whom a document is about. */
  public enum About {
    /** It holds nothing that an answer depends on. */
    NOBODY,
    /** It is about one namespace, and means nothing to pods of others: its NetworkPolicies, what makes pods, Services, itself. */
    NAMESPACE,
    /** It may matter everywhere. */
    EVERYBODY
  }
}
