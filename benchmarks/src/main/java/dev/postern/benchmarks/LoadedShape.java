package dev.postern.benchmarks;

import dev.postern.cluster.Cluster;
import dev.postern.plan.Plan;
import dev.postern.reach.Reachability;
import dev.postern.testing.shape.Shape;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** A cluster of some shape in memory, planned and asked once. */
@State(Scope.Benchmark)
public class LoadedShape {

  static final long SEED = 42;

  /** The shape. */
  @Param({
    "W1_TENANT_TEMPLATE",
    "W2_SMALL_NAMESPACES",
    "W2_LARGE_NAMESPACES",
    "W2_ONE_NAMESPACE",
    "W3_MICROSERVICES",
    "W4_CIDR_EGRESS",
    "W5_UNIQUE",
    "W6_ADMIN_TIERS",
    "W7_OVERLAPPING"
  })
  public Shape shape = Shape.W3_MICROSERVICES;

  /** Its size; 1 is the published one. */
  @Param("1")
  public double scale = 1;

  Cluster cluster = Cluster.EMPTY;
  Plan plan = Plan.of(cluster);
  Reachability reachability = Reachability.of(plan);

  /** Makes the cluster. */
  @Setup(Level.Trial)
  public void load() {
    cluster = shape.cluster(SEED, scale);
    plan = Plan.of(cluster);
    reachability = Reachability.of(plan);
  }
}
