package dev.postern.cli.proof;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.backend.Artifact;
import dev.postern.backend.Obligation;
import dev.postern.backend.Reader.Dump;
import dev.postern.backend.Reading;
import dev.postern.backend.Refusal;
import dev.postern.backend.Scope;
import dev.postern.bpf.Bpf;
import dev.postern.bpf.reader.BpfDumps;
import dev.postern.cluster.Cluster;
import dev.postern.cluster.Node;
import dev.postern.manifest.Manifests;
import dev.postern.manifest.Source;
import dev.postern.mapdump.MapDump;
import dev.postern.mapdump.MapEntry;
import dev.postern.meaning.Options;
import dev.postern.plan.Plan;
import dev.postern.prove.Proof;
import dev.postern.prove.Prover;
import dev.postern.testing.ClusterFeature;
import dev.postern.testing.Profile;
import dev.postern.testing.RandomCluster;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

/** Tries of random clusters, read back and proved. */
class BpfProofTest {

  private static final Profile PROFILE =
      Profile.EVERYTHING.without(ClusterFeature.MISSING_ADDRESSES, ClusterFeature.DOMAIN_NAMES);

  @Property(tries = 400)
  void triesAreProved(@ForAll long seed, @ForAll("options") Options options) throws Refusal {
    Cluster cluster = RandomCluster.of(seed, PROFILE);
    Plan plan = Plan.of(cluster, options);
    Scope scope = seed % 3 == 0 && !cluster.nodes().isEmpty()
        ? Scope.node(cluster.nodes().get(0).name())
        : Scope.CLUSTER;
    Artifact artifact = Bpf.backend().compile(plan, scope);
    Reading reading =
        read(artifact.file("identities.json"), artifact.file("policy.json"), cluster, scope);
    assertThat(reading.problems()).isEmpty();
    Proof proof = Prover.prove(plan, scope, reading.rules(), reading.contract());
    assertThat(proof.verdict()).as(proof::toString).isEqualTo(Proof.Verdict.PROVED);
  }

  @Property(tries = 60)
  void triesForAllPodsAreProvedForThoseOfOneNode(@ForAll long seed) throws Refusal {
    Cluster cluster = RandomCluster.of(seed, PROFILE);
    Plan plan = Plan.of(cluster);
    Artifact artifact = Bpf.backend().compile(plan, Scope.CLUSTER);
    for (Node node : cluster.nodes()) {
      Scope scope = Scope.node(node.name());
      Reading reading =
          read(artifact.file("identities.json"), artifact.file("policy.json"), cluster, scope);
      Proof proof = Prover.prove(plan, scope, reading.rules(), reading.contract());
      assertThat(proof.verdict()).as(proof::toString).isEqualTo(Proof.Verdict.PROVED);
    }
  }

  /** A program sees what comes by its interface: of packets from outside that is the one of the pod that they are to. */
  @Test
  void aGroupOfAnAddressWithoutAnInterfaceKeepsNothingFromPods() throws Refusal {
    Cluster cluster = Manifests.read(Source.text("shop.yaml", """
            apiVersion: v1
            kind: Pod
            metadata: {name: web, namespace: shop}
            spec: {nodeName: worker-1}
            status: {podIP: 10.0.0.1, podIPs: [{ip: 10.0.0.1}]}
            ---
            apiVersion: networking.k8s.io/v1
            kind: NetworkPolicy
            metadata: {name: none, namespace: shop}
            spec: {podSelector: {}, policyTypes: [Ingress]}
            """)).cluster();
    Plan plan = Plan.of(cluster);
    Artifact artifact = Bpf.backend().compile(plan, Scope.CLUSTER);
    List<MapEntry> identities = entries(artifact.file("identities.json"));
    List<MapEntry> policy = entries(artifact.file("policy.json"));
    assertThat(verdictOfPods(plan, identities, policy)).isEqualTo(Proof.Verdict.PROVED);
    int ingress = identities.stream()
        .mapToInt(entry -> numbers(entry.value()).getInt(8))
        .filter(group -> group != 0)
        .findFirst()
        .orElseThrow();
    // Whoever: passes to the pod; but all that are outside are of a group of senders that may send
    // nothing.
    ByteBuffer anyone = ByteBuffer.allocate(16).order(ByteOrder.LITTLE_ENDIAN).putInt(72);
    anyone.order(ByteOrder.BIG_ENDIAN).putInt(ingress);
    policy.removeIf(entry -> ByteBuffer.wrap(entry.key()).getInt(4) == ingress);
    policy.add(new MapEntry(anyone.array(), new byte[] {1, 0, 0, 0}));
    identities.replaceAll(entry -> {
      ByteBuffer value = numbers(entry.value());
      return value.getInt(8) == 0 && entry.key()[7] != 0
          ? new MapEntry(entry.key(), value.putInt(4, 77).array())
          : entry;
    });

    assertThat(verdictOfPods(plan, identities, policy)).isEqualTo(Proof.Verdict.DIFFERS);
  }

  private static List<MapEntry> entries(String dump) {
    List<MapEntry> entries = new ArrayList<>();
    MapDump.read("dump", dump).forEach(placed -> entries.add(placed.entry()));
    return entries;
  }

  private static ByteBuffer numbers(byte[] value) {
    return ByteBuffer.wrap(value).order(ByteOrder.LITTLE_ENDIAN);
  }

  @Provide
  Arbitrary<Options> options() {
    return Arbitraries.of(true, false)
        .tuple2()
        .map(t -> new Options(t.get1(), t.get2(), Options.HostNetwork.NODE));
  }

  @Test
  void mapsOfAnotherVersionOfTheLayoutAreUnknown() throws Refusal {
    Cluster cluster = RandomCluster.of(3, PROFILE);
    Plan plan = Plan.of(cluster);
    Artifact artifact = Bpf.backend().compile(plan, Scope.CLUSTER);
    String identities = artifact.file("identities.json");
    String policy = artifact.file("policy.json");
    assertThat(verdict(plan, identities, policy)).isEqualTo(Proof.Verdict.PROVED);
    // The first entry says the version, in the first byte of its value.
    String newer = identities.replaceFirst("\"value\":\\[\"0x01\"", "\"value\":[\"0x02\"");
    String none = policy.replaceFirst("\\{[^}]*\\},\n", "");
    assertThat(newer).isNotEqualTo(identities);
    assertThat(none).isNotEqualTo(policy);
    assertThat(verdict(plan, newer, policy)).isEqualTo(Proof.Verdict.UNKNOWN);
    assertThat(verdict(plan, identities, none)).isEqualTo(Proof.Verdict.UNKNOWN);
    assertThat(read(newer, none, cluster).warnings())
        .hasSize(2)
        .allMatch(warning -> warning.contains("version 1 of this layout"));
  }

  private static Proof.Verdict verdict(Plan plan, String identities, String policy) {
    Reading reading = read(identities, policy, plan.cluster());
    assertThat(reading.problems()).isEmpty();
    return Prover.prove(plan, Scope.CLUSTER, reading.rules(), reading.contract())
        .verdict();
  }

  /** With packets between no pods left open. */
  private static Proof.Verdict verdictOfPods(
      Plan plan, List<MapEntry> identities, List<MapEntry> policy) {
    Reading reading = read(MapDump.write(identities), MapDump.write(policy), plan.cluster());
    return Prover.prove(
            plan,
            Scope.CLUSTER,
            reading.rules(),
            Obligation.NON_POD.leftOpen(
                reading.contract(), plan.cluster(), Scope.CLUSTER, plan.options()))
        .verdict();
  }

  @Test
  void aDumpThatIsNoneIsSaidWithItsPlace() {
    Reading reading = read("[{\"key\":[\"0x00\"],\"value\":[]}]", "[]", Cluster.EMPTY);
    assertThat(reading.problems())
        .singleElement()
        .asString()
        .startsWith("identities:1:")
        .contains("24 bytes, not 1");
    assertThat(read("{", "[]", Cluster.EMPTY).problems())
        .singleElement()
        .asString()
        .startsWith("identities:1:1: error: expected an array of entries");
    assertThat(read("[]", "[{\"key\":[7]}]", Cluster.EMPTY).problems())
        .singleElement()
        .asString()
        .startsWith("policy:1:");
  }

  private static Reading read(String identities, String policy, Cluster cluster) {
    return read(identities, policy, cluster, Scope.CLUSTER);
  }

  private static Reading read(String identities, String policy, Cluster cluster, Scope scope) {
    return new BpfDumps()
        .read(
            Map.of(
                "bpf-identities", List.of(new Dump("identities", identities)),
                "bpf-policy", List.of(new Dump("policy", policy))),
            cluster,
            scope);
  }
}
