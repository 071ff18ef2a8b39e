package dev.postern.cilium;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.backend.Artifact;
import dev.postern.backend.Reader.Dump;
import dev.postern.backend.Reading;
import dev.postern.backend.Refusal;
import dev.postern.backend.Scope;
import dev.postern.cilium.reader.CiliumDumps;
import dev.postern.cluster.Cluster;
import dev.postern.enforced.Interpreter;
import dev.postern.enforced.Packet;
import dev.postern.enforced.Passage;
import dev.postern.meaning.Flow;
import dev.postern.meaning.Options;
import dev.postern.plan.Plan;
import dev.postern.testing.RandomCluster;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

/** The reader makes of dumps what the bytes do, also of dumps that no compiler would write. */
class CiliumReadBackTest {

  private static final Options OPTIONS = Options.DEFAULT.withIpBlockMatchesPods(false);

  static Reading read(Map<String, String> files, Cluster cluster) {
    List<Dump> dumps = new ArrayList<>();
    files.forEach((name, text) -> dumps.add(new Dump(name, text)));
    return new CiliumDumps().read(Map.of("cilium-dump", dumps), cluster, Scope.CLUSTER);
  }

  @Property(tries = 150)
  void theReaderAndTheBytesAgreeOnWhatIsWritten(@ForAll long seed) throws Refusal {
    agrees(seed, false);
  }

  /** Denials, nested prefixes and odd precedences in places where the writer never puts them. */
  @Property(tries = 150)
  void theReaderAndTheBytesAgreeOnEntriesOfOthers(@ForAll long seed) throws Refusal {
    agrees(seed, true);
  }

  private static void agrees(long seed, boolean strange) throws Refusal {
    Random random = new Random(seed);
    CiliumVersion version = CiliumVersion.values()[random.nextInt(4)];
    Cluster cluster = RandomCluster.of(seed, CiliumAgreesTest.PROFILE);
    Plan plan = Plan.of(cluster, OPTIONS);
    Artifact artifact = Cilium.backend().withVersion(version).compile(plan, Scope.CLUSTER);
    Map<String, String> files =
        strange ? StrangeEntries.in(artifact.files(), version, random) : artifact.files();
    Reading reading = read(files, cluster);
    assertThat(reading.problems()).isEmpty();
    assertThat(reading.warnings()).isEmpty();
    Interpreter interpreter = new Interpreter(reading.rules());
    Datapath datapath = new Datapath(files, version);
    for (Flow flow : CiliumAgreesTest.flows(plan, random, 60)) {
      Packet packet = Packet.opening(
          CiliumAgreesTest.address(flow.source()),
          CiliumAgreesTest.address(flow.destination()),
          flow.protocol(),
          flow.port());
      assertThat(interpreter.walk(packet).fate())
          .as("%s of seed %d", flow, seed)
          .isEqualTo(
              CiliumAgreesTest.passes(datapath, flow) ? Passage.Fate.ACCEPT : Passage.Fate.DROP);
    }
  }

  @Test
  void aMissingDumpIsNamedAndWhatItWouldSayIsUnknown() throws Refusal {
    Cluster cluster = RandomCluster.of(7, CiliumAgreesTest.PROFILE);
    Map<String, String> files = new TreeMap<>(
        Cilium.backend().compile(Plan.of(cluster, OPTIONS), Scope.CLUSTER).files());
    String lost = files.keySet().stream()
        .filter(name -> name.startsWith("policy-") && name.endsWith(".json"))
        .findFirst()
        .orElseThrow();
    files.remove(lost);

    assertThat(read(files, cluster).warnings())
        .singleElement()
        .satisfies(warning -> assertThat(warning).contains("no " + lost));
  }

  /** Entries of Cilium 1.20 for peers in general, and its decisions that pass on, have the form of those of 1.19. */
  @Test
  void whatCilium120MeansOtherwiseIsUnknown() throws Refusal {
    Cluster cluster = RandomCluster.of(7, CiliumAgreesTest.PROFILE);
    Map<String, String> files =
        Cilium.backend().compile(Plan.of(cluster, OPTIONS), Scope.CLUSTER).files();
    for (int identity = 11; identity <= 14; identity++) {
      String aggregate =
          "{\"key\":[\"0x28\",\"0x00\",\"0x00\",\"0x00\",\"" + "0x%02x".formatted(identity)
              + "\",\"0x00\",\"0x00\",\"0x00\",\"0x00\",\"0x00\",\"0x00\",\"0x00\"],\"value\":[\"0x00\",\"0x00\",\"0x00\","
              + "\"0x00\",\"0x01\",\"0xff\",\"0xff\",\"0xff\",\"0x00\",\"0x00\",\"0x00\",\"0x00\"]}";
      Map<String, String> newer = new TreeMap<>(files);
      newer.replaceAll((name, text) -> name.startsWith("policy-") && name.endsWith(".json")
          ? text.replaceFirst("^\\[\\s*\\]", "[" + aggregate + "]")
              .replaceFirst("^\\[\\s*\\{\"key", "[" + aggregate + ",{\"key")
          : text);
      assertThat(verdicts(newer, cluster)).containsOnly(Passage.Fate.UNKNOWN);
    }
    Map<String, String> passing = new TreeMap<>(files);
    passing.replaceAll((name, text) -> name.startsWith("policy-")
        ? text.replace("\"0x01\",\"0xff\",\"0xff\",\"0xff\"", "\"0x00\",\"0xff\",\"0xff\",\"0xff\"")
        : text);
    assertThat(verdicts(files, cluster)).contains(Passage.Fate.ACCEPT);
    assertThat(verdicts(passing, cluster))
        .contains(Passage.Fate.UNKNOWN)
        .doesNotContain(Passage.Fate.ACCEPT);
  }

  private static List<Passage.Fate> verdicts(Map<String, String> files, Cluster cluster) {
    Interpreter interpreter = new Interpreter(read(files, cluster).rules());
    List<Passage.Fate> verdicts = new ArrayList<>();
    for (Flow flow : CiliumAgreesTest.flows(Plan.of(cluster, OPTIONS), new Random(7), 60)) {
      verdicts.add(interpreter
          .walk(Packet.opening(
              CiliumAgreesTest.address(flow.source()),
              CiliumAgreesTest.address(flow.destination()),
              flow.protocol(),
              flow.port()))
          .fate());
    }
    return verdicts;
  }

  @Test
  void whatIsNoDumpIsSaidWithItsPlace() {
    Cluster cluster = Cluster.EMPTY;

    assertThat(
            read(Map.of("ipcache.json", "[\n{\"key\":[\"0x01\"],\"value\":[\"0x01\"]}]"), cluster)
                .problems())
        .containsExactly(
            "ipcache.json:2:1: error: values of ipcache have 24 bytes, or 12 before Cilium 1.18, not 1");
    assertThat(read(Map.of("ipcache.json", "{}"), cluster).problems())
        .singleElement()
        .satisfies(problem -> assertThat(problem).startsWith("ipcache.json:1:1: error: expected"));
    assertThat(read(Map.of("ipcache.json", "[{\"key\":[300]}]"), cluster).problems())
        .singleElement()
        .satisfies(problem -> assertThat(problem).contains("expected a byte"));
    assertThat(read(Map.of(), cluster).problems())
        .singleElement()
        .satisfies(problem -> assertThat(problem).contains("there is no ipcache.json"));
  }
}
