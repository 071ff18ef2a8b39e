package dev.postern.answer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.postern.cluster.Cluster;
import dev.postern.cluster.Workload;
import dev.postern.meaning.End;
import dev.postern.meaning.FlowVerdict;
import dev.postern.meaning.Judgement;
import dev.postern.meaning.Options;
import dev.postern.meaning.Reference;
import dev.postern.net.Address;
import dev.postern.net.AddressRange;
import dev.postern.net.AddressSet;
import dev.postern.net.PortSet;
import dev.postern.net.Traffic;
import dev.postern.question.BadSentence;
import dev.postern.reach.Connectivity;
import dev.postern.reach.Endpoint;
import dev.postern.reach.EndpointSelection;
import dev.postern.reach.Reach;
import dev.postern.reach.ReachedPair;
import dev.postern.testing.Probes;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

/** Parts of a matrix, what does not pass, and the reasons of pairs, over random clusters. */
class MatrixPartsAgreeWithReferenceTest {

  private static Map<List<String>, Reach> byPair(Connectivity matrix) {
    Map<List<String>, Reach> reached = new HashMap<>();
    matrix
        .connections()
        .forEach(pair ->
            reached.put(List.of(pair.source().id(), pair.destination().id()), pair.reach()));
    return reached;
  }

  @Property(tries = 300)
  void aNarrowedMatrixIsThatPartOfTheWholeAndTheDeniedOneTheRest(
      @ForAll Cluster cluster, @ForAll Random random) {
    Connectivity whole = Analysis.of(cluster).connectivity();
    Probes probes = Probes.of(cluster, random);
    List<End> pods = new ArrayList<>();
    Set<String> wanted = new HashSet<>();
    for (Endpoint endpoint : whole.endpoints()) {
      if (endpoint instanceof Endpoint.Pods some && random.nextBoolean()) {
        wanted.add(endpoint.id());
        pods.add(new End.InPod(some.workload(), some.pods().stream().findAny(), Optional.empty()));
      }
    }
    Set<Address> nodes = new HashSet<>();
    cluster.nodes().forEach(node -> nodes.addAll(node.addresses()));
    Address one = nodes.isEmpty() || random.nextBoolean()
        ? probes.address(random)
        : nodes.iterator().next();
    EndpointSelection selection =
        EndpointSelection.of(pods, AddressSet.of(new AddressRange(one, one)));
    Traffic traffic = Traffic.tcp(probes.port(random))
        .union(random.nextBoolean() ? Traffic.udp(probes.port(random)) : Traffic.NONE);
    Connectivity part = whole.narrowed(selection, EndpointSelection.EVERYONE, traffic);
    Map<List<String>, Reach> all = byPair(whole);
    Map<List<String>, Reach> narrow = byPair(part);
    Map<List<String>, Reach> denied = byPair(part.denied());
    List<ReachedPair> pairs = part.pairs().toList();
    assertThat(part.endpoints()).extracting(Endpoint::id).doesNotHaveDuplicates();
    Set<List<String>> seen = new HashSet<>();
    for (ReachedPair pair : pairs) {
      List<String> ids = List.of(pair.source().id(), pair.destination().id());
      assertThat(seen.add(ids)).isTrue();
      String source = pair.source() instanceof Endpoint.External external
          ? whole.endpoints().stream()
              .filter(each -> each instanceof Endpoint.External range
                  && range.range().contains(external.range().first()))
              .findFirst()
              .orElseThrow()
              .id()
          : pair.source().id();
      if (pair.source() instanceof Endpoint.Pods) {
        assertThat(wanted).contains(source);
      }
      Reach reach = all.getOrDefault(List.of(source, pair.destination().id()), Reach.NOTHING);
      if (nodes.contains(one) && pair.source() instanceof Endpoint.External) {
        assertThat(pair.reach().allowed().minus(reach.allowed()))
            .isIn(Traffic.NONE, reach.allowed().complement());
        reach = pair.reach();
      }
      assertThat(pair.reach()).isEqualTo(reach);
      Reach passes = narrow.getOrDefault(ids, Reach.NOTHING);
      assertThat(passes.allowed()).isEqualTo(reach.allowed().intersect(traffic));
      assertThat(passes.possible()).isEqualTo(reach.possible().intersect(traffic));
      Reach stopped = denied.getOrDefault(ids, Reach.NOTHING);
      assertThat(stopped.allowed().containsAll(traffic.minus(reach.possible()))).isTrue();
      assertThat(stopped.possible().containsAll(traffic.minus(reach.allowed()))).isTrue();
      boolean overOneFamily = !stopped.allowed().equals(traffic.minus(reach.possible()))
          || !stopped.possible().equals(traffic.minus(reach.allowed()));
      if (overOneFamily) {
        assertThat(part.denied().notes()).anyMatch(note -> note.contains("over one IP family"));
      }
    }
    assertThat(seen).containsAll(narrow.keySet()).containsAll(denied.keySet());
  }

  @Property(tries = 150)
  void everyPairHasReasonsThatTheDefinitionGives(@ForAll Cluster cluster, @ForAll Random random) {
    Analysis analysis = Analysis.of(cluster);
    Reference reference = new Reference(analysis.plan().cluster(), Options.DEFAULT);
    Traffic traffic = Traffic.of(
        dev.postern.net.Protocol.TCP, PortSet.of(Probes.of(cluster, random).port(random)));
    Connectivity matrix = analysis
        .connectivity()
        .narrowed(EndpointSelection.EVERYONE, EndpointSelection.EVERYONE, traffic);
    Map<List<String>, PairReason> reasons = new HashMap<>();
    analysis
        .reasons(matrix, false)
        .forEach(each -> reasons.put(List.of(each.source(), each.destination()), each));
    List<ReachedPair> pairs = matrix.pairs().toList();
    for (ReachedPair pair : pairs) {
      PairReason reason =
          reasons.get(List.of(pair.source().id(), pair.destination().id()));
      if (pair.source() instanceof Endpoint.IngressController || reason == null) {
        // Of families that differ, or a range that begins with a node's address.
        continue;
      }
      Traffic explained = Traffic.NONE;
      for (PairReason.Part part : reason.parts()) {
        Judgement judgement = part.sample().judgement();
        assertThat(judgement).isEqualTo(reference.judge(judgement.flow()));
        boolean perhapsOwnNode = analysis
            .reachability()
            .mayBeExempt(judgement.flow().source(), judgement.flow().destination());
        assertThat(judgement.verdict())
            .isEqualTo(
                judgement.exemption() != Judgement.Exemption.NONE
                    ? FlowVerdict.ALLOWED
                    : part.verdict() == FlowVerdict.UNKNOWN && perhapsOwnNode
                        ? judgement.verdict() == FlowVerdict.UNKNOWN
                            ? FlowVerdict.UNKNOWN
                            : FlowVerdict.DENIED
                        : part.verdict());
        assertThat(part.traffic()
                .contains(judgement.flow().protocol(), judgement.flow().port()))
            .isTrue();
        assertThat(part.traffic().intersect(explained).isEmpty()).isTrue();
        explained = explained.union(part.traffic());
      }
    }
    assertThat(analysis.reasons(matrix, true).toList())
        .allSatisfy(each -> assertThat(each.parts())
            .extracting(PairReason.Part::verdict)
            .containsOnly(FlowVerdict.DENIED));
  }

  @Property(tries = 150)
  void whoIsKeptOutIsDeniedForTheCauseThatIsGiven(@ForAll Cluster cluster) {
    Analysis analysis = Analysis.of(cluster);
    for (Workload workload : cluster.workloads().stream().limit(2).toList()) {
      if (workload.name().contains("[")) {
        continue;
      }
      String name = workload.kind().toLowerCase(java.util.Locale.ROOT) + " " + workload.id();
      Answer who;
      try {
        who = analysis.ask("who can reach " + name + " on 80");
      } catch (BadSentence several) {
        continue;
      }
      Set<String> listed = new HashSet<>();
      who.connections().forEach(each -> listed.add(each.source()));
      Set<String> kept = new HashSet<>();
      for (KeptOut each : analysis.keptOut(who)) {
        assertThat(each.decision().verdict()).isEqualTo(FlowVerdict.DENIED);
        each.names().forEach(source -> {
          assertThat(kept.add(source)).isTrue();
          assertThat(listed).doesNotContain(source);
        });
      }
    }
  }

  @Test
  void endsAndTrafficThatAreNoneAreRefused() {
    assertThatThrownBy(() ->
            MatrixQuery.parse(Optional.empty(), Optional.of("service shop/db"), Optional.empty()))
        .isInstanceOf(BadSentence.class)
        .hasMessageContaining("no Services");
    assertThatThrownBy(
            () -> MatrixQuery.parse(Optional.empty(), Optional.empty(), Optional.of("http")))
        .isInstanceOf(BadSentence.class)
        .hasMessageContaining("other ports at other pods");
  }
}
