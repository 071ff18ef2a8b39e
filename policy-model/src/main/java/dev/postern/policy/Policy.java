package dev.postern.policy;

import dev.postern.diagnostic.Origin;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A policy of any kind.
 *
 * @param kind its kind
 * @param namespace its namespace; empty for the kinds that have none
 * @param name its name
 * @param tier the stage it takes part in
 * @param priority its place among the ordered policies of its tier, lower first: 0..1000, {@link #LAST} for the one
 *     BaselineAdminNetworkPolicy, {@link #FIRST} for what is undetermined; 0 for NetworkPolicy, which has no order
 * @param subject the pods it is about
 * @param isolates the directions in which a NetworkPolicy denies what no rule allows ({@code policyTypes}, resolved); empty for the
 *     ordered kinds. A rule in a direction that a NetworkPolicy does not isolate does nothing.
 * @param ingress rules for traffic into the subject
 * @param egress rules for traffic out of the subject
 * @param origin where it was written
 * @param typesDefaulted whether {@code policyTypes} is left out of a NetworkPolicy, so that its rules say what it isolates: take away the last
 *     egress rule, and egress is isolated no more
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
    Origin origin,
    boolean typesDefaulted) {

  /** Before every priority of the API. */
  public static final int FIRST = -1;

  /** After every priority of the API. */
  public static final int LAST = 1001;

  /** @throws IllegalArgumentException if the types are left out and yet not what the API server makes of that */
  public Policy {
    isolates = Set.copyOf(isolates);
    ingress = List.copyOf(ingress);
    egress = List.copyOf(egress);
    if (typesDefaulted && !isolates.equals(defaultTypes(egress))) {
      throw new IllegalArgumentException("policyTypes is left out, and yet says " + isolates);
    }
  }

  /** A policy that says itself what it isolates. */
  public Policy(
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
    this(kind, namespace, name, tier, priority, subject, isolates, ingress, egress, origin, false);
  }

  /**
   * What {@code policyTypes} is where it is left out: ingress, and egress if there is an egress rule (Kubernetes' defaults of
   * networking.k8s.io/v1).
   */
  public static Set<Direction> defaultTypes(List<PolicyRule> egress) {
    return egress.isEmpty() ? Set.of(Direction.INGRESS) : Set.of(Direction.values());
  }

  /** The same policy with other rules, as the API server reads it: where {@code policyTypes} is left out, they say what is isolated. */
  public Policy withRules(List<PolicyRule> newIngress, List<PolicyRule> newEgress) {
    return new Policy(
        kind,
        namespace,
        name,
        tier,
        priority,
        subject,
        typesDefaulted ? defaultTypes(newEgress) : isolates,
        newIngress,
        newEgress,
        origin,
        typesDefaulted);
  }

  /** The same policy with {@code policyTypes} written out, so that it isolates what it does now whatever becomes of its rules. */
  public Policy withTypesWritten() {
    return new Policy(
        kind, namespace, name, tier, priority, subject, isolates, ingress, egress, origin);
  }

  /** {@code policyTypes: [Ingress, Egress]}, as a manifest says what it isolates. */
  public String typesText() {
    return isolates.stream()
        .sorted()
        .map(direction -> direction == Direction.INGRESS ? "Ingress" : "Egress")
        .collect(Collectors.joining(", ", "policyTypes: [", "]"));
  }

  /** Whether its rules of a direction count: those of a NetworkPolicy do where it isolates. */
  public boolean appliesTo(Direction direction) {
    return tier != Tier.NETWORK_POLICY || isolates.contains(direction);
  }

  /** The rules of both directions. */
  public List<PolicyRule> rules() {
    return ingress.isEmpty()
        ? egress
        : egress.isEmpty()
            ? ingress
            : Stream.concat(ingress.stream(), egress.stream()).toList();
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
