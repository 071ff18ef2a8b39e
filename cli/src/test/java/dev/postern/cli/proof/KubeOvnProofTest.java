package dev.postern.cli.proof;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.backend.Obligation;
import dev.postern.backend.Scope;
import dev.postern.cli.Run;
import dev.postern.cli.console.ExitStatus;
import dev.postern.cli.proof.KubeOvnLayout.Release;
import dev.postern.cluster.Cluster;
import dev.postern.enforced.Contract;
import dev.postern.manifest.Manifests;
import dev.postern.manifest.Source;
import dev.postern.meaning.Options;
import dev.postern.net.Address;
import dev.postern.ovn.read.NorthboundReader;
import dev.postern.ovn.read.NorthboundReader.NorthboundRules;
import dev.postern.ovn.read.PodPorts;
import dev.postern.plan.Plan;
import dev.postern.policy.PolicyKind;
import dev.postern.prove.Proof;
import dev.postern.prove.Prover;
import dev.postern.testing.ClusterFeature;
import dev.postern.testing.Profile;
import dev.postern.testing.RandomCluster;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What kube-ovn writes for random clusters is read and proved, and what is broken in it is found. */
class KubeOvnProofTest {

  private static final Profile PROFILE = Profile.EVERYTHING.without(
      ClusterFeature.MISSING_ADDRESSES, ClusterFeature.UNWRITABLE, ClusterFeature.NAMED_PORTS);

  private static Cluster cluster(long seed) {
    Cluster cluster = RandomCluster.of(seed, PROFILE);
    return cluster.withPolicies(cluster.policies().stream()
        .filter(policy -> policy.kind() == PolicyKind.NETWORK_POLICY)
        .toList());
  }

  private static NorthboundRules read(String transaction) {
    return NorthboundReader.read(NorthboundRows.dumped(transaction), "nb.json", PodPorts.NONE);
  }

  private static Proof prove(Cluster cluster, String transaction) {
    NorthboundRules reading = read(transaction);
    // As --dataplane kube-ovn does.
    Contract contract =
        Obligation.ICMP.leftOpen(reading.contract(), cluster, Scope.CLUSTER, Options.DEFAULT);
    return Prover.prove(Plan.of(cluster), Scope.CLUSTER, reading.rules(), contract);
  }

  @Property(tries = 60)
  void whatItWritesIsProved(@ForAll long seed) {
    Cluster cluster = cluster(seed);
    String rows = KubeOvnLayout.of(cluster, Release.V1_15);
    assertThat(read(rows).problems()).isEmpty();
    Proof proof = prove(cluster, rows);
    assertThat(proof.verdict()).as(proof::toString).isEqualTo(Proof.Verdict.PROVED);
  }

  @Test
  void whatIsBrokenInItIsFound() {
    Map<String, int[]> tally = new TreeMap<>();
    for (int seed = 0; seed < 25; seed++) {
      Cluster cluster = cluster(seed);
      String rows = KubeOvnLayout.of(cluster, Release.V1_15);
      for (KubeOvnMutant kind : KubeOvnMutant.values()) {
        Optional<String> broken = kind.of(rows, new Random(seed));
        if (broken.isEmpty()) {
          continue;
        }
        Proof proof = prove(cluster, broken.get());
        tally.computeIfAbsent(kind.name(), key -> new int[3])[proof.verdict().ordinal()]++;
        if (proof.verdict() == Proof.Verdict.PROVED) {
          // Then no flow tells it from the policies, but for those that are left open.
          assertThat(new Sampled(Plan.of(cluster))
                  .differences(read(broken.get()).rules(), new Random(1), 300))
              .as("%s in cluster %d", kind, seed)
              .allMatch(difference ->
                  OvnKubernetesProofTest.isLeftOpen(difference) || difference.contains(" other: "));
        }
      }
    }
    tally.forEach((kind, count) -> System.out.println(
        "kube-ovn mutants, " + kind + ": " + count[Proof.Verdict.DIFFERS.ordinal()] + " refuted, "
            + count[Proof.Verdict.UNKNOWN.ordinal()] + " unknown, "
            + count[Proof.Verdict.PROVED.ordinal()] + " without effect"));
    assertThat(tally).hasSize(KubeOvnMutant.values().length);
    tally.forEach((kind, count) -> assertThat(
            count[Proof.Verdict.DIFFERS.ordinal()] + count[Proof.Verdict.UNKNOWN.ordinal()])
        .as(kind)
        .isPositive());
  }

  private static final String MANIFESTS = """
      apiVersion: v1
      kind: Node
      metadata: {name: worker-1}
      status: {addresses: [{type: InternalIP, address: 172.18.0.2}]}
      ---
      apiVersion: v1
      kind: Pod
      metadata: {name: web, namespace: shop, labels: {app: web}}
      spec: {nodeName: worker-1, containers: [{name: web, ports: [{name: http, containerPort: 8080}]}]}
      status: {podIP: 10.16.0.5, podIPs: [{ip: 10.16.0.5}, {ip: "fd00:10:16::5"}]}
      ---
      apiVersion: v1
      kind: Pod
      metadata: {name: client, namespace: shop, labels: {app: client}}
      spec: {nodeName: worker-1}
      status: {podIP: 10.16.0.6, podIPs: [{ip: 10.16.0.6}, {ip: "fd00:10:16::6"}]}
      ---
      apiVersion: networking.k8s.io/v1
      kind: NetworkPolicy
      metadata: {name: web, namespace: shop}
      spec:
        podSelector: {matchLabels: {app: web}}
        policyTypes: [Ingress, Egress]
        ingress: [{from: [{podSelector: {matchLabels: {app: client}}}], ports: [{port: 8080}]}]
        egress: [{to: [{ipBlock: {cidr: 192.0.2.0/24, except: [192.0.2.128/25]}}]}]
      """;

  private static final Cluster SHOP =
      Manifests.read(Source.text("shop.yaml", MANIFESTS)).cluster();

  @ParameterizedTest
  @EnumSource(Release.class)
  void eachReleaseIsProved(Release release) {
    Proof proof = prove(SHOP, KubeOvnLayout.of(SHOP, release));
    assertThat(proof.verdict()).as(proof::toString).isEqualTo(Proof.Verdict.PROVED);
  }

  @Test
  void thatGatewaysPassIsSaid() {
    assertThat(read(KubeOvnLayout.of(SHOP, Release.V1_12)).contract().waivers())
        .extracting(Contract.Waiver::reason)
        .containsExactly(
            "packets from 10.16.0.1, fd00:10:16::1, the gateway of subnet ovn-default, to its pods",
            "packets to 10.16.0.1, fd00:10:16::1, the gateway of subnet ovn-default, from its pods");
  }

  @Test
  void nothingIsLeftOpenOfGatewaysThatNoAclIsAbout() {
    assertThat(read(KubeOvnLayout.of(SHOP, Release.V1_15)).contract().waivers()).isEmpty();
  }

  @Test
  void whatPassesFromAnotherThanTheGatewayIsFound() {
    String rows = KubeOvnLayout.of(SHOP, Release.V1_12);
    String open = rows.replace("ip4.src == " + KubeOvnLayout.GATEWAY_4, "ip4.src == 10.16.0.2");
    assertThat(open).isNotEqualTo(rows);
    Proof proof = prove(SHOP, open);
    assertThat(proof.verdict()).isEqualTo(Proof.Verdict.DIFFERS);
    assertThat(proof.difference().orElseThrow().shouldPass()).isFalse();
    assertThat(proof.difference().orElseThrow().packet().source())
        .isEqualTo(Address.parse("10.16.0.2"));
  }

  @Test
  void aGatewayThatIsLetThroughOneWayIsHeldToThePoliciesTheOther() {
    String rows = KubeOvnLayout.of(SHOP, Release.V1_12);
    String turned = rows.replace("ip4.dst == " + KubeOvnLayout.GATEWAY_4, "ip4.dst == 10.16.0.2");
    assertThat(turned).isNotEqualTo(rows);
    assertThat(read(turned).contract().waivers())
        .extracting(Contract.Waiver::reason)
        .contains("packets to fd00:10:16::1, the gateway of subnet ovn-default, from its pods");
    assertThat(prove(SHOP, turned).verdict()).isEqualTo(Proof.Verdict.DIFFERS);
  }

  @Test
  void whatTheGatewayOfNobodyElsesSwitchesPassesIsFound() {
    String rows = KubeOvnLayout.of(SHOP, Release.V1_12).replace("kube-ovn", "somebody");
    Proof proof = prove(SHOP, rows);
    assertThat(proof.verdict()).isEqualTo(Proof.Verdict.DIFFERS);
    assertThat(proof.difference().orElseThrow().shouldPass()).isFalse();
  }

  @ParameterizedTest
  @EnumSource(Release.class)
  void theCommandLineProvesADumpWithTheDataplanesName(Release release, @TempDir Path directory)
      throws IOException {
    Path manifests = Files.writeString(directory.resolve("shop.yaml"), MANIFESTS);
    Path dump = Files.writeString(
        directory.resolve("nb.json"), NorthboundRows.dumped(KubeOvnLayout.of(SHOP, release)));

    Run proved = Run.of(
        "prove",
        "-f",
        manifests.toString(),
        "--ovn-nb",
        dump.toString(),
        "--dataplane",
        "kube-ovn");
    assertThat(proved.status()).as(proved::toString).isEqualTo(ExitStatus.YES);
    assertThat(proved.out()).startsWith("proved").contains("left open for kube-ovn: ICMP");
  }
}
