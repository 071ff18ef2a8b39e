package dev.postern.watch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.cluster.Cluster;
import dev.postern.diff.Difference;
import dev.postern.manifest.ObjectEvent;
import dev.postern.meaning.End;
import dev.postern.meaning.Flow;
import dev.postern.meaning.Judgement;
import dev.postern.meaning.Options;
import dev.postern.meaning.Reference;
import dev.postern.meaning.Undetermined;
import dev.postern.net.Protocol;
import dev.postern.plan.Plan;
import dev.postern.reach.Reachability;
import dev.postern.testing.Probes;
import dev.postern.testing.Tries;
import dev.postern.watch.PlainCluster.Item;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.lifecycle.AfterContainer;

/** A cluster that took event after event against one that is made anew from what there is. */
class WatchedClusterPropertiesTest {

  private static final AtomicLong FLOWS = new AtomicLong();
  private static final AtomicLong OPENED = new AtomicLong();

  @AfterContainer
  static void enoughFlows() {
    System.out.println("flows of watched clusters judged: " + FLOWS + ", openings: " + OPENED);
    assertThat(OPENED).hasValueGreaterThan(Tries.share(15));
    assertThat(FLOWS).hasValueGreaterThan(Tries.share(8_000));
  }

  @Property(tries = 3, shrinking = ShrinkingMode.OFF)
  void afterTenThousandEventsItIsTheClusterThatIsThere(
      @ForAll Cluster start, @ForAll("options") Options options, @ForAll Random random) {
    run(start, options, random, 10_000, 250, 50);
  }

  @Property(tries = 40, shrinking = ShrinkingMode.OFF)
  void afterAFewEventsItIsTheClusterThatIsThere(
      @ForAll Cluster start, @ForAll("options") Options options, @ForAll Random random) {
    run(start, options, random, 20, 10, 8);
  }

  /** Each plan starts from the one before, whatever came or went between the two. */
  @Property(tries = 20, shrinking = ShrinkingMode.OFF)
  void afterEachEventTheNextPlanIsOfTheClusterThatIsThere(
      @ForAll Cluster start, @ForAll("options") Options options, @ForAll Random random) {
    run(start, options, random, 12, 1, 8);
  }

  private static void run(
      Cluster start, Options options, Random random, int events, int everySoMany, int most) {
    WatchedCluster watched = WatchedCluster.of(start, options);
    PlainCluster plain = new PlainCluster();
    PlainCluster.items(start).forEach(plain::put);
    compare(plain, watched.snapshot(), random, 60);
    RandomEvents happening = new RandomEvents(random, plain);
    for (int i = 1; i <= events; i++) {
      watched.accept(happening.next());
      if (i % everySoMany == 0) {
        compare(plain, watched.snapshot(), random, 60);
      }
    }
    compareAll(plain, watched.snapshot(), random, most);
  }

  /** What an event would open is what the clusters before and after it differ in, however little of them is looked at. */
  @Property(tries = 60, shrinking = ShrinkingMode.OFF)
  void whatAnEventWouldOpenIsTheDifferenceThatItMakes(
      @ForAll Cluster start, @ForAll("options") Options options, @ForAll Random random) {
    WatchedCluster watched = WatchedCluster.of(start, options);
    PlainCluster plain = new PlainCluster();
    PlainCluster.items(start).forEach(plain::put);
    RandomEvents happening = new RandomEvents(random, plain);
    for (int i = 0; i < 12; i++) {
      Cluster before = plain.cluster();
      ObjectEvent event = happening.next();
      ClusterSnapshot now = watched.snapshot();

      Difference would = now.wouldOpen(event);
      Difference beside = now.to(now.after(event), 0);

      assertThat(watched.snapshot()).isSameAs(now);
      assertThat(would)
          .as(event.toString())
          .isEqualTo(Difference.between(before, plain.cluster(), options));
      assertThat(beside).as("beside a plan, %s", event).isEqualTo(would);
      if (!would.opened().isEmpty()) {
        OPENED.incrementAndGet();
      }
      watched.accept(event);
    }
  }

  /** What it holds, and a sample of what passes. */
  private static void compare(
      PlainCluster plain, ClusterSnapshot snapshot, Random random, int sample) {
    Cluster fresh = plain.cluster();
    assertThat(snapshot.cluster()).isEqualTo(fresh);
    Cluster judged = Undetermined.in(fresh);
    Reference reference = new Reference(judged, snapshot.options());
    Reachability engine = Reachability.of(Plan.of(judged, snapshot.options()));
    List<End> ends = ends(fresh, random);
    Probes probes = Probes.of(fresh, random);
    for (int i = 0; i < sample && !ends.isEmpty(); i++) {
      End source = ends.get(random.nextInt(ends.size()));
      End destination = ends.get(random.nextInt(ends.size()));
      Protocol protocol = Protocol.values()[random.nextInt(4)];
      Flow flow = new Flow(
          source,
          destination,
          protocol,
          protocol.hasPorts() ? probes.port(random) : 0,
          random.nextInt(4) == 0);
      agree(snapshot, flow, reference.judge(flow));
      assertThat(snapshot.reach(source, destination))
          .as("%s -> %s", source, destination)
          .isEqualTo(engine.traffic(source, destination));
      assertThat(snapshot.analysis().reachability().traffic(source, destination))
          .as("%s -> %s by the latest plan", source, destination)
          .isEqualTo(engine.traffic(source, destination));
    }
  }

  private static void agree(ClusterSnapshot snapshot, Flow flow, Judgement judgement) {
    Judgement found = snapshot.judge(flow);
    assertThat(found.verdict()).as(flow.toString()).isEqualTo(judgement.verdict());
    assertThat(found.exemption()).as(flow.toString()).isEqualTo(judgement.exemption());
    assertThat(found.egress().tier())
        .as(flow.toString())
        .isEqualTo(judgement.egress().tier());
    assertThat(found.ingress().tier())
        .as(flow.toString())
        .isEqualTo(judgement.ingress().tier());
    FLOWS.incrementAndGet();
  }

  /** All that passes between every two pods, or of a large cluster between some of them. */
  private static void compareAll(
      PlainCluster plain, ClusterSnapshot snapshot, Random random, int most) {
    Cluster fresh = plain.cluster();
    Cluster judged = Undetermined.in(fresh);
    Reachability engine = Reachability.of(Plan.of(judged, snapshot.options()));
    assertThat(outside(snapshot.analysis().plan())).isEqualTo(outside(engine.plan()));
    List<End.InPod> ends = engine.plan().classes().endpoints();
    List<End.InPod> some = new ArrayList<>(ends);
    Collections.shuffle(some, random);
    some = some.subList(0, Math.min(most, some.size()));
    for (End.InPod source : some) {
      for (End.InPod destination : some) {
        assertThat(snapshot.reach(source, destination))
            .as("%s -> %s", source, destination)
            .isEqualTo(engine.traffic(source, destination));
        assertThat(snapshot.analysis().reachability().traffic(source, destination))
            .isEqualTo(engine.traffic(source, destination));
      }
    }
    for (Item item : plain.items()) {
      if (item instanceof PlainCluster.OfPod of) {
        assertThat(snapshot.pod(of.owner().namespace(), of.pod().name()))
            .isNotEmpty()
            .allMatch(ends::contains);
      }
    }
  }

  /** How many stretches of addresses policies tell apart. */
  private static int outside(Plan plan) {
    return plan.classes().size() - plan.classes().inside();
  }

  private static List<End> ends(Cluster cluster, Random random) {
    List<End> ends = new ArrayList<>(Plan.of(cluster).classes().endpoints());
    Probes.of(cluster, random)
        .outside(cluster)
        .forEach(address -> ends.add(new End.Outside(address)));
    cluster
        .nodes()
        .forEach(node -> node.addresses().forEach(address -> ends.add(new End.Outside(address))));
    return ends;
  }

  @Provide
  Arbitrary<Options> options() {
    return Arbitraries.of(true, false)
        .tuple3()
        .flatMap(t -> Arbitraries.of(Options.MissingAddress.values())
            .map(missing -> new Options(
                t.get1(),
                t.get2(),
                t.get3() ? Options.HostNetwork.NODE : Options.HostNetwork.POD,
                missing)));
  }
}
