package dev.postern.replay;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.answer.Reason;
import dev.postern.cluster.Cluster;
import dev.postern.meaning.End;
import dev.postern.net.Address;
import dev.postern.net.Protocol;
import dev.postern.plan.Plan;
import dev.postern.reach.Reachability;
import dev.postern.testing.Probes;
import dev.postern.traffic.FlowEnd;
import dev.postern.traffic.FlowRecord;
import dev.postern.traffic.LogPlace;
import dev.postern.traffic.Opener;
import dev.postern.traffic.Outcome;
import dev.postern.traffic.Vantage;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** Folding traffic into edges, whole and in parts. */
class EdgesTest {

  /** Ends as logs have them: pods by name, by address, at another address or gone, and what is outside. */
  private static FlowEnd end(List<End.InPod> pods, Probes probes, Random random) {
    Address other = probes.address(random);
    if (pods.isEmpty() || random.nextInt(4) == 0) {
      return FlowEnd.at(other);
    }
    End.InPod pod = pods.get(random.nextInt(pods.size()));
    String name = pod.pod().map(each -> each.name()).orElse(pod.workload().name());
    return switch (random.nextInt(7)) {
      case 0 -> pod.address().map(FlowEnd::at).orElse(FlowEnd.called("pub"));
      case 1 -> new FlowEnd(pod.workload().namespace(), name, List.of(), Optional.of(other));
      case 2 ->
        new FlowEnd(pod.workload().namespace(), name + "-gone", List.of(), Optional.of(other));
      case 3 -> new FlowEnd(pod.workload().namespace(), name, List.of(), Optional.empty());
      case 4 ->
        FlowEnd.ofWorkload(
            pod.workload().namespace(),
            List.of(new FlowEnd.Owner(pod.workload().name(), "")),
            random.nextBoolean() ? Optional.empty() : Optional.of(other));
      default -> new FlowEnd(pod.workload().namespace(), name, List.of(), pod.address());
    };
  }

  private static FlowRecord flow(FlowEnd source, FlowEnd destination, int port, Random random) {
    boolean ports = random.nextInt(8) > 0;
    Instant first = Instant.ofEpochSecond(random.nextInt(1000));
    Outcome outcome = Outcome.values()[random.nextInt(3)];
    return new FlowRecord(
        new LogPlace("log", 1),
        source,
        destination,
        ports ? Protocol.TCP : Protocol.OTHER,
        ports ? random.nextInt(3) * 30_000 : 0,
        ports ? port : 0,
        outcome,
        Vantage.values()[random.nextInt(3)],
        random.nextBoolean() ? Opener.SOURCE : Opener.UNSAID,
        // What goes on, and was counted when it began.
        outcome == Outcome.SEEN ? random.nextInt(3) : 1 + random.nextInt(3),
        random.nextInt(100),
        Optional.of(first),
        Optional.of(first.plusSeconds(random.nextInt(9))));
  }

  private static List<String> rows(Edges edges, Reachability policies) {
    return Replay.of(edges, policies).rows().stream()
        .map(row -> row.source() + " " + row.destination() + " " + row.protocol() + " " + row.port()
            + " " + row.fate() + " " + row.flows() + " " + row.bytes() + " " + row.first() + " "
            + row.last() + " " + row.assumed() + " " + row.reason()
            + row.judgement().map(Reason::of).map(Object::toString).orElse(""))
        .sorted()
        .toList();
  }

  @Property(tries = 500)
  void partsFoldedApartAndThenTogetherAreTheWhole(@ForAll Cluster cluster, @ForAll Random random) {
    Reachability policies = Reachability.of(Plan.of(cluster));
    Probes probes = Probes.of(cluster, random);
    List<End.InPod> pods = policies.plan().classes().endpoints();
    Edges whole = new Edges(policies.plan());
    List<Edges> parts = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      parts.add(new Edges(policies.plan()));
    }
    for (int i = 0; i < 60; i++) {
      FlowRecord flow =
          flow(end(pods, probes, random), end(pods, probes, random), probes.port(random), random);
      whole.flow(flow);
      parts.get(random.nextInt(parts.size())).flow(flow);
    }
    Edges together = new Edges(policies.plan());
    List<Edges> between = List.of(new Edges(policies.plan()), new Edges(policies.plan()));
    parts.forEach(part -> part.records()
        .forEach(flow -> between.get(random.nextInt(between.size())).flow(flow)));
    between.forEach(part -> part.records().forEach(together::flow));

    List<String> one = new ArrayList<>(rows(together, policies));
    List<String> other = new ArrayList<>(rows(whole, policies));
    rows(whole, policies).forEach(one::remove);
    rows(together, policies).forEach(other::remove);
    assertThat(one).as("beside %s", other).isEmpty();
    assertThat(other).isEmpty();
    assertThat(Replay.of(together, policies).unused())
        .isEqualTo(Replay.of(whole, policies).unused());
  }
}
