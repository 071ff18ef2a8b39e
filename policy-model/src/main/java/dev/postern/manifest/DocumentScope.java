package dev.postern.manifest;

/**
 * A document of a source by whom it is about, so that what is about some workloads can be read without the rest.
 *
 * @param length its length in UTF-16 units, with the separator that it starts with
 * @param lines how many lines of the source it takes
 * @param about whom it is about
 * @param namespace the namespace, where it is about one; else empty
 * @param name the name of the one object that it holds, where it holds nothing but that; else empty
 */
public record DocumentScope(int length, int lines, About about, String namespace, String name) {

  /** Whom a document is about. */
  public enum About {
    /** It holds nothing that an answer depends on. */
    NOBODY,
    /** It is one NetworkPolicy, and means nothing to pods that this does not select. */
    POLICY,
    /** It is one object that makes pods, and means nothing to others. */
    WORKLOAD,
    /** It is about one namespace, and means nothing to pods of others: several objects, Services, itself. */
    NAMESPACE,
    /** It may matter everywhere. */
    EVERYBODY
  }
}
