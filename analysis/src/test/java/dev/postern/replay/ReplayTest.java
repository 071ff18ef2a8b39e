package dev.postern.replay;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.cluster.Cluster;
import dev.postern.manifest.Manifests;
import dev.postern.manifest.Source;
import dev.postern.meaning.End;
import dev.postern.meaning.Flow;
import dev.postern.meaning.FlowVerdict;
import dev.postern.meaning.Options;
import dev.postern.meaning.Reference;
import dev.postern.net.Address;
import dev.postern.net.Protocol;
import dev.postern.plan.Plan;
import dev.postern.reach.Reachability;
import dev.postern.replay.Replay.Fate;
import dev.postern.service.ServiceAddresses;
import dev.postern.testing.Probes;
import dev.postern.traffic.FlowEnd;
import dev.postern.traffic.FlowRecord;
import dev.postern.traffic.LogPlace;
import dev.postern.traffic.LogSummary;
import dev.postern.traffic.Omission;
import dev.postern.traffic.Opener;
import dev.postern.traffic.Outcome;
import dev.postern.traffic.Vantage;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class ReplayTest {

  private static final Cluster SHOP =
      Manifests.read(Source.text("shop.yaml", """
          apiVersion: v1
          kind: Pod
          metadata: {name: web, namespace: shop, labels: {app: web}}
          spec: {containers: [{name: c, image: i}]}
          status: {podIP: 10.0.0.1}
          ---
          apiVersion: apps/v1
          kind: Deployment
          metadata: {name: cart, namespace: shop}
          spec:
            selector: {matchLabels: {app: cart}}
            template:
              metadata: {labels: {app: cart}}
              spec: {containers: [{name: c, image: i}]}
          ---
          apiVersion: v1
          kind: Pod
          metadata: {name: db, namespace: shop, labels: {app: db}}
          spec: {containers: [{name: c, image: i}]}
          status: {podIP: 10.0.0.2}
          ---
          apiVersion: networking.k8s.io/v1
          kind: NetworkPolicy
          metadata: {name: db, namespace: shop}
          spec:
            podSelector: {matchLabels: {app: db}}
            ingress: [{from: [{podSelector: {matchLabels: {app: web}}}], ports: [{port: 5432}]}]
          """)).cluster();

  private static LogSummary log(String... lines) throws IOException {
    return Logs.read(new Edges(Plan.of(SHOP)), lines);
  }

  private static Replay replay(String... lines) throws IOException {
    Reachability policies = Reachability.of(Plan.of(SHOP));
    Edges edges = new Edges(policies.plan());
    Logs.read(edges, lines);
    return Replay.of(edges, policies);
  }

  private static String flow(String verdict, String source, String port, String more) {
    return """
        {"flow": {"verdict": "%s", "IP": {"source": "10.0.0.9", "destination": "10.0.0.2"}, \
        "l4": {"TCP": {"source_port": 40000, "destination_port": %s}}, "source": %s, \
        "destination": {"namespace": "shop", "pod_name": "db"}, "Type": "L3_L4"%s}}""".formatted(verdict, port, source, more);
  }

  private static final String WEB = "{\"namespace\": \"shop\", \"pod_name\": \"web\"}";
  private static final String OLD_CART =
      "{\"namespace\": \"shop\", \"pod_name\": \"cart-1-a\", \"workloads\": [{\"name\": \"cart\"}]}";
  private static final String INGRESS = ", \"traffic_direction\": \"INGRESS\"";
  private static final String EGRESS = ", \"traffic_direction\": \"EGRESS\"";

  private static List<Fate> fates(Replay replay) {
    return replay.rows().stream().map(Replay.ReplayRow::fate).toList();
  }

  @Test
  void whatPassedAndIsAllowedIsTheSame() throws IOException {
    assertThat(fates(replay(flow("FORWARDED", WEB, "5432", INGRESS)))).containsExactly(Fate.SAME);
  }

  @Test
  void whatPassedAndIsDeniedBreaks() throws IOException {
    Replay replay = replay(flow("FORWARDED", WEB, "80", INGRESS));
    assertThat(fates(replay)).containsExactly(Fate.BREAKS);
    assertThat(replay.rows().get(0).judgement().orElseThrow().ingress().causes())
        .extracting(cause -> cause.policy().id())
        .containsExactly("shop/db");
  }

  @Test
  void whatAPolicyDroppedAndIsAllowedOpens() throws IOException {
    assertThat(fates(replay(flow("DROPPED", WEB, "5432", INGRESS)))).containsExactly(Fate.OPENS);
    assertThat(fates(replay(flow("DROPPED", WEB, "80", INGRESS)))).containsExactly(Fate.SAME);
  }

  @Test
  void aPodThatIsGoneIsJudgedByItsWorkload() throws IOException {
    Replay replay = replay(flow("FORWARDED", OLD_CART, "5432", INGRESS));
    assertThat(replay.rows().get(0).source()).isEqualTo("shop/cart");
    assertThat(fates(replay)).containsExactly(Fate.BREAKS);
  }

  @Test
  void aPodOfWhichNothingIsKnownIsNeverAYes() throws IOException {
    Replay replay =
        replay(flow("FORWARDED", "{\"namespace\": \"ops\", \"pod_name\": \"x\"}", "5432", INGRESS));
    assertThat(fates(replay)).containsExactly(Fate.UNDECIDED);
    assertThat(replay.rows().get(0).reason()).isEqualTo("ops/x is not in the manifests");
  }

  @Test
  void aPartyWithoutAPodIsItsAddress() throws IOException {
    Replay replay = replay(flow("FORWARDED", "{\"labels\": [\"reserved:world\"]}", "5432", ""));
    assertThat(replay.rows().get(0).source()).isEqualTo("10.0.0.9");
    assertThat(fates(replay)).containsExactly(Fate.BREAKS);
  }

  @Test
  void whatLeftItsSourceAndWasDroppedWhereItArrivedDidNotPass() throws IOException {
    assertThat(fates(
            replay(flow("FORWARDED", WEB, "80", EGRESS), flow("DROPPED", WEB, "80", INGRESS))))
        .containsExactly(Fate.SAME);
    assertThat(fates(
            replay(flow("FORWARDED", WEB, "80", INGRESS), flow("DROPPED", WEB, "80", INGRESS))))
        .containsExactly(Fate.BREAKS, Fate.SAME);
  }

  /** One edge of today's policies may be several of those that were enforced, or may have changed meanwhile. */
  @Test
  void whatPassedIsNotForgottenForWhatWasDeniedBesideIt() throws IOException {
    for (String seen : List.of(EGRESS, INGRESS, "")) {
      Replay replay = replay(
          flow("FORWARDED", WEB, "80", seen),
          flow("FORWARDED", WEB, "80", seen),
          flow("DROPPED", WEB, "80", seen));
      assertThat(fates(replay)).as(seen).containsExactly(Fate.BREAKS, Fate.SAME);
      assertThat(replay.flows(Fate.BREAKS)).as(seen).isEqualTo(2);
      assertThat(replay.flows(Fate.SAME)).as(seen).isEqualTo(1);
    }
    assertThat(fates(replay(
            flow("FORWARDED", WEB, "80", EGRESS),
            flow("FORWARDED", WEB, "80", EGRESS),
            flow("DROPPED", WEB, "80", INGRESS))))
        .containsExactly(Fate.BREAKS, Fate.SAME);
  }

  @Test
  void whatWasDeniedIsNotForgottenForWhatPassedBesideIt() throws IOException {
    Replay replay =
        replay(flow("FORWARDED", WEB, "5432", INGRESS), flow("DROPPED", WEB, "5432", INGRESS));
    assertThat(fates(replay)).containsExactly(Fate.OPENS, Fate.SAME);
    String world = "{\"labels\": [\"reserved:world\"]}";
    Replay folded = replay(
        flow("FORWARDED", world, "80", INGRESS),
        flow("DROPPED", world, "80", INGRESS).replace("10.0.0.9", "10.0.0.8"));
    assertThat(fates(folded)).containsExactly(Fate.BREAKS, Fate.SAME);
  }

  private static FlowRecord counted(Outcome outcome, long count) {
    return new FlowRecord(
        new LogPlace("log", 1),
        FlowEnd.at(Address.parse("192.0.2.1")),
        FlowEnd.at(Address.parse("10.0.0.2")),
        Protocol.TCP,
        0,
        80,
        outcome,
        Vantage.DESTINATION,
        Opener.SOURCE,
        count,
        count,
        Optional.empty(),
        Optional.empty());
  }

  @Test
  void countsPastAllNumbersStayThere() {
    Reachability policies = Reachability.of(Plan.of(SHOP));
    Edges edges = new Edges(policies.plan());
    for (int i = 0; i < 3; i++) {
      edges.flow(counted(Outcome.PASSED, Long.MAX_VALUE));
      edges.flow(counted(Outcome.DENIED, Long.MAX_VALUE));
    }
    Replay replay = Replay.of(edges, policies);
    assertThat(replay.flows(Fate.BREAKS)).isEqualTo(Long.MAX_VALUE);
    assertThat(replay.rows()).allMatch(row -> row.flows() > 0 && row.bytes() >= 0);
  }

  @Test
  void anAddressThatSeveralPodsOrAServiceHaveIsNoCertainEnd() throws IOException {
    Cluster cluster = Manifests.read(Source.text("shared.yaml", """
        apiVersion: v1
        kind: Pod
        metadata: {name: old, namespace: shop, labels: {app: web}}
        spec: {containers: [{name: c, image: i}]}
        status: {podIP: 10.0.0.1}
        ---
        apiVersion: v1
        kind: Pod
        metadata: {name: new, namespace: shop, labels: {app: job}}
        spec: {containers: [{name: c, image: i}]}
        status: {podIP: 10.0.0.1}
        ---
        apiVersion: v1
        kind: Pod
        metadata: {name: db, namespace: shop, labels: {app: db}}
        spec: {containers: [{name: c, image: i}]}
        status: {podIP: 10.0.0.2}
        ---
        apiVersion: v1
        kind: Service
        metadata: {name: db, namespace: shop}
        spec:
          type: LoadBalancer
          clusterIP: 10.96.0.9
          externalIPs: [192.0.2.50]
          selector: {app: db}
          ports: [{port: 5432}]
        status: {loadBalancer: {ingress: [{ip: 192.0.2.60}]}}
        """)).cluster();
    Reachability policies = Reachability.of(Plan.of(cluster));
    for (String address : List.of("10.0.0.1", "10.96.0.9", "192.0.2.50", "192.0.2.60")) {
      for (String party : List.of(
          "{}",
          "{\"namespace\": \"shop\"}",
          "{\"namespace\": \"shop\", \"pod_name\": \"gone\", \"workloads\": [{\"name\": \"old\"}]}")) {
        if (!party.equals("{}") && !address.equals("10.0.0.1")) {
          continue;
        }
        Edges edges = new Edges(policies.plan());
        Logs.read(edges, flow("FORWARDED", party, "5432", INGRESS).replace("10.0.0.9", address));
        assertThat(fates(Replay.of(edges, policies)))
            .as("%s %s", address, party)
            .containsExactly(Fate.UNDECIDED);
      }
    }
    SeenFlows seen = new SeenFlows(policies.plan());
    Logs.read(seen, flow("FORWARDED", "{}", "5432", INGRESS).replace("10.0.0.9", "10.0.0.1"));
    assertThat(seen.known().passed()).isEmpty();
    assertThat(seen.known().unknown()).hasSize(1);
  }

  @Test
  void entriesThatSayNothingAboutPoliciesAreCounted() throws IOException {
    LogSummary log = log(
        flow("FORWARDED", WEB, "80", ", \"is_reply\": true"),
        flow("FORWARDED", WEB, "80", "").replace("\"L3_L4\"", "\"L7\""),
        flow("TRANSLATED", WEB, "80", ""),
        flow("DROPPED", WEB, "80", ", \"drop_reason_desc\": \"CT_MAP_INSERTION_FAILED\""),
        flow("ERROR", WEB, "80", ""),
        "{\"lost_events\": {\"num_events_lost\": \"3\"}}",
        "");
    assertThat(log.records()).isZero();
    assertThat(log.problems()).isEmpty();
    assertThat(log.leftOut())
        .containsOnlyKeys(
            Omission.REPLY,
            Omission.PROXY,
            Omission.SERVICE_ADDRESS,
            Omission.NOT_BY_POLICY,
            Omission.NEITHER,
            Omission.LOST_EVENTS);
  }

  @Test
  void aLineThatIsNoFlowIsToldWithItsPlaceAndTheOthersAreUsed() throws IOException {
    LogSummary log = log(
        "{\"flow\": ",
        "[]",
        flow("FORWARDED", WEB, "0", ""),
        flow("FORWARDED", WEB, "80", "").replace("10.0.0.9", "10.0.0"),
        flow("FORWARDED", WEB, "80", ""));
    assertThat(log.records()).isEqualTo(1);
    assertThat(log.problems()).hasSize(4);
    assertThat(log.problems().get(0)).startsWith("flows.json:1:").contains("no JSON");
    assertThat(log.problems().get(1)).startsWith("flows.json:2:1: error: it is no JSON object");
    assertThat(log.problems().get(2))
        .contains("flows.json:3:1: error: the flow has no destination_port");
    assertThat(log.problems().get(3)).contains("flows.json:4:1: error: `10.0.0` is no address");
  }

  /** Whatever is recorded as the definition has it is the same, and the opposite of it is not. */
  @Property(tries = 300)
  void aLogOfWhatThePoliciesSayIsTheSameAndItsOppositeIsNot(
      @ForAll Cluster cluster, @ForAll Random random) {
    Probes probes = Probes.of(cluster, random);
    Reference reference = new Reference(cluster, Options.DEFAULT);
    Reachability policies = Reachability.of(Plan.of(cluster));
    List<End.InPod> pods = policies.plan().classes().endpoints().stream()
        .filter(end -> end.address().isPresent() && !end.workload().hostNetwork())
        .toList();
    if (pods.isEmpty()) {
      return;
    }
    for (int i = 0; i < 20; i++) {
      End.InPod pod = pods.get(random.nextInt(pods.size()));
      Address other = probes.address(random);
      if (other.family() != pod.address().orElseThrow().family()
          || ServiceAddresses.of(cluster).all().contains(other)
          || pods.stream().anyMatch(p -> p.address().equals(Optional.of(other)))) {
        continue;
      }
      int port = probes.port(random);
      FlowVerdict verdict = reference
          .judge(new Flow(new End.Outside(other), pod, Protocol.TCP, port))
          .verdict();
      List<Fate> fates = new ArrayList<>();
      for (boolean passed : new boolean[] {true, false}) {
        Edges edges = new Edges(policies.plan());
        edges.flow(new FlowRecord(
            new LogPlace("log", 1),
            FlowEnd.at(other),
            new FlowEnd(
                pod.workload().namespace(),
                pod.pod().orElseThrow().name(),
                List.of(),
                pod.address()),
            Protocol.TCP,
            0,
            port,
            passed ? Outcome.PASSED : Outcome.DENIED,
            Vantage.DESTINATION,
            Opener.SOURCE,
            1,
            0,
            Optional.empty(),
            Optional.empty()));
        fates.add(Replay.of(edges, policies).rows().get(0).fate());
      }
      assertThat(fates)
          .isEqualTo(
              verdict == FlowVerdict.UNKNOWN
                  ? List.of(Fate.UNDECIDED, Fate.UNDECIDED)
                  : verdict == FlowVerdict.ALLOWED
                      ? List.of(Fate.SAME, Fate.OPENS)
                      // The address may be that of the pod's own node, which no manifest names.
                      : List.of(
                          policies.mayBeExempt(new End.Outside(other), pod)
                              ? Fate.UNDECIDED
                              : Fate.BREAKS,
                          Fate.SAME));
    }
  }
}
