package dev.postern.cluster;

import dev.postern.diagnostic.Origin;
import dev.postern.policy.NamespaceSelection;
import dev.postern.policy.Subject;
import dev.postern.selector.Selector;

/**
 * A policy that is there and was not understood, so that nobody knows what it lets pass for the pods that it may select.
 *
 * @param cause why it was not understood
 * @param apiVersion as written; empty if it is not known
 * @param kind as written, {@code *} for all kinds of a group that was not shown; empty for a document that could not be read and may hold any policy
 * @param namespace its namespace; empty if it has none or it is not known
 * @param name its name; empty if it is not known
 * @param subject the pods that it may select, rather too many than too few
 * @param origin where it was written
 */
public record UnreadPolicy(
    Cause cause,
    String apiVersion,
    String kind,
    String namespace,
    String name,
    Subject subject,
    Origin origin) {

  /** Why a policy was not understood, and whether that matters. */
  public enum Cause {
    /** Postern does not read its kind. */
    KIND,
    /** It is no policy but a primary network: pods of other networks and those of its subject do not reach each other. */
    NETWORK,
    /** It is wrong in itself, and was left out. */
    ERROR,
    /** Parameters of a Template are open in it. */
    PARAMETERS,
    /** A cluster serves its kind and did not show it: there may be any number of them, or none. */
    UNSEEN,
    /** Its kind enforces nothing, as Calico's staged policies. */
    STAGED,
    /** The user says that it does not matter. */
    IGNORED
  }

  /** Every pod of the cluster. */
  public static final Subject ANY_POD = new Subject(NamespaceSelection.ALL, Selector.EVERYTHING);

  /** Whether it may let pass or stop something. */
  public boolean matters() {
    return cause != Cause.STAGED && cause != Cause.IGNORED;
  }

  /** The same policy, which the user says does not matter. */
  public UnreadPolicy ignored() {
    return new UnreadPolicy(Cause.IGNORED, apiVersion, kind, namespace, name, subject, origin);
  }

  /** The same object, of which it is known that it is the primary network of some namespaces. */
  public UnreadPolicy ofNetwork(NamespaceSelection members) {
    Subject all = new Subject(members, Selector.EVERYTHING);
    return new UnreadPolicy(Cause.NETWORK, apiVersion, kind, namespace, name, all, origin);
  }

  /** The same object, of which it is only known that it may do anything to its subject. */
  public UnreadPolicy ofKind() {
    return new UnreadPolicy(Cause.KIND, apiVersion, kind, namespace, name, subject, origin);
  }

  /** The API group; empty for the core group, or if it is not known. */
  public String group() {
    int slash = apiVersion.indexOf('/');
    return slash < 0 ? "" : apiVersion.substring(0, slash);
  }

  /** {@code CiliumNetworkPolicy shop/deny-all}, as far as it is known. */
  @Override
  public String toString() {
    if (kind.isEmpty()) {
      return "a document that cannot be read";
    }
    String id = namespace.isEmpty() || name.isEmpty() ? name : namespace + "/" + name;
    return id.isEmpty() ? kind : kind + " " + id;
  }
}
