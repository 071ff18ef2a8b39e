package dev.postern.bpf;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.backend.Artifact;
import dev.postern.backend.Refusal;
import dev.postern.backend.Scope;
import dev.postern.cluster.Cluster;
import dev.postern.manifest.Manifests;
import dev.postern.manifest.Source;
import dev.postern.mapdump.MapDump;
import dev.postern.mapdump.MapEntry;
import dev.postern.meaning.End;
import dev.postern.meaning.Flow;
import dev.postern.meaning.FlowVerdict;
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
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The program on the real kernel, packet by packet, against the definition. */
class BpfKernelTest {

  static final Profile PROFILE =
      Profile.EVERYTHING.without(ClusterFeature.DOMAIN_NAMES, ClusterFeature.MISSING_ADDRESSES);

  @TempDir
  Path directory;

  @BeforeEach
  void needsTheKernel() {
    Engines.require("bpftool", "clang", "tc");
  }

  @Test
  void theKernelAgreesWithTheDefinitionOnRandomClusters() throws Exception {
    long seed = Long.getLong("postern.seed", System.nanoTime());
    System.out.println("BPF kernel test: seed " + seed + " (-Dpostern.seed=)");
    int compared = 0;
    int denied = 0;
    try (Kernel kernel = new Kernel(directory)) {
      for (int round = 0; round < 25; round++) {
        Cluster cluster = RandomCluster.of(seed + round, PROFILE);
        kernel.apply(Bpf.backend().compile(Plan.of(cluster), Scope.CLUSTER));
        List<Flow> flows = flows(cluster, new Random(seed + round), 60);
        List<byte[]> packets = new ArrayList<>();
        for (int i = 0; i < flows.size(); i++) {
          packets.add(Packets.first(flows.get(i), 20_000 + 60 * round + i));
        }
        List<Boolean> out = kernel.verdicts("from_pod", packets);
        List<Boolean> in = kernel.verdicts("to_pod", packets);
        Reference reference = new Reference(cluster, Options.DEFAULT);
        for (int i = 0; i < flows.size(); i++) {
          boolean expected = reference.judge(flows.get(i)).verdict() == FlowVerdict.ALLOWED;
          assertThat(out.get(i) && in.get(i))
              .as("seed %d: %s", seed + round, flows.get(i))
              .isEqualTo(expected);
          compared++;
          denied += expected ? 0 : 1;
        }
      }
    }
    System.out.println("BPF kernel test: " + compared + " packets, " + denied + " denied");
    assertThat(denied).isBetween(50, compared - 50);
  }

  /** Flows between ends with addresses of one family, one of them a pod. */
  static List<Flow> flows(Cluster cluster, Random random, int count) {
    Probes probes = Probes.of(cluster, random);
    List<End> ends = new ArrayList<>();
    Plan.of(cluster).classes().endpoints().stream()
        .filter(end -> end.address().isPresent())
        .forEach(ends::add);
    int pods = ends.size();
    probes.outside(cluster).forEach(address -> ends.add(new End.Outside(address)));
    cluster
        .nodes()
        .forEach(node -> node.addresses().stream()
            .filter(
                address -> ends.stream().noneMatch(end -> Packets.address(end).equals(address)))
            .forEach(address -> ends.add(new End.Outside(address))));
    List<Flow> flows = new ArrayList<>();
    for (int attempt = 0; attempt < 20 * count && flows.size() < count && pods > 0; attempt++) {
      End one = ends.get(random.nextInt(pods));
      End other = ends.get(random.nextInt(ends.size()));
      if (Packets.address(one).family() != Packets.address(other).family()) {
        continue;
      }
      Protocol protocol = Protocol.values()[random.nextInt(4)];
      int port =
          protocol.hasPorts() ? probes.ports().get(random.nextInt(probes.ports().size())) : 0;
      boolean outward = random.nextBoolean();
      flows.add(new Flow(outward ? one : other, outward ? other : one, protocol, port));
    }
    return flows;
  }

  @Test
  void repliesPassAndNothingThatOnlyLooksLikeOne() throws Exception {
    Lab lab = new Lab();
    try (Kernel kernel = new Kernel(directory)) {
      kernel.apply(lab.artifact());
      byte[] reply = Packets.reply(lab.allowed(), 40_000);
      assertThat(kernel.verdicts("from_pod", List.of(reply))).containsExactly(false);
      assertThat(kernel.verdicts("to_pod", List.of(Packets.first(lab.allowed(), 40_000))))
          .containsExactly(true);
      assertThat(kernel.verdicts("from_pod", List.of(reply))).containsExactly(true);
      assertThat(kernel.verdicts("from_pod", List.of(Packets.reply(lab.allowed(), 40_001))))
          .containsExactly(false);
    }
  }

  @Test
  void aConnectionThatIngressDeniesHasNoReplies() throws Exception {
    Lab lab = new Lab();
    try (Kernel kernel = new Kernel(directory)) {
      kernel.apply(lab.artifact());
      assertThat(kernel.verdicts("to_pod", List.of(Packets.first(lab.denied(), 40_000))))
          .containsExactly(false);
      assertThat(kernel.verdicts("from_pod", List.of(Packets.reply(lab.denied(), 40_000))))
          .containsExactly(false);
    }
  }

  @Test
  void optionsExtensionHeadersAndFragmentsAreReadAndWhatCannotBeReadIsDropped() throws Exception {
    Lab lab = new Lab();
    Address web = Address.parse("10.0.0.1");
    Address db = Address.parse("10.0.0.2");
    byte[] tcp = Arrays.copyOfRange(Packets.first(lab.allowed(), 41_000), 34, 54);
    byte[] withOptions = Packets.ipv4(web, db, 6, tcp, new byte[] {1, 1, 1, 1, 1, 1, 1, 0}, 0);
    byte[] laterFragment = Packets.ipv4(web, db, 6, tcp, new byte[0], 100);
    byte[] firstFragment = Packets.ipv4(web, db, 6, tcp, new byte[0], 0x2000);
    byte[] truncated = Arrays.copyOf(withOptions, 44);
    byte[] vlan = Packets.first(lab.allowed(), 41_000);
    vlan[12] = (byte) 0x81;
    vlan[13] = 0;
    try (Kernel kernel = new Kernel(directory)) {
      kernel.apply(lab.artifact());
      assertThat(kernel.verdicts("to_pod", List.of(withOptions, laterFragment, truncated, vlan)))
          .containsExactly(true, false, false, false);
      assertThat(kernel.verdicts("to_pod", List.of(firstFragment, laterFragment)))
          .containsExactly(true, true);
      byte[] hop = new byte[8 + tcp.length];
      hop[0] = 6;
      System.arraycopy(tcp, 0, hop, 8, tcp.length);
      byte[] extended = Packets.ipv6(Address.parse("fd00::1"), Address.parse("fd00::2"), 0, hop);
      byte[] endless =
          Packets.ipv6(Address.parse("fd00::1"), Address.parse("fd00::2"), 0, new byte[80]);
      assertThat(kernel.verdicts("to_pod", List.of(extended, endless)))
          .containsExactly(true, false);
    }
  }

  @Test
  void neighbourDiscoveryAndArpAlwaysPassAndOtherIcmpDoesNot() throws Exception {
    Lab lab = new Lab();
    Address from = Address.parse("fd00::1");
    Address to = Address.parse("fd00::2");
    byte[] solicitation = Packets.ipv6(from, to, 58, new byte[] {(byte) 135, 0, 0, 0, 0, 0, 0, 0});
    byte[] echo = Packets.ipv6(from, to, 58, new byte[] {(byte) 128, 0, 0, 0, 0, 1, 0, 0});
    byte[] arp = new byte[42];
    arp[12] = 0x08;
    arp[13] = 0x06;
    try (Kernel kernel = new Kernel(directory)) {
      kernel.apply(lab.artifact());
      assertThat(kernel.verdicts("to_pod", List.of(solicitation, echo, arp)))
          .containsExactly(true, false, true);
    }
  }

  /** Random bytes, and good packets with bytes changed, never let anything through that a policy denies, nor end the program. */
  @Test
  void fuzzedPacketsToAPodThatNobodyMayReachAreDropped() throws Exception {
    Lab lab = new Lab();
    Random random = new Random(7);
    List<byte[]> packets = new ArrayList<>();
    for (int i = 0; i < 1500; i++) {
      byte[] packet = Packets.first(lab.denied(), 1 + random.nextInt(65_535));
      // Everything but the addresses and what says that it is IPv4.
      for (int change = 0; change < 1 + random.nextInt(8); change++) {
        int at = random.nextInt(packet.length);
        boolean keeps = at >= 12 && at <= 13 || at >= 26 && at < 34;
        packet[at] = keeps ? packet[at] : (byte) random.nextInt(256);
      }
      // Shorter ones the kernel does not hand to a program at all.
      int length = 34 + random.nextInt(packet.length - 33);
      packets.add(random.nextInt(4) == 0 ? Arrays.copyOf(packet, length) : packet);
    }
    try (Kernel kernel = new Kernel(directory)) {
      kernel.apply(lab.artifact());
      List<Boolean> verdicts = kernel.verdicts("to_pod", packets);
      for (int i = 0; i < packets.size(); i++) {
        boolean toAllowedPort = packets.get(i).length > 37
            && (packets.get(i)[23] == 6)
            && (packets.get(i)[14] & 15) == 5
            && packets.get(i)[36] == 0x15
            && packets.get(i)[37] == 0x38;
        assertThat(verdicts.get(i) && !toAllowedPort)
            .as("%s", HexFormat.of().formatHex(packets.get(i)))
            .isFalse();
      }
    }
  }

  /** The kernel gives the entries back as they were written, though in an order of its own. */
  @Test
  void whatTheKernelPrintsIsWhatWasWritten() throws Exception {
    Artifact artifact =
        Bpf.backend().compile(Plan.of(RandomCluster.of(11, PROFILE)), Scope.CLUSTER);
    try (Kernel kernel = new Kernel(directory)) {
      kernel.apply(artifact);
      for (String map : List.of("identities", "policy")) {
        String printed =
            kernel.run(List.of("bpftool", "-j", "map", "dump", "pinned", kernel.pin() + "/" + map));
        assertThat(entries(printed))
            .containsExactlyInAnyOrderElementsOf(entries(artifact.file(map + ".json")));
      }
    }
  }

  private static List<MapEntry> entries(String dump) {
    return MapDump.read("dump", dump).stream().map(MapDump.Placed::entry).toList();
  }

  @Test
  void removingTakesEveryPinAway() throws Exception {
    Kernel kernel = new Kernel(directory);
    kernel.apply(new Lab().artifact());
    kernel.apply(new Lab().artifact());
    assertThat(Path.of(kernel.pin())).exists();
    kernel.close();
    assertThat(Path.of(kernel.pin())).doesNotExist();
  }

  /** Two pods; web may reach db on tcp/5432 and nothing else, and db may call nobody. */
  static final class Lab {
    private final Cluster cluster = Manifests.read(Source.text("lab.yaml", """
                apiVersion: v1
                kind: Pod
                metadata: {name: web, namespace: shop, labels: {app: web}}
                spec: {containers: [{name: c}]}
                status: {podIP: 10.0.0.1, podIPs: [{ip: 10.0.0.1}, {ip: "fd00::1"}]}
                ---
                apiVersion: v1
                kind: Pod
                metadata: {name: db, namespace: shop, labels: {app: db}}
                spec: {containers: [{name: c}]}
                status: {podIP: 10.0.0.2, podIPs: [{ip: 10.0.0.2}, {ip: "fd00::2"}]}
                ---
                apiVersion: networking.k8s.io/v1
                kind: NetworkPolicy
                metadata: {name: db, namespace: shop}
                spec:
                  podSelector: {matchLabels: {app: db}}
                  policyTypes: [Ingress, Egress]
                  ingress: [{from: [{podSelector: {matchLabels: {app: web}}}], ports: [{port: 5432}]}]
                """)).cluster();

    Artifact artifact() throws Refusal {
      return Bpf.backend().compile(Plan.of(cluster), Scope.CLUSTER);
    }

    Flow allowed() {
      return new Flow(end("web"), end("db"), Protocol.TCP, 5432);
    }

    Flow denied() {
      return new Flow(end("web"), end("db"), Protocol.TCP, 5433);
    }

    private End end(String name) {
      return Plan.of(cluster).classes().endpoints().stream()
          .filter(end -> end.workload().name().equals(name))
          .filter(end -> end.address().orElseThrow().family() == Family.IPV4)
          .findFirst()
          .orElseThrow();
    }
  }
}
