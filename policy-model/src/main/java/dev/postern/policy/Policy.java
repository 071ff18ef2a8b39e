package dev.postern.policy;

import dev.postern.diagnostic.Origin;
import java.util.List;
import java.util.Set;

/**
 * A policy of any kind.
 *
 * @param kind its kind
 * @param namespace its namespace; empty for the kinds that have none
 * @param name its name
 * @param tier the stage it takes part in
 * @param priority its place among the ordered policies of its tier, lower first: 0..1000, {@link #LAST} for the one
 *     BaselineAdminNetworkPolicy; 0 for NetworkPolicy, which has no order
 * @param subject the pods it is about
 * @param isolates the directions in which a NetworkPolicy denies what no rule allows ({@code policyTypes}, resolved); empty for the
 *     ordered kinds. A rule in a direction that a NetworkPolicy does not isolate does nothing.
 * @param ingress rules for traffic into the subject
 * @param egress rules for traffic out of the subject
 * @param origin where it was written
 */
public record Policy(
    PolicyKind kind,
    String namespace,
    String name,
    Tier tier,
    int priority,
    Subject subject,
    Set<Direction> isolates,
    List<PolicyRule> ingress,
    List<PolicyRule> egress,
    Origin origin) {

  /** After every priority of the API. */
  public static final int LAST = 1001;

  public Policy {
    isolates = Set.copyOf(isolates);
    ingress = List.copyOf(ingress);
    egress = List.copyOf(egress);
  }

  public List<PolicyRule> rules(Direction direction) {
    return direction == Direction.INGRESS ? ingress : egress;
  }

  /** {@code namespace/name}, or the name alone for a kind without namespace. */
  public String id() {
    return namespace.isEmpty() ? name : namespace + "/" + name;
  }

  @Override
  public String toString() {
    return kind.kind() + " " + id();
  }
}
