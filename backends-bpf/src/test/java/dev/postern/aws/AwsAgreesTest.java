package dev.postern.aws;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.aws.reader.AwsDumps;
import dev.postern.backend.Artifact;
import dev.postern.backend.Reader.Dump;
import dev.postern.backend.Reading;
import dev.postern.backend.Refusal;
import dev.postern.backend.Scope;
import dev.postern.cluster.Cluster;
import dev.postern.enforced.Condition.ConnectionState;
import dev.postern.enforced.Interpreter;
import dev.postern.enforced.Packet;
import dev.postern.enforced.Passage;
import dev.postern.mapdump.MapDump;
import dev.postern.mapdump.MapEntry;
import dev.postern.mapdump.PinnedMaps;
import dev.postern.meaning.End;
import dev.postern.meaning.Flow;
import dev.postern.meaning.FlowVerdict;
import dev.postern.meaning.Judgement;
import dev.postern.meaning.Judgement.Exemption;
import dev.postern.meaning.Options;
import dev.postern.meaning.Reference;
import dev.postern.net.Address;
import dev.postern.net.Family;
import dev.postern.net.Protocol;
import dev.postern.plan.Plan;
import dev.postern.testing.ClusterFeature;
import dev.postern.testing.Engines;
import dev.postern.testing.Probes;
import dev.postern.testing.Profile;
import dev.postern.testing.RandomCluster;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The agent's maps for random clusters: looked up as the programs do, read back, and held by the kernel, against the definition. */
class AwsAgreesTest {

  private static final int GRE = 47;

  @TempDir
  private Path directory;

  static Profile profile(Family family) {
    return Profile.EVERYTHING
        .without(ClusterFeature.DOMAIN_NAMES, ClusterFeature.MISSING_ADDRESSES)
        .only(family);
  }

  private static Optional<Artifact> compiled(Plan plan) {
    try {
      return Optional.of(Aws.backend().compile(plan, Scope.CLUSTER));
    } catch (Refusal refusal) {
      assertThat(refusal.reasons())
          .allMatch(reason -> reason.contains("has room for 24")
              || reason.contains("no interface to be policed at"));
      return Optional.empty();
    }
  }

  @Test
  void theMapsAndTheirReaderSayWhatTheDefinitionSays() {
    int written = 0;
    int flows = 0;
    for (int seed = 0; seed < 400; seed++) {
      Random random = new Random(seed);
      Cluster cluster = RandomCluster.of(seed, profile(Family.values()[seed % 2]));
      Plan plan = Plan.of(cluster, Options.DEFAULT.withNodeTrafficPasses(seed % 3 != 0));
      Optional<Artifact> artifact = compiled(plan);
      if (artifact.isPresent()) {
        written++;
        flows += agrees(plan, artifact.get(), random);
      }
    }
    System.out.println(
        "AWS: " + written + " of 400 clusters written, " + flows + " flows compared");
    assertThat(written).isGreaterThan(350);
  }

  private static int agrees(Plan plan, Artifact artifact, Random random) {
    AgentPrograms programs = new AgentPrograms(artifact.files());
    Reading reading = read(artifact.files(), plan.cluster());
    assertThat(reading.problems()).isEmpty();
    assertThat(reading.warnings()).isEmpty();
    Interpreter interpreter = new Interpreter(reading.rules());
    Reference reference = new Reference(plan.cluster(), plan.options());
    List<Flow> flows = flows(plan, random, 60);
    for (Flow flow : flows) {
      Judgement judgement = reference.judge(flow);
      if (judgement.exemption() == Exemption.SAME_POD) {
        continue;
      }
      boolean allowed = judgement.verdict() == FlowVerdict.ALLOWED;
      int protocol = flow.protocol().hasPorts() ? flow.protocol().number() : GRE;
      Address source = address(flow.source());
      Address destination = address(flow.destination());
      boolean passes = passes(programs, flow.source(), true, destination, protocol, flow.port())
          && passes(programs, flow.destination(), false, source, protocol, flow.port());
      assertThat(passes).as("%s", flow).isEqualTo(allowed);
      Packet packet = new Packet(
          source,
          destination,
          protocol,
          flow.protocol().hasPorts() ? 40000 : 0,
          flow.port(),
          0,
          "",
          "",
          ConnectionState.NEW,
          false,
          0);
      assertThat(interpreter.walk(packet).fate())
          .as("%s read back", flow)
          .isEqualTo(allowed ? Passage.Fate.ACCEPT : Passage.Fate.DROP);
    }
    return flows.size();
  }

  private static Reading read(Map<String, String> files, Cluster cluster) {
    List<Dump> dumps = new ArrayList<>();
    files.forEach((name, text) -> dumps.add(new Dump(name, text)));
    return new AwsDumps().read(Map.of("aws-dump", dumps), cluster, Scope.CLUSTER);
  }

  static boolean passes(
      AgentPrograms programs, End end, boolean egress, Address peer, int protocol, int port) {
    if (end instanceof End.InPod pod && !pod.workload().hostNetwork()) {
      String name = pod.workload().namespace() + "-" + pod.pod().orElseThrow().name();
      return programs.passes(name, egress, peer, protocol, port);
    }
    return true;
  }

  static Address address(End end) {
    return end instanceof End.InPod pod
        ? pod.address().orElseThrow()
        : ((End.Outside) end).address();
  }

  static List<Flow> flows(Plan plan, Random random, int count) {
    Probes probes = Probes.of(plan.cluster(), random);
    Map<Address, End> pods = new HashMap<>();
    plan.classes()
        .endpoints()
        .forEach(end -> end.address().ifPresent(address -> pods.put(address, end)));
    List<Address> inside = pods.keySet().stream().sorted().toList();
    List<Address> others = new ArrayList<>(inside);
    others.addAll(probes.addresses());
    plan.cluster().nodes().forEach(node -> others.addAll(node.addresses()));
    List<Flow> flows = new ArrayList<>();
    for (int i = 0; i < 4 * count && flows.size() < count && !inside.isEmpty(); i++) {
      Address one = inside.get(random.nextInt(inside.size()));
      Address other = others.get(random.nextInt(others.size()));
      Protocol protocol = Protocol.values()[random.nextInt(4)];
      boolean out = random.nextBoolean();
      if (one.family() == other.family()) {
        flows.add(new Flow(
            end(pods, out ? one : other),
            end(pods, out ? other : one),
            protocol,
            protocol.hasPorts() ? probes.port(random) : 0));
      }
    }
    return flows;
  }

  private static End end(Map<Address, End> pods, Address address) {
    return pods.getOrDefault(address, new End.Outside(address));
  }

  @Test
  void theKernelsMapsHoldWhatTheFilesSay() throws Exception {
    Engines.require("bpftool");
    int maps = 0;
    int entries = 0;
    for (int seed = 0; seed < 12; seed++) {
      Cluster cluster = RandomCluster.of(seed, profile(Family.values()[seed % 2]));
      Optional<Artifact> artifact = compiled(Plan.of(cluster));
      if (artifact.isEmpty()) {
        continue;
      }
      Path here = directory.resolve(Integer.toString(seed));
      assertThat(here.toFile().mkdir()).isTrue();
      try (PinnedMaps kernel = new PinnedMaps(here)) {
        kernel.apply(artifact.get());
        for (Map.Entry<String, String> dump : kernel.dumps().entrySet()) {
          String file = artifact.get().files().keySet().stream()
              .filter(name -> name.endsWith(".json"))
              .filter(name -> name.replace(".json", "").replace('.', '_').equals(dump.getKey()))
              .findFirst()
              .orElseThrow();
          List<MapEntry> held = sorted(dump.getValue());
          assertThat(held).as(file).isEqualTo(sorted(artifact.get().file(file)));
          maps++;
          entries += held.size();
        }
      }
    }
    System.out.println("AWS kernel test: " + maps + " maps, " + entries + " entries");
    assertThat(entries).isPositive();
  }

  private static List<MapEntry> sorted(String dump) {
    return MapDump.read("dump", dump).stream()
        .map(MapDump.Placed::entry)
        .sorted()
        .toList();
  }
}
