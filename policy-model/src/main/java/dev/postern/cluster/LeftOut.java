package dev.postern.cluster;

import dev.postern.diagnostic.Origin;

/**
 * An object that was written and is not in the cluster, since something is wrong with it.
 *
 * @param kind its kind
 * @param namespace its namespace; empty for a kind without namespaces
 * @param name its name
 * @param origin where it was written
 */
public record LeftOut(String kind, String namespace, String name, Origin origin) {

  /** {@code Deployment shop/web}. */
  @Override
  public String toString() {
    return kind + " " + (namespace.isEmpty() ? name : namespace + "/" + name);
  }
}
