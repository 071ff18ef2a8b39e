package dev.postern.manifest;

/**
 * What tells an object from all others of a cluster.
 *
 * @param kind its kind
 * @param namespace empty for a kind without namespaces
 * @param name its name; empty where a manifest forgets it
 */
public record ObjectName(String kind, String namespace, String name) {

  /** {@code NetworkPolicy shop/db}. */
  @Override
  public String toString() {
    return kind + " " + (namespace.isEmpty() ? name : namespace + "/" + name);
  }
}
