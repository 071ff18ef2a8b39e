package dev.postern.bpf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.postern.backend.Artifact;
import dev.postern.backend.Refusal;
import dev.postern.backend.Scope;
import dev.postern.cluster.Cluster;
import dev.postern.mapdump.MapDump;
import dev.postern.mapdump.MapEntry;
import dev.postern.mapdump.Variants;
import dev.postern.meaning.Flow;
import dev.postern.meaning.FlowVerdict;
import dev.postern.meaning.Options;
import dev.postern.meaning.Reference;
import dev.postern.plan.Plan;
import dev.postern.testing.Engines;
import dev.postern.testing.RandomCluster;
import dev.postern.testing.shape.Shape;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Changes of the tries in the kernel, one after the other. */
class BpfDeltaTest {

  @TempDir
  private Path directory;

  private static List<MapEntry> sorted(String dump) {
    return MapDump.read("dump", dump).stream()
        .map(MapDump.Placed::entry)
        .sorted()
        .toList();
  }

  @Test
  void theKernelAgreesWithTheDefinitionAfterEachOfSeveralDeltas() throws Exception {
    Engines.require("bpftool", "clang", "tc");
    int port = 20_000;
    int deltas = 0;
    try (Kernel kernel = new Kernel(directory)) {
      for (int seed = 0; seed < 4; seed++) {
        Random random = new Random(seed);
        Cluster all = RandomCluster.of(seed, BpfKernelTest.PROFILE);
        Plan before = Plan.of(Variants.of(all, random));
        kernel.apply(Bpf.backend().compile(before, Scope.CLUSTER));
        for (int step = 0; step < 3; step++) {
          Cluster cluster = Variants.of(all, random);
          Plan after = Plan.of(cluster);
          kernel.change(Bpf.backend().delta(before, after, Scope.CLUSTER));
          holds(kernel, Bpf.backend().compile(after, Scope.CLUSTER));
          port = agrees(kernel, cluster, random, port);
          before = after;
          deltas++;
        }
      }
    }
    assertThat(deltas).isEqualTo(12);
  }

  /** Both pairs hold the same, so that the next delta finds them as they should be. */
  private static void holds(Kernel kernel, Artifact whole) throws Exception {
    for (String map : List.of("identities", "policy")) {
      List<MapEntry> expected = sorted(whole.file(map + ".json"));
      assertThat(sorted(kernel.dump(map))).as(map).isEqualTo(expected);
      assertThat(sorted(kernel.dump("second-" + map))).as("second %s", map).isEqualTo(expected);
    }
  }

  private static int agrees(Kernel kernel, Cluster cluster, Random random, int port)
      throws Exception {
    List<Flow> flows = BpfKernelTest.flows(cluster, random, 25);
    List<byte[]> packets = new ArrayList<>();
    for (int i = 0; i < flows.size(); i++) {
      packets.add(Packets.first(flows.get(i), port + i));
    }
    List<Boolean> out = kernel.verdicts("from_pod", packets);
    List<Boolean> in = kernel.verdicts("to_pod", packets);
    Reference reference = new Reference(cluster, Options.DEFAULT);
    for (int i = 0; i < flows.size(); i++) {
      assertThat(out.get(i) && in.get(i))
          .as("%s", flows.get(i))
          .isEqualTo(reference.judge(flows.get(i)).verdict() == FlowVerdict.ALLOWED);
    }
    return port + flows.size();
  }

  @Test
  void aDeltaStartsFromNothingButWhatItWasMadeFrom() throws Exception {
    Engines.require("bpftool", "clang", "tc");
    Plan lab = Plan.of(RandomCluster.of(1, BpfKernelTest.PROFILE));
    Plan other = Plan.of(RandomCluster.of(2, BpfKernelTest.PROFILE));
    try (Kernel kernel = new Kernel(directory)) {
      kernel.apply(Bpf.backend().compile(other, Scope.CLUSTER));
      Artifact delta = Bpf.backend().delta(lab, other, Scope.CLUSTER);
      kernel.change(delta);
      assertThatThrownBy(
              () -> kernel.change(Bpf.backend().delta(lab, Plan.of(Cluster.EMPTY), Scope.CLUSTER)))
          .hasMessageContaining("are not those that this starts from");
      kernel.apply(Bpf.backend().compile(lab, Scope.CLUSTER));
      kernel.change(delta);
      holds(kernel, Bpf.backend().compile(other, Scope.CLUSTER));
    }
  }

  /** Numbers are stable: one policy more in a cluster of hundreds of pods is a handful of entries, not a renumbering. */
  @Test
  void aSmallChangeIsASmallDelta() throws Refusal {
    Cluster cluster = Shape.W1_TENANT_TEMPLATE.cluster(42, 0.05);
    Plan before = Plan.of(cluster);
    Plan after = Plan.of(new Cluster(
        cluster.namespaces(),
        cluster.workloads(),
        cluster.services(),
        cluster.nodes(),
        cluster.entrances(),
        cluster.policies().subList(1, cluster.policies().size())));

    int whole = (int) Bpf.backend()
        .compile(before, Scope.CLUSTER)
        .file("policy.batch")
        .lines()
        .count();
    long changes = Bpf.backend()
        .delta(before, after, Scope.CLUSTER)
        .file("changes.batch")
        .lines()
        .count();

    assertThat(whole).isGreaterThan(1000);
    assertThat(changes).isBetween(1L, whole / 10L);
  }
}
