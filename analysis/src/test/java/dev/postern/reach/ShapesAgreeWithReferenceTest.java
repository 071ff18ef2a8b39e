package dev.postern.reach;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.cluster.Cluster;
import dev.postern.meaning.End;
import dev.postern.meaning.Flow;
import dev.postern.meaning.FlowVerdict;
import dev.postern.meaning.Judgement;
import dev.postern.meaning.Options;
import dev.postern.meaning.Reference;
import dev.postern.net.Address;
import dev.postern.net.Family;
import dev.postern.net.Protocol;
import dev.postern.plan.Plan;
import dev.postern.testing.Probes;
import dev.postern.testing.shape.Shape;
import java.util.EnumSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The set engine against the definition on large clusters, where it works in two threads and finds classes and namespaces by index. */
class ShapesAgreeWithReferenceTest {

  private static final int FLOWS = 400;

  @ParameterizedTest
  @CsvSource({
    "W1_TENANT_TEMPLATE, 0.25",
    "W2_SMALL_NAMESPACES, 0.1",
    "W2_LARGE_NAMESPACES, 0.25",
    "W2_ONE_NAMESPACE, 0.25",
    "W3_MICROSERVICES, 0.25",
    "W4_CIDR_EGRESS, 0.05",
    "W5_UNIQUE, 0.1",
    "W6_ADMIN_TIERS, 0.1",
    "W7_OVERLAPPING, 0.2"
  })
  void everyVerdictIsTheDefinitions(Shape shape, double scale) {
    long seed = 20_261_120;
    Cluster cluster = shape.cluster(seed, scale);
    Plan plan = Plan.of(cluster);
    Reachability reachability = Reachability.of(plan);
    Reference reference = new Reference(cluster, Options.DEFAULT);
    Random random = new Random(seed);
    Probes probes = Probes.of(cluster, random);
    List<Address> outside = probes.outside(cluster);
    List<End.InPod> pods = plan.classes().endpoints();
    Set<FlowVerdict> seen = EnumSet.noneOf(FlowVerdict.class);
    for (int i = 0; i < FLOWS; i++) {
      int source = random.nextInt(pods.size());
      End destination = i % 4 == 0
          ? new End.Outside(outside.get(random.nextInt(outside.size())))
          : pods.get(
              i % 4 == 1
                  ? random.nextInt(pods.size())
                  : Math.floorMod(source + random.nextInt(-60, 61), pods.size()));
      Flow flow = i % 8 == 0
          ? new Flow(destination, pods.get(source), Protocol.TCP, probes.port(random))
          : new Flow(pods.get(source), destination, Protocol.TCP, probes.port(random));
      Judgement judgement = reference.judge(flow);
      seen.add(judgement.verdict());
      assertThat(reachability.verdict(flow))
          .as("%s at %s, seed %s: %s", shape, scale, seed, flow)
          .isEqualTo(judgement.verdict());
      if (judgement.exemption() == Judgement.Exemption.NONE && i % 8 == 4) {
        int from = plan.classes().classOf(flow.source());
        int to = plan.classes().classOf(flow.destination());
        assertThat(reachability.row(from).to(to))
            .as("row of %s", flow)
            .isEqualTo(reachability.between(from, to));
      }
    }
    // A shape on which all passes, or nothing, would show little.
    assertThat(seen).isNotEmpty();
    if (shape != Shape.W2_ONE_NAMESPACE) {
      assertThat(seen).contains(FlowVerdict.ALLOWED, FlowVerdict.DENIED);
    }
    assertThat(plan.classes().outsiders().size()).isGreaterThanOrEqualTo(Family.values().length);
  }
}
