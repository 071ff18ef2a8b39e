package dev.postern.reach;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.cluster.Cluster;
import dev.postern.cluster.ContainerPort;
import dev.postern.cluster.Entrance;
import dev.postern.cluster.Pod;
import dev.postern.cluster.Service;
import dev.postern.cluster.Workload;
import dev.postern.diagnostic.Origin;
import dev.postern.meaning.End;
import dev.postern.meaning.Flow;
import dev.postern.meaning.FlowVerdict;
import dev.postern.meaning.Judgement;
import dev.postern.meaning.Options;
import dev.postern.meaning.Reference;
import dev.postern.net.Address;
import dev.postern.net.Cidr;
import dev.postern.net.PortSet;
import dev.postern.net.Protocol;
import dev.postern.net.Traffic;
import dev.postern.plan.Plan;
import dev.postern.policy.Action;
import dev.postern.policy.Direction;
import dev.postern.policy.NamespaceSelection;
import dev.postern.policy.Peer;
import dev.postern.policy.Peers;
import dev.postern.policy.Policy;
import dev.postern.policy.PolicyKind;
import dev.postern.policy.PolicyRule;
import dev.postern.policy.Ports;
import dev.postern.policy.Subject;
import dev.postern.policy.Tier;
import dev.postern.selector.Labels;
import dev.postern.selector.Selector;
import dev.postern.testing.Probes;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class ConnectivityTest {

  // --- against the definition

  @Property(tries = 600)
  void everyPairIsTheDefinitionsJudgementOfEachOfItsPods(
      @ForAll Cluster cluster, @ForAll Random random) {
    Plan plan = Plan.of(cluster);
    Reference reference = new Reference(cluster, Options.DEFAULT);
    Reachability reachability = Reachability.of(plan);
    Connectivity connectivity = Connectivity.of(reachability);
    assertThat(connectivity.endpoints().stream().map(Endpoint::id)).doesNotHaveDuplicates();
    Map<List<Endpoint>, Reach> matrix = new HashMap<>();
    connectivity
        .connections()
        .forEach(c -> assertThat(matrix.put(List.of(c.source(), c.destination()), c.reach()))
            .isNull());
    Probes probes = Probes.of(cluster, random);
    List<End> ends = new ArrayList<>(plan.classes().endpoints());
    probes.outside(cluster).forEach(address -> ends.add(new End.Outside(address)));
    for (int i = 0; i < 60; i++) {
      End source = ends.get(random.nextInt(ends.size()));
      End destination = ends.get(random.nextInt(ends.size()));
      Protocol protocol = Protocol.values()[random.nextInt(4)];
      Flow flow =
          new Flow(source, destination, protocol, protocol.hasPorts() ? probes.port(random) : 0);
      Optional<Endpoint> from = endpointOf(connectivity, source);
      Optional<Endpoint> to = endpointOf(connectivity, destination);
      if (from.isEmpty()
          || to.isEmpty()
          || from.equals(to)
          || (isOutside(source) && isOutside(destination))) {
        continue;
      }
      List<Judgement> judgements = new ArrayList<>();
      boolean perhapsOwnNode = false;
      for (End one : endsOf(source, from.get(), ends)) {
        for (End other : endsOf(destination, to.get(), ends)) {
          if (mayMeet(one, other)) {
            judgements.add(reference.judge(new Flow(one, other, protocol, flow.port())));
            perhapsOwnNode |=
                !isOutside(one) && !isOutside(other) && reachability.mayBeExempt(one, other);
          }
        }
      }
      Reach reach = matrix.getOrDefault(List.of(from.get(), to.get()), Reach.NOTHING);
      if (judgements.stream().anyMatch(ConnectivityTest::isExempt)) {
        // An address of a node within a wider range is told from the others in narrowed matrices.
        if (!isRange(from.get()) && !isRange(to.get())) {
          assertThat(reach.possible()).as("possible %s", flow).isEqualTo(Traffic.ALL);
          assertThat(reach.allowed().equals(Traffic.ALL))
              .as("allowed %s", flow)
              .isIn(judgements.stream().allMatch(ConnectivityTest::isExempt), true);
        }
        continue;
      }
      assertThat(reach.allowed().contains(protocol, flow.port()))
          .as("allowed %s", flow)
          .isEqualTo(judgements.stream().anyMatch(j -> j.verdict() == FlowVerdict.ALLOWED));
      assertThat(reach.possible().contains(protocol, flow.port()))
          .as("possible %s", flow)
          .isEqualTo(perhapsOwnNode
              || judgements.stream().anyMatch(j -> j.verdict() != FlowVerdict.DENIED));
    }
  }

  private static boolean isExempt(Judgement judgement) {
    return judgement.exemption() != Judgement.Exemption.NONE;
  }

  private static boolean isRange(Endpoint endpoint) {
    return endpoint instanceof Endpoint.External external
        && !external.range().first().equals(external.range().last());
  }

  /** All addresses of all pods of an endpoint; of a range one address stands for all. */
  private static List<End> endsOf(End end, Endpoint endpoint, List<End> all) {
    return endpoint instanceof Endpoint.Pods pods
        ? all.stream()
            .filter(one -> one instanceof End.InPod pod && holds(pods, pod))
            .toList()
        : List.of(end);
  }

  private static boolean holds(Endpoint.Pods endpoint, End.InPod end) {
    return endpoint.workload() == end.workload()
        && (end.pod().isEmpty() || endpoint.pods().contains(end.pod().get()));
  }

  private static Optional<Endpoint> endpointOf(Connectivity connectivity, End end) {
    return connectivity.endpoints().stream()
        .filter(endpoint -> end instanceof End.InPod pod
            ? endpoint instanceof Endpoint.Pods pods && holds(pods, pod)
            : endpoint instanceof Endpoint.External external
                && end instanceof End.Outside outside
                && external.range().contains(outside.address()))
        .findFirst();
  }

  private static boolean isOutside(End end) {
    return end instanceof End.Outside;
  }

  private static Optional<Address> address(End end) {
    return end instanceof End.InPod pod
        ? pod.address()
        : Optional.of(((End.Outside) end).address());
  }

  private static boolean mayMeet(End source, End destination) {
    return address(source).isEmpty()
        || address(destination).isEmpty()
        || address(source).get().family() == address(destination).get().family();
  }

  // --- examples

  private static final List<ContainerPort> HTTP =
      List.of(new ContainerPort("http", Protocol.TCP, 8080));

  private static Workload app(String name, Pod... pods) {
    return new Workload(
        "shop",
        name,
        "Deployment",
        Labels.of(Map.of("app", name)),
        HTTP,
        false,
        List.of(pods),
        Origin.NONE);
  }

  private static Pod pod(String name, String... addresses) {
    return new Pod(
        name,
        Optional.empty(),
        List.of(addresses).stream().map(Address::parse).toList(),
        Origin.NONE);
  }

  private static Policy ingress(String app, Peer... peers) {
    return new Policy(
        PolicyKind.NETWORK_POLICY,
        "shop",
        "to-" + app,
        Tier.NETWORK_POLICY,
        0,
        new Subject(new NamespaceSelection.Named("shop"), Selector.equal("app", app)),
        Set.of(Direction.INGRESS),
        List.of(new PolicyRule(
            Direction.INGRESS,
            0,
            "",
            Action.ALLOW,
            new Peers.AnyOf(List.of(peers)),
            Ports.ALL,
            Origin.NONE)),
        List.of(),
        Origin.NONE);
  }

  private static Peer block(String cidr) {
    return new Peer.IpBlock(Cidr.parse(cidr), List.of(), Origin.NONE);
  }

  private static Map<String, String> matrix(Cluster cluster) {
    Map<String, String> lines = new TreeMap<>();
    Connectivity.of(Reachability.of(Plan.of(cluster)))
        .connections()
        .forEach(c ->
            lines.put(c.source() + " -> " + c.destination(), c.reach().allowed().toString()));
    return lines;
  }

  @Test
  void aWorkloadsPodsAreOneEndpoint() {
    Cluster cluster = Cluster.of(
        List.of(),
        List.of(app("web", pod("web-1", "10.0.0.1"), pod("web-2", "10.0.0.2")), app("db")),
        List.of(ingress("db", block("10.0.0.0/24"))));
    assertThat(matrix(cluster)).containsEntry("shop/web -> shop/db", "all traffic");
  }

  @Test
  void podsThatAnAddressBlockTellsApartAreEndpointsOfTheirOwn() {
    Cluster cluster = Cluster.of(
        List.of(),
        List.of(app("web", pod("web-1", "10.0.0.1"), pod("web-2", "10.0.0.2")), app("db")),
        List.of(ingress("db", block("10.0.0.1/32"))));
    assertThat(matrix(cluster))
        .containsEntry("shop/web[web-1] -> shop/db", "all traffic")
        .doesNotContainKey("shop/web[web-2] -> shop/db")
        .doesNotContainKey("shop/web -> shop/db");
  }

  @Test
  void aPodThatWaitsForItsAddressDoesNotSplitItsWorkload() {
    Cluster cluster = Cluster.of(
        List.of(), List.of(app("web", pod("web-1", "10.0.0.1"), pod("web-2"))), List.of());
    assertThat(matrix(cluster))
        .containsOnlyKeys(
            "shop/web -> 0.0.0.0-255.255.255.255", "0.0.0.0-255.255.255.255 -> shop/web");
  }

  @Test
  void addressesThatNoPolicyTellsApartAreOneRange() {
    // The two blocks touch and are admitted alike, so their border tells nothing apart.
    Cluster cluster = Cluster.of(
        List.of(),
        List.of(app("db")),
        List.of(ingress("db", block("1.0.0.0/8"), block("2.0.0.0/8"))));
    assertThat(matrix(cluster))
        .containsOnlyKeys(
            "1.0.0.0-2.255.255.255 -> shop/db",
            "shop/db -> 0.0.0.0-0.255.255.255",
            "shop/db -> 1.0.0.0-2.255.255.255",
            "shop/db -> 3.0.0.0-255.255.255.255");
  }

  @Test
  void twoKindsOfWorkloadMayHaveOneName() {
    Workload other = new Workload(
        "shop", "web", "StatefulSet", Labels.NONE, List.of(), false, List.of(), Origin.NONE);
    Cluster cluster = Cluster.of(List.of(), List.of(app("web"), other), List.of());
    assertThat(matrix(cluster)).containsKeys("shop/web[Deployment] -> shop/web[StatefulSet]");
  }

  private static Cluster withEntrance(List<Workload> workloads, Policy... policies) {
    Service service = new Service(
        "shop",
        "web",
        Service.Type.CLUSTER_IP,
        List.of(),
        false,
        Optional.of(Selector.equal("app", "web")),
        List.of(
            new Service.Port(
                "web", Protocol.TCP, 80, new Service.Target.Named("http"), OptionalInt.empty()),
            new Service.Port(
                "admin", Protocol.TCP, 81, new Service.Target.Number(9000), OptionalInt.empty())),
        "",
        false,
        List.of(),
        Origin.NONE);
    Entrance entrance = new Entrance(
        "Ingress",
        "shop",
        "web",
        List.of(),
        List.of(new Entrance.BackendReference("shop", "web", OptionalInt.of(80), "")),
        Origin.NONE);
    return new Cluster(
        new TreeMap<>(),
        workloads,
        List.of(service),
        List.of(),
        List.of(entrance),
        List.of(policies));
  }

  @Test
  void anIngressControllerReachesTheTargetPortsBehindItsWaysIn() {
    assertThat(matrix(withEntrance(List.of(app("web"), app("db")))))
        .containsEntry("ingress-controller -> shop/web", "tcp/8080")
        .doesNotContainKey("ingress-controller -> shop/db");
  }

  @Test
  void anIngressControllerIsAdmittedOnlyByPeersThatMayBeIt() {
    Peer samePods =
        new Peer.Pods(new NamespaceSelection.Named("shop"), Selector.EVERYTHING, Origin.NONE);
    Cluster closed = withEntrance(List.of(app("web")), ingress("web", samePods));
    assertThat(matrix(closed)).doesNotContainKey("ingress-controller -> shop/web");
    Peer anyPods = new Peer.Pods(NamespaceSelection.ALL, Selector.EVERYTHING, Origin.NONE);
    Cluster open = withEntrance(List.of(app("web")), ingress("web", anyPods));
    assertThat(matrix(open)).containsEntry("ingress-controller -> shop/web", "tcp/8080");
    Peer labelled = new Peer.Pods(
        new NamespaceSelection.Matching(Selector.equal("role", "edge")),
        Selector.EVERYTHING,
        Origin.NONE);
    ReachedPair unknown = Connectivity.of(
            Reachability.of(Plan.of(withEntrance(List.of(app("web")), ingress("web", labelled)))))
        .connections()
        .filter(c -> c.source() instanceof Endpoint.IngressController)
        .findFirst()
        .orElseThrow();
    assertThat(unknown.reach())
        .isEqualTo(new Reach(Traffic.NONE, Traffic.of(Protocol.TCP, PortSet.of(8080))));
  }

  @Test
  void aControllerAmongTheManifestsStandsForItself() {
    Workload controller = new Workload(
        "edge",
        "nginx",
        "Deployment",
        Labels.of(Map.of("app.kubernetes.io/name", "ingress-nginx")),
        List.of(),
        false,
        List.of(),
        Origin.NONE);
    assertThat(matrix(withEntrance(List.of(app("web"), controller))))
        .doesNotContainKey("ingress-controller -> shop/web")
        .containsEntry("edge/nginx -> shop/web", "all traffic");
  }
}
