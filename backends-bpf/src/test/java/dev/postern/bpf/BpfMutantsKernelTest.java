package dev.postern.bpf;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.backend.Artifact;
import dev.postern.backend.Reader.Dump;
import dev.postern.backend.Reading;
import dev.postern.backend.Scope;
import dev.postern.bpf.reader.BpfDumps;
import dev.postern.cluster.Cluster;
import dev.postern.mapdump.Batch;
import dev.postern.mapdump.MapDump;
import dev.postern.mapdump.MapEdit;
import dev.postern.mapdump.MapEntry;
import dev.postern.mapdump.MapMutants;
import dev.postern.mapdump.MutantTally;
import dev.postern.meaning.Flow;
import dev.postern.meaning.FlowVerdict;
import dev.postern.meaning.Options;
import dev.postern.meaning.Reference;
import dev.postern.plan.Plan;
import dev.postern.testing.Engines;
import dev.postern.testing.RandomCluster;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.SortedMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Broken tries in the real kernel: what the program lets pass against the policies is never proved of what the kernel prints. */
class BpfMutantsKernelTest {

  private static final int CLUSTERS = Integer.getInteger("mutants.clusters", 12);
  private static final int PROBES = 150;
  private static final List<String> MAPS = List.of("identities.json", "policy.json");
  private static final int FIRST_PORT = 1024;

  @TempDir
  private Path directory;

  private int port;

  @Test
  void noMutantThatChangesAVerdictIsProved() throws Exception {
    Engines.require("bpftool", "clang", "tc");
    MutantTally tally = new MutantTally("bpf");
    try (Kernel kernel = new Kernel(directory)) {
      for (int seed = MutantTally.FIRST; seed < MutantTally.FIRST + CLUSTERS; seed++) {
        Random random = new Random(seed);
        Cluster cluster = RandomCluster.of(seed, BpfKernelTest.PROFILE);
        Plan plan = Plan.of(cluster);
        Artifact artifact = Bpf.backend().compile(plan, Scope.CLUSTER);
        kernel.apply(artifact);
        List<Flow> flows = BpfKernelTest.flows(cluster, random, PROBES);
        for (MapMutants.Kind kind : MapMutants.Kind.values()) {
          Optional<SortedMap<String, String>> mutant =
              MapMutants.of(artifact.files(), MAPS, kind, random);
          if (mutant.isEmpty()) {
            continue;
          }
          change(kernel, artifact.files(), mutant.get());
          tally.add(
              seed,
              kind,
              plan,
              read(kernel, cluster),
              difference(kernel, cluster, flows),
              MutantTally.changed(artifact.files(), mutant.get()));
          change(kernel, mutant.get(), artifact.files());
        }
      }
    }
    tally.check(CLUSTERS);
  }

  /** Changes what the maps in force hold. */
  private void change(Kernel kernel, Map<String, String> from, Map<String, String> to)
      throws Exception {
    List<MapEdit> edits = new ArrayList<>();
    for (String file : MAPS) {
      String map = file.replace(".json", "");
      List<MapEntry> before = entries(from.getOrDefault(file, "[]"));
      List<MapEntry> after = entries(to.getOrDefault(file, "[]"));
      // A key with other bits behind its prefix is the same one for the kernel: it goes first.
      edits.addAll(MapEdit.deletions(map, before, after));
      edits.addAll(MapEdit.puts(map, before, after));
    }
    if (!edits.isEmpty()) {
      Path batch = Files.writeString(
          directory.resolve("mutant.batch"), Batch.of(edits).replace("@pin@", kernel.pin()));
      kernel.run(List.of("bpftool", "batch", "file", batch.toString()));
    }
  }

  private static List<MapEntry> entries(String dump) {
    return MapDump.read("dump", dump).stream().map(MapDump.Placed::entry).toList();
  }

  private static Reading read(Kernel kernel, Cluster cluster) throws Exception {
    return new BpfDumps()
        .read(
            Map.of(
                "bpf-identities", List.of(new Dump("identities", kernel.dump("identities"))),
                "bpf-policy", List.of(new Dump("policy", kernel.dump("policy")))),
            cluster,
            Scope.CLUSTER);
  }

  private Optional<String> difference(Kernel kernel, Cluster cluster, List<Flow> flows)
      throws Exception {
    List<byte[]> packets = new ArrayList<>();
    for (Flow flow : flows) {
      // A connection of its own each time.
      port = (port + 1) % (65_536 - FIRST_PORT);
      packets.add(Packets.first(flow, FIRST_PORT + port));
    }
    List<Boolean> out = kernel.verdicts("from_pod", packets);
    List<Boolean> in = kernel.verdicts("to_pod", packets);
    Reference reference = new Reference(cluster, Options.DEFAULT);
    for (int i = 0; i < flows.size(); i++) {
      boolean expected = reference.judge(flows.get(i)).verdict() == FlowVerdict.ALLOWED;
      if ((out.get(i) && in.get(i)) != expected) {
        return Optional.of(flows.get(i) + " is " + (expected ? "allowed" : "denied"));
      }
    }
    assertThat(out).hasSameSizeAs(flows);
    return Optional.empty();
  }
}
