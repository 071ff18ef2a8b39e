package dev.postern.reach;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.cluster.Cluster;
import dev.postern.meaning.End;
import dev.postern.meaning.Flow;
import dev.postern.meaning.FlowVerdict;
import dev.postern.meaning.Judgement;
import dev.postern.meaning.Options;
import dev.postern.meaning.Reference;
import dev.postern.net.Protocol;
import dev.postern.plan.Plan;
import dev.postern.testing.Probes;
import dev.postern.testing.Tries;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.lifecycle.AfterContainer;

/** The set engine against the definition, verdict by verdict, over random clusters of every policy kind. jqwik prints the seed of a failure. */
class EngineAgreesWithReferenceTest {

  private static final int FLOWS = 100;
  private static final AtomicLong VERDICTS = new AtomicLong();

  @AfterContainer
  static void enoughVerdicts() {
    System.out.println("verdicts of the set engine compared with the definition: " + VERDICTS);
    assertThat(VERDICTS).hasValueGreaterThan(Tries.share(100_000));
  }

  @Property(tries = 1200)
  void everyVerdictIsTheDefinitions(
      @ForAll Cluster cluster, @ForAll("options") Options options, @ForAll Random random) {
    Plan plan = Plan.of(cluster, options);
    Reachability reachability = Reachability.of(plan);
    Reference reference = new Reference(cluster, options);
    Probes probes = Probes.of(cluster, random);
    List<Row> rows = reachability.rows().toList();
    assertThat(rows).hasSize(plan.classes().size());
    List<End> ends = ends(cluster, plan, probes);
    for (int i = 0; i < FLOWS; i++) {
      Flow flow = flow(ends, probes, random);
      Judgement judgement = reference.judge(flow);
      FlowVerdict expected = judgement.verdict();
      assertThat(reachability.verdict(flow)).as("verdict of %s", flow).isEqualTo(expected);
      Reach reach = reachability.traffic(flow.source(), flow.destination());
      assertThat(verdict(reach, flow)).as("traffic of %s", flow).isEqualTo(expected);
      VERDICTS.addAndGet(2);
      if (hasClass(flow.source()) && hasClass(flow.destination()) && !isExempt(judgement)) {
        int source = plan.classes().classOf(flow.source());
        int destination = plan.classes().classOf(flow.destination());
        assertThat(rows.get(source).to(destination))
            .as("streamed row of %s", flow)
            .isEqualTo(reach);
        assertThat(new PointRows(plan).row(source))
            .as("row of pairs of %s", flow)
            .isEqualTo(rows.get(source));
        assertThat(reachability.row(source)).as("row of %s", flow).isEqualTo(rows.get(source));
      }
    }
  }

  private static boolean isExempt(Judgement judgement) {
    return judgement.exemption() != Judgement.Exemption.NONE;
  }

  private static List<End> ends(Cluster cluster, Plan plan, Probes probes) {
    List<End> ends = new ArrayList<>(plan.classes().endpoints());
    probes.outside(cluster).forEach(address -> ends.add(new End.Outside(address)));
    cluster
        .nodes()
        .forEach(node -> node.addresses().forEach(address -> ends.add(new End.Outside(address))));
    ends.add(new End.IngressController());
    ends.add(new End.DomainName("example.com"));
    ends.add(new End.DomainName("a.example.com"));
    return ends;
  }

  private static Flow flow(List<End> ends, Probes probes, Random random) {
    Protocol protocol = Protocol.values()[random.nextInt(4)];
    return new Flow(
        ends.get(random.nextInt(ends.size())),
        ends.get(random.nextInt(ends.size())),
        protocol,
        protocol.hasPorts() ? probes.port(random) : 0);
  }

  private static boolean hasClass(End end) {
    return end instanceof End.InPod || end instanceof End.Outside;
  }

  private static FlowVerdict verdict(Reach reach, Flow flow) {
    assertThat(reach.possible().containsAll(reach.allowed())).isTrue();
    return reach.allowed().contains(flow.protocol(), flow.port())
        ? FlowVerdict.ALLOWED
        : reach.possible().contains(flow.protocol(), flow.port())
            ? FlowVerdict.UNKNOWN
            : FlowVerdict.DENIED;
  }

  @Provide
  Arbitrary<Options> options() {
    return Combinators.combine(
            Arbitraries.of(true, false),
            Arbitraries.of(true, false),
            Arbitraries.of(Options.HostNetwork.values()),
            Arbitraries.of(Options.MissingAddress.values()))
        .as(Options::new);
  }
}
