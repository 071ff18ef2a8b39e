package dev.postern.cilium;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.postern.backend.Obligation;
import dev.postern.backend.Reader.Dump;
import dev.postern.backend.Reading;
import dev.postern.backend.Scope;
import dev.postern.cilium.reader.CiliumDumps;
import dev.postern.cluster.Cluster;
import dev.postern.enforced.Condition.ConnectionState;
import dev.postern.enforced.Contract;
import dev.postern.enforced.Packet;
import dev.postern.manifest.Manifests;
import dev.postern.mapdump.MapMutants;
import dev.postern.mapdump.MutantTally;
import dev.postern.meaning.Flow;
import dev.postern.meaning.FlowVerdict;
import dev.postern.meaning.Judgement;
import dev.postern.meaning.Judgement.Exemption;
import dev.postern.meaning.Options;
import dev.postern.meaning.Reference;
import dev.postern.net.Address;
import dev.postern.plan.Plan;
import dev.postern.prove.PacketDifference;
import dev.postern.prove.Proof;
import dev.postern.prove.Prover;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Maps that Cilium's own agent computed, each with one thing broken: refuted where a packet is treated otherwise, as a look-up byte by byte
 * decides, and nowhere else. They lie beside the project where they lie at all.
 */
class CorpusMutantsTest {

  private static final Path CORPUS =
      Path.of("..", "..", "shared", "corpus", "dataplanes", "cilium");
  private static final int EACH = Integer.getInteger("mutants.each", 2);
  private static final Options OPTIONS = Options.DEFAULT.withIpBlockMatchesPods(false);
  private static final CiliumVersion VERSION = CiliumVersion.V1_19;

  private final Map<MapMutants.Kind, Map<Proof.Verdict, Integer>> seen =
      new EnumMap<>(MapMutants.Kind.class);
  private int confirmed;

  @Test
  void aMutantIsRefutedExactlyWhenAPacketFaresOtherwise() throws IOException {
    assumeTrue(Files.isDirectory(CORPUS), "no recorded dataplanes are beside the project");
    try (Stream<Path> cases = Files.list(CORPUS)) {
      for (Path folder : cases.filter(Files::isDirectory).sorted().toList()) {
        mutants(folder);
      }
    }
    System.out.println("mutants of Cilium's dumps, seeds from " + MutantTally.FIRST + ": " + seen
        + ", " + confirmed + " witnesses confirmed");
    assertThat(confirmed).isGreaterThan(20);
  }

  private void mutants(Path folder) throws IOException {
    Cluster cluster = Manifests.load(folder.resolve("cluster.yaml")).cluster();
    Plan plan = Plan.of(cluster, OPTIONS);
    SortedMap<String, String> files = new TreeMap<>();
    try (Stream<Path> dumps = Files.list(folder.resolve("dump"))) {
      for (Path dump : dumps.toList()) {
        files.put(dump.getFileName().toString(), Files.readString(dump));
      }
    }
    for (int seed = MutantTally.FIRST; seed < MutantTally.FIRST + EACH; seed++) {
      Random random = new Random(seed);
      List<Flow> flows = CiliumAgreesTest.flows(plan, random, 400);
      for (MapMutants.Kind kind : MapMutants.Kind.values()) {
        Optional<SortedMap<String, String>> mutant =
            MapMutants.of(files, List.copyOf(files.keySet()), kind, random);
        if (mutant.isPresent()) {
          String what = "%s of %s, seed %d: %s"
              .formatted(kind, folder, seed, MutantTally.changed(files, mutant.get()));
          judge(cluster, plan, mutant.get(), flows, kind, what);
        }
      }
    }
  }

  private void judge(
      Cluster cluster,
      Plan plan,
      Map<String, String> files,
      List<Flow> flows,
      MapMutants.Kind kind,
      String what) {
    List<Dump> dumps = new ArrayList<>();
    files.forEach((name, text) -> dumps.add(new Dump(name, text)));
    Reading reading = new CiliumDumps().read(Map.of("cilium-dump", dumps), cluster, Scope.CLUSTER);
    if (!reading.problems().isEmpty()) {
      return;
    }
    Contract contract =
        Obligation.NON_POD.leftOpen(reading.contract(), cluster, Scope.CLUSTER, OPTIONS);
    Proof proof = Prover.prove(plan, Scope.CLUSTER, reading.rules(), contract);
    seen.computeIfAbsent(kind, k -> new EnumMap<>(Proof.Verdict.class))
        .merge(proof.verdict(), 1, Integer::sum);
    Datapath datapath = new Datapath(files, VERSION);
    if (proof.verdict() == Proof.Verdict.PROVED) {
      assertThat(difference(datapath, cluster, flows)).as(what).isEmpty();
    } else if (proof.verdict() == Proof.Verdict.DIFFERS) {
      PacketDifference difference = proof.difference().orElseThrow();
      Packet packet = difference.packet();
      assertThat(packet.state()).as(what).isEqualTo(ConnectionState.NEW);
      assertThat(passes(datapath, cluster, packet))
          .as("%s: %s", what, packet)
          .isNotEqualTo(difference.shouldPass());
      confirmed++;
    }
    assertThat(kind != MapMutants.Kind.NOTHING || proof.verdict() == Proof.Verdict.PROVED)
        .as(what)
        .isTrue();
  }

  private static Optional<Flow> difference(Datapath datapath, Cluster cluster, List<Flow> flows) {
    Reference reference = new Reference(cluster, OPTIONS);
    return flows.stream()
        .filter(flow -> {
          Judgement judgement = reference.judge(flow);
          return judgement.exemption() != Exemption.SAME_POD
              && (CiliumAgreesTest.passes(datapath, flow)
                      != (judgement.verdict() == FlowVerdict.ALLOWED)
                  || CiliumMutantsTest.diverts(datapath, flow));
        })
        .findFirst();
  }

  static boolean passes(Datapath datapath, Cluster cluster, Packet packet) {
    int port = packet.isIcmp() ? packet.icmpType() : packet.destinationPort();
    return cluster.workloads().stream()
        .filter(workload -> !workload.hostNetwork())
        .flatMap(workload -> workload.pods().stream()
            .flatMap(pod -> pod.addresses().stream()
                .filter(own -> own.equals(packet.source()) || own.equals(packet.destination()))
                .map(own -> {
                  boolean egress = own.equals(packet.source());
                  Address peer = egress ? packet.destination() : packet.source();
                  return datapath.passes(
                      workload.namespace() + "-" + pod.name(),
                      egress,
                      peer,
                      packet.protocol(),
                      port);
                })))
        .allMatch(passes -> passes);
  }
}
