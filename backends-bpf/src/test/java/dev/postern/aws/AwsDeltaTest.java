package dev.postern.aws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.postern.backend.Artifact;
import dev.postern.backend.Refusal;
import dev.postern.backend.Scope;
import dev.postern.cluster.Cluster;
import dev.postern.manifest.Manifests;
import dev.postern.manifest.Source;
import dev.postern.mapdump.PinnedMaps;
import dev.postern.mapdump.ScriptedMaps;
import dev.postern.mapdump.Variants;
import dev.postern.meaning.Flow;
import dev.postern.net.Address;
import dev.postern.net.Family;
import dev.postern.plan.Plan;
import dev.postern.testing.Engines;
import dev.postern.testing.RandomCluster;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Changes of maps, step by step: every state between is safe, and the last one is what compiling the whole gives. */
class AwsDeltaTest {

  @TempDir
  private Path directory;

  private static Optional<Artifact> delta(Aws backend, Plan before, Plan after) {
    try {
      return Optional.of(backend.delta(before, after, Scope.CLUSTER));
    } catch (Refusal refusal) {
      assertThat(refusal).hasMessageMatching("(?s).*(address family changes|has room for 24).*");
      return Optional.empty();
    }
  }

  @Property(tries = 80)
  void everyStateBetweenPassesNoMoreThanEitherAndNoLessThanBoth(@ForAll long seed) throws Refusal {
    Random random = new Random(seed);
    Cluster all = RandomCluster.of(
        seed, AwsAgreesTest.profile(Family.values()[(int) Math.floorMod(seed, 2L)]));
    Plan before = Plan.of(Variants.of(all, random));
    Plan after = Plan.of(Variants.of(all, random));
    Aws backend = Aws.backend();
    Optional<Artifact> delta = delta(backend, before, after);
    if (delta.isEmpty()) {
      return;
    }
    ScriptedMaps maps = ScriptedMaps.of(backend.compile(before, Scope.CLUSTER).files());
    ScriptedMaps target = ScriptedMaps.of(backend.compile(after, Scope.CLUSTER).files());
    Map<Address, String> pods = pods(all);
    List<Flow> flows = new ArrayList<>(AwsAgreesTest.flows(Plan.of(all), random, 400));
    BitSet old = passing(maps, flows, pods, "");
    BitSet now = passing(target, flows, pods, "");
    maps.run(delta.get().files(), pin -> {
      BitSet here = passing(maps, flows, pods, pin);
      for (int i = 0; i < flows.size(); i++) {
        if (old.get(i) == now.get(i) && isAbout(flows.get(i), pods, pin)) {
          assertThat(here.get(i)).as("%s of seed %d", flows.get(i), seed).isEqualTo(old.get(i));
        }
      }
    });
    assertThat(maps.contents()).isEqualTo(target.contents());
  }

  private static Map<Address, String> pods(Cluster cluster) {
    Map<Address, String> pods = new HashMap<>();
    cluster.workloads().stream()
        .filter(workload -> !workload.hostNetwork())
        .forEach(workload -> workload
            .pods()
            .forEach(pod -> pod.addresses()
                .forEach(address -> pods.put(
                    address, (workload.namespace() + "-" + pod.name()).replace('.', '_')))));
    return pods;
  }

  /** Whether a change of a map may change what becomes of a flow. */
  private static boolean isAbout(Flow flow, Map<Address, String> pods, String pin) {
    return pin.isEmpty()
        || Stream.of(flow.source(), flow.destination())
            .map(AwsAgreesTest::address)
            .anyMatch(address -> pin.startsWith(pods.getOrDefault(address, "-") + "_"));
  }

  private static BitSet passing(
      ScriptedMaps maps, List<Flow> flows, Map<Address, String> pods, String changed) {
    AgentPrograms programs = AgentPrograms.over(maps.maps());
    BitSet passing = new BitSet();
    for (int i = 0; i < flows.size(); i++) {
      Flow flow = flows.get(i);
      if (!isAbout(flow, pods, changed)) {
        continue;
      }
      boolean ports = flow.protocol().hasPorts();
      Address source = AwsAgreesTest.address(flow.source());
      Address destination = AwsAgreesTest.address(flow.destination());
      int protocol = ports ? flow.protocol().number() : 47;
      int port = ports ? flow.port() : 0;
      passing.set(
          i,
          end(programs, pods, source, true, destination, protocol, port)
              && end(programs, pods, destination, false, source, protocol, port));
    }
    return passing;
  }

  private static boolean end(
      AgentPrograms programs,
      Map<Address, String> pods,
      Address address,
      boolean egress,
      Address peer,
      int protocol,
      int port) {
    String pod = pods.getOrDefault(address, "");
    return !programs.polices(pod, egress) || programs.passes(pod, egress, peer, protocol, port);
  }

  private static final String PODS = """
      apiVersion: v1
      kind: Pod
      metadata: {name: web, namespace: shop, labels: {app: web}}
      spec: {containers: [{name: c, image: i}]}
      status: {podIPs: [{ip: 10.0.0.1}]}
      ---
      apiVersion: v1
      kind: Pod
      metadata: {name: db, namespace: shop, labels: {app: db}}
      spec: {containers: [{name: c, image: i}]}
      status: {podIPs: [{ip: 10.0.0.2}]}
      ---
      """;

  private static final String ALL_BUT_ONE_PORT = PODS + """
      apiVersion: policy.networking.k8s.io/v1alpha1
      kind: AdminNetworkPolicy
      metadata: {name: guard}
      spec:
        priority: 1
        subject: {namespaces: {}}
        ingress: [{name: deny, action: Deny, from: [{namespaces: {}}], ports: [{portNumber: {protocol: TCP, port: 1000}}]}]
      """;

  private static final String ONE_PORT = PODS + """
      apiVersion: networking.k8s.io/v1
      kind: NetworkPolicy
      metadata: {name: db, namespace: shop}
      spec:
        podSelector: {matchLabels: {app: db}}
        policyTypes: [Ingress]
        ingress: [{ports: [{port: 80}]}]
      """;

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void denialsOfClusterPoliciesStayUntilNothingIsAllowedAround(boolean narrowing) throws Refusal {
    Plan some = Plan.of(Manifests.read(Source.text("a.yaml", ALL_BUT_ONE_PORT)).cluster());
    Plan one = Plan.of(Manifests.read(Source.text("b.yaml", ONE_PORT)).cluster());
    Plan before = narrowing ? some : one;
    Plan after = narrowing ? one : some;
    ScriptedMaps maps =
        ScriptedMaps.of(Aws.backend().compile(before, Scope.CLUSTER).files());
    Address web = Address.parse("10.0.0.1");
    List<String> states = new ArrayList<>();
    maps.run(Aws.backend().delta(before, after, Scope.CLUSTER).files(), pin -> {
      AgentPrograms programs = AgentPrograms.over(maps.maps());
      states.add(pin);
      assertThat(programs.passes("shop-db", false, web, 6, 80))
          .as("tcp/80 %s", states)
          .isTrue();
      assertThat(programs.passes("shop-db", false, web, 6, 1000))
          .as("tcp/1000 %s", states)
          .isFalse();
    });
    assertThat(states).contains("shop-db_cp_ingress_map", "shop-db_ingress_map");
  }

  @Test
  void theKernelsMapsHoldTheNewEntriesAndOthersAreNotChanged() throws Exception {
    Engines.require("bpftool");
    int deltas = 0;
    for (int seed = 0; seed < 4; seed++) {
      Random random = new Random(seed);
      Cluster all = RandomCluster.of(
          seed, AwsAgreesTest.profile(Family.values()[(int) Math.floorMod(seed, 2L)]));
      Plan before = Plan.of(Variants.of(all, random));
      Plan after = Plan.of(Variants.of(all, random));
      Aws backend = Aws.backend();
      Optional<Artifact> delta = delta(backend, before, after);
      if (delta.isEmpty()) {
        continue;
      }
      Path here = Files.createDirectory(directory.resolve(Integer.toString(seed)));
      try (PinnedMaps kernel = new PinnedMaps(here)) {
        kernel.apply(backend.compile(before, Scope.CLUSTER));
        kernel.change(delta.get());
        assertThat(ScriptedMaps.read(kernel.dumps()).contents())
            .isEqualTo(
                ScriptedMaps.of(backend.compile(after, Scope.CLUSTER).files()).contents());
        // It starts from what it was made from, and from nothing else.
        kernel.apply(backend.compile(Plan.of(Cluster.EMPTY), Scope.CLUSTER));
        assertThatThrownBy(() -> kernel.change(delta.get()))
            .hasMessageContaining("are not those that this starts from");
        deltas++;
      }
    }
    assertThat(deltas).isPositive();
  }
}
