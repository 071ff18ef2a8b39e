package dev.postern.cluster;

import dev.postern.diagnostic.Origin;

/**
 * An object that was written and is not in the cluster.
 *
 * @param cause why it is not
 * @param kind its kind
 * @param namespace its namespace; empty for a kind without namespaces
 * @param name its name
 * @param origin where it was written
 */
public record LeftOut(Cause cause, String kind, String namespace, String name, Origin origin) {

  /** Why an object is not in the cluster. */
  public enum Cause {
    /** Something is wrong with it. */
    ERROR,
    /** Postern does not read its kind, which makes pods. */
    KIND,
    /** It makes pods of a template of another object, which was not given. */
    TEMPLATE
  }

  /** Whether it is a policy, of whatever API: all name their kinds so. */
  public boolean isPolicy() {
    return kind.endsWith("Policy");
  }

  /** {@code Deployment shop/web}. */
  @Override
  public String toString() {
    return kind + " " + (namespace.isEmpty() ? name : namespace + "/" + name);
  }
}
