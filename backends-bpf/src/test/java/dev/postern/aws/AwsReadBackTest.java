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
import dev.postern.manifest.Manifests;
import dev.postern.manifest.Source;
import dev.postern.mapdump.MapDump;
import dev.postern.mapdump.MapEntry;
import dev.postern.meaning.Flow;
import dev.postern.net.Address;
import dev.postern.net.Cidr;
import dev.postern.net.Family;
import dev.postern.net.Protocol;
import dev.postern.plan.Plan;
import dev.postern.prove.Proof;
import dev.postern.prove.Prover;
import dev.postern.testing.RandomCluster;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

/** The reader makes of dumps what the agent's programs do, also of dumps that no compiler would write. */
class AwsReadBackTest {

  static Reading read(Map<String, String> files, Cluster cluster) {
    List<Dump> dumps = new ArrayList<>();
    files.forEach((name, text) -> dumps.add(new Dump(name, text)));
    return new AwsDumps().read(Map.of("aws-dump", dumps), cluster, Scope.CLUSTER);
  }

  @Property(tries = 200)
  void theReaderAndTheProgramsAgreeOnSlotsOfOthers(@ForAll long seed) throws Refusal {
    Random random = new Random(seed);
    Family family = Family.values()[random.nextInt(2)];
    Cluster cluster = RandomCluster.of(seed, AwsAgreesTest.profile(family));
    Plan plan = Plan.of(cluster);
    Artifact artifact = Aws.backend().compile(plan, Scope.CLUSTER);
    List<Flow> flows = AwsAgreesTest.flows(plan, random, 80);
    List<Cidr> networks = new ArrayList<>(List.of(Cidr.all(family)));
    for (Flow flow : flows) {
      networks.add(Cidr.of(AwsAgreesTest.address(flow.source())));
      networks.add(Cidr.of(AwsAgreesTest.address(flow.destination())));
    }
    Map<String, String> files = StrangeSlots.in(artifact.files(), networks, random);
    Reading reading = read(files, cluster);
    assertThat(reading.problems()).isEmpty();
    assertThat(reading.warnings()).isEmpty();
    Interpreter interpreter = new Interpreter(reading.rules());
    AgentPrograms programs = new AgentPrograms(files);
    int[] numbers = {6, 17, 132, 1, 47, 0};
    for (Flow flow : flows) {
      Address source = AwsAgreesTest.address(flow.source());
      Address destination = AwsAgreesTest.address(flow.destination());
      int protocol =
          flow.protocol().hasPorts() ? flow.protocol().number() : numbers[3 + random.nextInt(3)];
      boolean passes =
          AwsAgreesTest.passes(programs, flow.source(), true, destination, protocol, flow.port())
              && AwsAgreesTest.passes(
                  programs, flow.destination(), false, source, protocol, flow.port());
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
          .as("%s, protocol %d, of seed %d", flow, protocol, seed)
          .isEqualTo(passes ? Passage.Fate.ACCEPT : Passage.Fate.DROP);
    }
  }

  private static final Cluster ONE = Manifests.read(Source.text("m.yaml", """
              apiVersion: v1
              kind: Pod
              metadata: {name: db, namespace: shop}
              spec: {containers: [{name: c, image: i}]}
              status: {podIPs: [{ip: 10.0.0.2}]}
              """)).cluster();

  private static Map<String, String> dumps() throws Refusal {
    return new TreeMap<>(Aws.backend().compile(Plan.of(ONE), Scope.CLUSTER).files());
  }

  @Test
  void withoutTheMapForClusterPoliciesWhatPassesIsUnknown() throws Refusal {
    Map<String, String> files = dumps();
    files.remove("shop-db.cp_ingress_map.json");

    Reading reading = read(files, ONE);
    assertThat(reading.warnings())
        .containsExactly("no dump of cluster policies for the ingress of shop/db:"
            + " what it may do is not known");
    Packet packet = new Packet(
        Address.parse("10.0.0.9"),
        Address.parse("10.0.0.2"),
        6,
        1,
        1,
        0,
        "",
        "",
        ConnectionState.NEW,
        false,
        0);
    assertThat(new Interpreter(reading.rules()).walk(packet).fate())
        .isEqualTo(Passage.Fate.UNKNOWN);
  }

  /** The program for one family lets the other one's packets pass, whatever the maps say. */
  @Test
  void aPodOfBothFamiliesOrWithTriesOfTheOtherIsUnknown() throws Refusal {
    Cluster both = Manifests.read(
            Source.text("m.yaml", POD.formatted("{ip: 10.0.0.2}, {ip: 'fd00::2'}")))
        .cluster();
    Cluster other =
        Manifests.read(Source.text("m.yaml", POD.formatted("{ip: 'fd00::2'}"))).cluster();
    Map<String, String> files = dumps();
    for (String trie : List.of("ingress_map", "egress_map")) {
      files.put(
          "shop-db." + trie + ".json",
          MapDump.write(
              List.of(new MapEntry(new byte[] {8, 0, 0, 0, 10, 0, 0, 0}, new byte[288]))));
    }
    for (Cluster cluster : List.of(both, other)) {
      Reading reading = read(files, cluster);
      assertThat(reading.warnings())
          .hasSize(2)
          .allMatch(each -> each.contains("both address families"));
      Packet packet =
          Packet.opening(Address.parse("fd00::9"), Address.parse("fd00::2"), Protocol.TCP, 1);
      assertThat(new Interpreter(reading.rules()).walk(packet).fate())
          .isEqualTo(Passage.Fate.UNKNOWN);
    }
  }

  private static final String POD = """
              apiVersion: v1
              kind: Pod
              metadata: {name: db, namespace: shop}
              spec: {containers: [{name: c, image: i}]}
              status: {podIPs: [%s]}
              """;

  @Test
  void twoPodsThatWouldHaveTheSameFilesAreAnError() throws Refusal {
    Cluster two = Manifests.read(Source.text("m.yaml", """
              apiVersion: v1
              kind: List
              items:
              - {apiVersion: v1, kind: Pod, metadata: {name: b-c, namespace: a},
                 spec: {containers: [{name: c, image: i}]}, status: {podIPs: [{ip: 10.0.0.2}]}}
              - {apiVersion: v1, kind: Pod, metadata: {name: c, namespace: a-b},
                 spec: {containers: [{name: c, image: i}]}, status: {podIPs: [{ip: 10.0.0.3}]}}
              """)).cluster();
    Map<String, String> files = new TreeMap<>();
    dumps().forEach((name, text) -> files.put(name.replace("shop-db", "a-b-c"), text));

    assertThat(read(files, two).problems())
        .singleElement()
        .asString()
        .contains("would have the same files");
  }

  @Test
  void mapsOfAnAgentWithoutClusterPoliciesAreNotRead() throws Refusal {
    Map<String, String> files = dumps();
    files.remove("shop-db.cp_ingress_map.json");
    files.put(
        "shop-db.ingress_pod_state_map.json",
        "[{\"key\":[\"0x00\",\"0x00\",\"0x00\",\"0x00\"],\"value\":[\"0x01\"]}]");

    assertThat(read(files, ONE).warnings())
        .singleElement()
        .asString()
        .contains("as with agents before 1.3");
  }

  /** A trie with one entry for all addresses, of which these bytes of the first slot are set. */
  private static String trie(int size, Map<Integer, Integer> bytes) {
    byte[] value = new byte[size];
    bytes.forEach((at, number) -> value[at] = number.byteValue());
    return MapDump.write(List.of(new MapEntry(new byte[8], value)));
  }

  private static void isUnknown(Map<String, String> files, String why) {
    Reading reading = read(files, ONE);
    assertThat(reading.problems()).isEmpty();
    assertThat(reading.warnings()).isNotEmpty().allMatch(warning -> warning.contains(why));
    assertThat(Prover.prove(Plan.of(ONE), Scope.CLUSTER, reading.rules(), reading.contract())
            .verdict())
        .isEqualTo(Proof.Verdict.UNKNOWN);
  }

  @Test
  void whatANewerAgentMayMeanOtherwiseIsUnknown() throws Refusal {
    Map<String, String> files = dumps();
    files.put("shop-db.ingress_map.json", trie(288, Map.of(1, 1)));
    isUnknown(files, "the ingress of shop/db hold protocol 256,");
    files.put("shop-db.ingress_map.json", trie(288, Map.of(0, 6, 6, 1)));
    isUnknown(files, "hold ports 65536 to 0,");
    files = dumps();
    files.put("shop-db.cp_egress_map.json", trie(384, Map.of(0, 6, 4, 13)));
    isUnknown(files, "the egress of shop/db hold action 3,");
    files.put("shop-db.cp_egress_map.json", trie(384, Map.of(0, 6, 4, 0x60, 5, 0xAE, 6, 0x0A)));
    isUnknown(files, "hold priority 70000,");
    files = dumps();
    files.put(
        "shop-db.egress_pod_state_map.json",
        "[{\"key\":[\"0x00\",\"0x00\",\"0x00\",\"0x00\"],\"value\":[\"0x01\"]},"
            + "{\"key\":[\"0x01\",\"0x00\",\"0x00\",\"0x00\"],\"value\":[\"0x01\"]},"
            + "{\"key\":[\"0x02\",\"0x00\",\"0x00\",\"0x00\"],\"value\":[\"0x01\"]}]");
    isUnknown(files, "hold a state of key 2,");
    files = dumps();
    files.put("shop-db.tenant_map.json", "[]");
    isUnknown(files, "shop-db.tenant_map.json is no map that agents up to 1.4.1 have");
  }

  @Test
  void whatIsNoMapIsSaidWithItsPlace() throws Refusal {
    Map<String, String> files = dumps();
    files.put(
        "shop-db.cp_ingress_map.json",
        "[{\"key\":[\"0x08\",\"0x00\",\"0x00\",\"0x00\",\"0x0a\",\"0x00\",\"0x00\",\"0x00\"],"
            + "\"value\":[\"0x01\"]}]");
    assertThat(read(files, ONE).problems())
        .containsExactly("shop-db.cp_ingress_map.json:1:2: error:"
            + " values of this trie have 384 bytes, not 1");
    files.put("shop-db.cp_ingress_map.json", "[]");
    files.put("shop-db.ingress_pod_state_map.json", "[{\"key\":[\"0x00\"],\"value\":[\"0x01\"]}]");
    assertThat(read(files, ONE).problems())
        .containsExactly("shop-db.ingress_pod_state_map.json:1:2: error:"
            + " a pod state is 0, 1 or 2 in one byte, under a key of four bytes");
  }
}
