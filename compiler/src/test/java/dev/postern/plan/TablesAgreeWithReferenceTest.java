package dev.postern.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.cluster.Cluster;
import dev.postern.meaning.End;
import dev.postern.meaning.Flow;
import dev.postern.meaning.FlowVerdict;
import dev.postern.meaning.Judgement;
import dev.postern.meaning.Options;
import dev.postern.meaning.Reference;
import dev.postern.net.Protocol;
import dev.postern.policy.Direction;
import dev.postern.testing.Probes;
import dev.postern.testing.Tries;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.lifecycle.AfterContainer;

/** The tables against the definition, flow by flow, over random clusters of every policy kind. */
class TablesAgreeWithReferenceTest {

  private static final AtomicLong VERDICTS = new AtomicLong();

  @AfterContainer
  static void enoughVerdicts() {
    System.out.println("verdicts compared with the reference: " + VERDICTS);
    assertThat(VERDICTS).hasValueGreaterThan(Tries.share(100_000));
  }

  @Property(tries = 1500)
  void bothDirectionsOfEveryFlow(
      @ForAll Cluster cluster, @ForAll("options") Options options, @ForAll Random random) {
    Plan plan = Plan.of(cluster, options);
    Reference reference = new Reference(cluster, options);
    Probes probes = Probes.of(cluster, random);
    List<End> ends = new ArrayList<>(plan.classes().endpoints());
    probes.outside(cluster).forEach(address -> ends.add(new End.Outside(address)));
    cluster
        .nodes()
        .forEach(node -> node.addresses().forEach(address -> ends.add(new End.Outside(address))));
    for (int i = 0; i < 100 && !plan.classes().endpoints().isEmpty(); i++) {
      End source = ends.get(random.nextInt(ends.size()));
      End destination = ends.get(random.nextInt(ends.size()));
      Protocol protocol = Protocol.values()[random.nextInt(4)];
      int port =
          protocol.hasPorts() ? probes.ports().get(random.nextInt(probes.ports().size())) : 0;
      Flow flow = new Flow(source, destination, protocol, port);
      Judgement judgement = reference.judge(flow);
      if (judgement.exemption() != Judgement.Exemption.NONE) {
        continue;
      }
      int from = plan.classes().classOf(source);
      int to = plan.classes().classOf(destination);
      Table egress = plan.table(from, Direction.EGRESS);
      Table ingress = plan.table(to, Direction.INGRESS);
      assertThat(verdict(egress, to, flow))
          .as("egress of %s", flow)
          .isEqualTo(judgement.egress().verdict());
      assertThat(verdict(ingress, from, flow))
          .as("ingress of %s", flow)
          .isEqualTo(judgement.ingress().verdict());
      VERDICTS.addAndGet(2);
    }
  }

  private static FlowVerdict verdict(Table table, int peer, Flow flow) {
    boolean allowed = table.allowed().traffic(peer).contains(flow.protocol(), flow.port());
    boolean possible = table.possible().traffic(peer).contains(flow.protocol(), flow.port());
    assertThat(possible || !allowed).isTrue();
    return allowed ? FlowVerdict.ALLOWED : possible ? FlowVerdict.UNKNOWN : FlowVerdict.DENIED;
  }

  @Provide
  Arbitrary<Options> options() {
    return Arbitraries.of(true, false)
        .tuple3()
        .map(t -> new Options(
            t.get1(), t.get2(), t.get3() ? Options.HostNetwork.NODE : Options.HostNetwork.POD));
  }
}
