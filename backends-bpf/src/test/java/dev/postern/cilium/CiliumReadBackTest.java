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
import dev.postern.manifest.Manifests;
import dev.postern.manifest.Source;
import dev.postern.meaning.Flow;
import dev.postern.meaning.Options;
import dev.postern.net.Address;
import dev.postern.net.Protocol;
import dev.postern.plan.Plan;
import dev.postern.testing.RandomCluster;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
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
          .matches(fate -> agrees(datapath, flow, fate));
    }
  }

  /** What is diverted at an end may come to the other one, or not. */
  private static boolean agrees(Datapath datapath, Flow flow, Passage.Fate fate) {
    boolean passes = CiliumAgreesTest.passes(datapath, flow);
    return CiliumMutantsTest.diverts(datapath, flow)
        ? fate == Passage.Fate.UNKNOWN || !passes && fate == Passage.Fate.DROP
        : fate == (passes ? Passage.Fate.ACCEPT : Passage.Fate.DROP);
  }

  private static final Cluster TWO = Manifests.read(Source.text("m.yaml", """
              apiVersion: v1
              kind: List
              items:
              - {apiVersion: v1, kind: Pod, metadata: {name: db, namespace: shop, labels: {app: db}},
                 spec: {containers: [{name: c, image: i}]}, status: {podIPs: [{ip: 10.0.0.2}]}}
              - {apiVersion: v1, kind: Pod, metadata: {name: web, namespace: shop, labels: {app: web}},
                 spec: {containers: [{name: c, image: i}]}, status: {podIPs: [{ip: 10.0.0.3}]}}
              """)).cluster();

  @Test
  void anEntryTakesOverTheAuthenticationOfAWiderOne() {
    String identity = "[{\"key\":" + bytes("40 00 00 00 00 00 00 01 0a 00 00 03" + " 00".repeat(12))
        + ",\"value\":" + bytes("00 01 00 00" + " 00".repeat(20)) + "},{\"key\":"
        + bytes("40 00 00 00 00 00 00 01 0a 00 00 02" + " 00".repeat(12))
        + ",\"value\":" + bytes("01 01 00 00" + " 00".repeat(20)) + "}]";
    String own = "{\"key\":" + bytes("40 00 00 00 00 01 00 00 00 06 00 50") + ",\"value\":"
        + bytes("00 00 c0 %s 01 ff ff ff 00 00 00 00") + "}";
    String any = "{\"key\":" + bytes("28 00 00 00 00 00 00 00 00 00 00 00") + ",\"value\":"
        + bytes("00 00 00 81 01 ff ff %s 00 00 00 00") + "}";
    Packet packet =
        Packet.opening(Address.parse("10.0.0.3"), Address.parse("10.0.0.2"), Protocol.TCP, 80);
    Map<List<String>, Passage.Fate> expected = Map.of(
        List.of("00", "ff"), Passage.Fate.UNKNOWN,
        List.of("80", "ff"), Passage.Fate.ACCEPT,
        List.of("00", "fe"), Passage.Fate.ACCEPT);
    expected.forEach((variant, fate) -> {
      Map<String, String> files = new TreeMap<>();
      files.put("ipcache.json", identity);
      files.put(
          "policy-shop-db.json",
          "[" + own.replace("0x%s", "0x" + variant.get(0)) + ","
              + any.replace("0x%s", "0x" + variant.get(1)) + "]");
      files.put("policy-shop-web.json", "[" + ALL_OUT + "]");
      assertThat(new Interpreter(read(files, TWO).rules()).walk(packet).fate())
          .as("%s", variant)
          .isEqualTo(fate);
    });
  }

  private static final String ALL_OUT = "{\"key\":" + bytes("28 00 00 00 00 00 00 00 01 00 00 00")
      + ",\"value\":" + bytes("00 00 00 00 01 ff ff ff 00 00 00 00") + "}";

  private static String bytes(String hex) {
    return Stream.of(hex.split(" "))
        .map(each -> "\"0x" + each + "\"")
        .collect(Collectors.joining(",", "[", "]"));
  }

  @Test
  void aKeyThatIsThereTwiceIsNoDumpOfOneMoment() {
    String entry = "{\"key\":[\"0x01\"],\"value\":[\"0x01\"]}";

    assertThat(
            read(Map.of("ipcache.json", "[" + entry + ",\n" + entry + "]"), TWO).problems())
        .singleElement()
        .asString()
        .startsWith("ipcache.json:2:1: error: the key is there twice");
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
