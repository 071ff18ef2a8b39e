package dev.postern.cilium;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.postern.backend.Artifact;
import dev.postern.backend.Refusal;
import dev.postern.backend.Scope;
import dev.postern.cluster.Cluster;
import dev.postern.mapdump.PinnedMaps;
import dev.postern.mapdump.ScriptedMaps;
import dev.postern.mapdump.Variants;
import dev.postern.meaning.Flow;
import dev.postern.meaning.Options;
import dev.postern.net.Address;
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

/** Changes of maps, step by step: every state between is safe, and the last one is what compiling the whole gives. */
class CiliumDeltaTest {

  private static final Options OPTIONS = Options.DEFAULT.withIpBlockMatchesPods(false);

  @TempDir
  private Path directory;

  private static Optional<Artifact> delta(Cilium backend, Plan before, Plan after) {
    try {
      return Optional.of(backend.delta(before, after, Scope.CLUSTER));
    } catch (Refusal refusal) {
      assertThat(refusal).hasMessageContaining("address families change");
      return Optional.empty();
    }
  }

  @Property(tries = 60)
  void everyStateBetweenPassesNoMoreThanEitherAndNoLessThanBoth(@ForAll long seed) throws Refusal {
    Random random = new Random(seed);
    Cluster all = RandomCluster.of(seed, CiliumAgreesTest.PROFILE);
    Plan before = Plan.of(Variants.of(all, random), OPTIONS);
    Plan after = Plan.of(Variants.of(all, random), OPTIONS);
    CiliumVersion version = CiliumVersion.values()[random.nextInt(4)];
    Cilium backend = Cilium.backend().withVersion(version);
    Optional<Artifact> delta = delta(backend, before, after);
    if (delta.isEmpty()) {
      return;
    }
    ScriptedMaps maps = ScriptedMaps.of(backend.compile(before, Scope.CLUSTER).files());
    ScriptedMaps target = ScriptedMaps.of(backend.compile(after, Scope.CLUSTER).files());
    Map<Address, String> pods = pods(all);
    List<Flow> flows = new ArrayList<>(CiliumAgreesTest.flows(Plan.of(all, OPTIONS), random, 400));
    flows.removeIf(flow -> !known(maps, flow) || !known(target, flow));
    BitSet old = passing(maps, version, flows, pods, "");
    BitSet now = passing(target, version, flows, pods, "");
    maps.run(delta.get().files(), pin -> {
      BitSet here = passing(maps, version, flows, pods, pin);
      for (int i = 0; i < flows.size(); i++) {
        if (old.get(i) == now.get(i) && isAbout(flows.get(i), pods, pin)) {
          assertThat(here.get(i))
              .as("%s of seed %d, layout of %s", flows.get(i), seed, version)
              .isEqualTo(old.get(i));
        }
      }
    });
    assertThat(maps.contents()).isEqualTo(target.contents());
  }

  private static boolean known(ScriptedMaps maps, Flow flow) {
    byte[] data = new byte[20];
    Address address = CiliumAgreesTest.address(flow.source());
    data[3] = (byte) (address.bytes().length == 4 ? 1 : 2);
    return maps.maps().get("ipcache").longest(data).isPresent();
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
    return !pin.startsWith("policy-")
        || Stream.of(flow.source(), flow.destination())
            .map(CiliumAgreesTest::address)
            .anyMatch(address -> pin.equals("policy-" + pods.get(address)));
  }

  private static BitSet passing(
      ScriptedMaps maps,
      CiliumVersion version,
      List<Flow> flows,
      Map<Address, String> pods,
      String changed) {
    Datapath datapath = Datapath.over(maps.maps(), version);
    BitSet passing = new BitSet();
    for (int i = 0; i < flows.size(); i++) {
      Flow flow = flows.get(i);
      if (!isAbout(flow, pods, changed)) {
        continue;
      }
      boolean ports = flow.protocol().hasPorts();
      Address source = CiliumAgreesTest.address(flow.source());
      Address destination = CiliumAgreesTest.address(flow.destination());
      boolean ipv4 = source.bytes().length == 4;
      int protocol = ports ? flow.protocol().number() : ipv4 ? 1 : 58;
      int port = ports ? flow.port() : ipv4 ? 8 : 128;
      passing.set(
          i,
          end(datapath, pods, source, true, destination, protocol, port)
              && end(datapath, pods, destination, false, source, protocol, port));
    }
    return passing;
  }

  private static boolean end(
      Datapath datapath,
      Map<Address, String> pods,
      Address address,
      boolean egress,
      Address peer,
      int protocol,
      int port) {
    String pod = pods.getOrDefault(address, "");
    return !datapath.polices(pod) || datapath.passes(pod, egress, peer, protocol, port);
  }

  @Test
  void nothingIsEditedWhereNothingDiffers() throws Refusal {
    Plan plan = Plan.of(RandomCluster.of(3, CiliumAgreesTest.PROFILE), OPTIONS);

    assertThat(Cilium.backend().delta(plan, plan, Scope.CLUSTER).summary()).isEqualTo("""
            entries put      0
            entries deleted  0
            maps made        0
            maps removed     0
            """);
  }

  @Test
  void aMapThatWouldBeTooFullOnTheWayIsRefused() throws Refusal {
    int refused = 0;
    for (int seed = 0; seed < 12; seed++) {
      Cluster all = RandomCluster.of(seed, CiliumAgreesTest.PROFILE);
      Plan before = Plan.of(Variants.of(all, new Random(1)), OPTIONS);
      Plan after = Plan.of(Variants.of(all, new Random(2)), OPTIONS);
      int most = Math.max(fullest(before), fullest(after));
      try {
        Cilium.backend().withCapacity(most).delta(before, after, Scope.CLUSTER);
      } catch (Refusal refusal) {
        assertThat(refusal).hasMessageContaining("entries on the way and holds " + most);
        refused++;
      }
    }
    assertThat(refused).isPositive();
  }

  private static int fullest(Plan plan) throws Refusal {
    return Cilium.backend().compile(plan, Scope.CLUSTER).files().entrySet().stream()
        .filter(file -> file.getKey().startsWith("policy-") && file.getKey().endsWith(".batch"))
        .mapToInt(file -> (int) file.getValue().lines().count())
        .max()
        .orElse(0);
  }

  @Test
  void theKernelsMapsHoldTheNewEntriesAndOthersAreNotChanged() throws Exception {
    Engines.require("bpftool");
    int deltas = 0;
    for (int seed = 0; seed < 6; seed++) {
      Random random = new Random(seed);
      Cluster all = RandomCluster.of(seed, CiliumAgreesTest.PROFILE);
      Plan before = Plan.of(Variants.of(all, random), OPTIONS);
      Plan after = Plan.of(Variants.of(all, random), OPTIONS);
      Cilium backend = Cilium.backend().withVersion(CiliumVersion.values()[seed % 4]);
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
        kernel.apply(backend.compile(Plan.of(Cluster.EMPTY, OPTIONS), Scope.CLUSTER));
        assertThatThrownBy(() -> kernel.change(delta.get()))
            .hasMessageContaining("are not those that this starts from");
        deltas++;
      }
    }
    assertThat(deltas).isPositive();
  }
}
