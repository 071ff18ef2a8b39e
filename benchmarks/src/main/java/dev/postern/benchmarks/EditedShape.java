package dev.postern.benchmarks;

import dev.postern.cluster.Cluster;
import dev.postern.diagnostic.Origin;
import dev.postern.net.PortSet;
import dev.postern.net.Protocol;
import dev.postern.policy.Direction;
import dev.postern.policy.Policy;
import dev.postern.policy.PolicyRule;
import dev.postern.policy.Ports;
import dev.postern.testing.shape.Shape;
import java.util.ArrayList;
import java.util.List;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** A cluster of some shape in memory, and the same after some policies were edited: their first rule passes another port. */
@State(Scope.Benchmark)
public class EditedShape {

  private static final Ports OTHER =
      new Ports.AnyOf(List.of(new Ports.Numbered(Protocol.TCP, PortSet.of(7_777), Origin.NONE)));

  /** The shape. */
  @Param({"W1_TENANT_TEMPLATE", "W3_MICROSERVICES", "W6_ADMIN_TIERS"})
  public Shape shape = Shape.W3_MICROSERVICES;

  /** Its size; 1 is the published one. */
  @Param("0.1")
  public double scale = 0.1;

  /** How many policies are edited. */
  @Param({"1", "10"})
  public int edits = 1;

  Cluster before = Cluster.EMPTY;
  Cluster after = Cluster.EMPTY;

  /** Makes both. */
  @Setup(Level.Trial)
  public void load() {
    before = shape.cluster(LoadedShape.SEED, scale);
    List<Policy> policies = new ArrayList<>(before.policies());
    for (int edit = 0; edit < edits; edit++) {
      int place = (int) ((edit + 0.5) / edits * policies.size());
      while (policies.get(place).ingress().isEmpty()
          && policies.get(place).egress().isEmpty()) {
        place++;
      }
      policies.set(place, edited(policies.get(place)));
    }
    after = before.withPolicies(policies);
  }

  private static Policy edited(Policy policy) {
    boolean in = !policy.ingress().isEmpty();
    List<PolicyRule> rules =
        new ArrayList<>(policy.rules(in ? Direction.INGRESS : Direction.EGRESS));
    PolicyRule rule = rules.get(0);
    rules.set(
        0,
        new PolicyRule(
            rule.direction(),
            rule.index(),
            rule.name(),
            rule.action(),
            rule.peers(),
            OTHER,
            rule.origin()));
    return new Policy(
        policy.kind(),
        policy.namespace(),
        policy.name(),
        policy.tier(),
        policy.priority(),
        policy.subject(),
        policy.isolates(),
        in ? rules : policy.ingress(),
        in ? policy.egress() : rules,
        policy.origin());
  }
}
