package dev.postern.cli.proof;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.backend.Scope;
import dev.postern.cluster.Cluster;
import dev.postern.manifest.Manifests;
import dev.postern.manifest.Source;
import dev.postern.meaning.Judgement.Exemption;
import dev.postern.ovn.read.NorthboundReader;
import dev.postern.ovn.read.NorthboundReader.NorthboundRules;
import dev.postern.ovn.read.PodPorts;
import dev.postern.plan.Plan;
import dev.postern.policy.Policy;
import dev.postern.policy.PolicyKind;
import dev.postern.prove.Proof;
import dev.postern.prove.Prover;
import dev.postern.testing.ClusterFeature;
import dev.postern.testing.Profile;
import dev.postern.testing.RandomCluster;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

/** What OVN-Kubernetes writes for random clusters is read and proved, and what is broken in it is found. */
class OvnKubernetesProofTest {

  private static final Profile PROFILE = Profile.EVERYTHING.without(
      ClusterFeature.MISSING_ADDRESSES,
      ClusterFeature.DOMAIN_NAMES,
      ClusterFeature.UNKNOWN_PEERS,
      ClusterFeature.UNWRITABLE,
      ClusterFeature.CONFLICTING_PRIORITIES);

  /** A cluster with policies that OVN-Kubernetes takes: admin policies of priority 0 to 99, no ClusterNetworkPolicy. */
  private static Cluster cluster(long seed, ClusterFeature... without) {
    Cluster cluster = RandomCluster.of(seed, PROFILE.without(without));
    List<Policy> policies = new ArrayList<>();
    int priority = 0;
    for (Policy policy : cluster.policies()) {
      if (policy.kind() == PolicyKind.CLUSTER_NETWORK_POLICY) {
        continue;
      }
      policies.add(
          policy.kind() == PolicyKind.ADMIN_NETWORK_POLICY
              ? prioritized(policy, priority++)
              : policy);
    }
    return cluster.withPolicies(policies);
  }

  private static Policy prioritized(Policy policy, int priority) {
    return new Policy(
        policy.kind(),
        policy.namespace(),
        policy.name(),
        policy.tier(),
        priority,
        policy.subject(),
        policy.isolates(),
        policy.ingress(),
        policy.egress(),
        policy.origin());
  }

  private static NorthboundRules read(String transaction) {
    return NorthboundReader.read(transaction, "nb.json", PodPorts.NONE);
  }

  private static Proof prove(Cluster cluster, NorthboundRules reading) {
    return Prover.prove(Plan.of(cluster), Scope.CLUSTER, reading.rules(), reading.contract());
  }

  @Property(tries = 300)
  void whatItWritesIsProved(@ForAll long seed) {
    // A NetworkPolicy's named port opens all ports there.
    Cluster cluster = cluster(seed, ClusterFeature.NAMED_PORTS);
    NorthboundRules reading = read(OvnKubernetesLayout.of(cluster, false));
    assertThat(reading.problems()).isEmpty();
    Proof proof = prove(cluster, reading);
    assertThat(proof.verdict()).as(proof::toString).isEqualTo(Proof.Verdict.PROVED);
    assertThat(reading.contract().leftOpen()).contains(Exemption.OWN_NODE, Exemption.SAME_POD);
  }

  @Test
  void whatIsBrokenInItIsFound() {
    Map<String, int[]> tally = new TreeMap<>();
    for (int seed = 0; seed < 100; seed++) {
      Cluster cluster = cluster(seed, ClusterFeature.NAMED_PORTS);
      Plan plan = Plan.of(cluster);
      String rows = OvnKubernetesLayout.of(cluster, false);
      for (OvnKubernetesMutant kind : OvnKubernetesMutant.values()) {
        Optional<String> broken = kind.of(rows, new Random(seed));
        if (broken.isEmpty()) {
          continue;
        }
        NorthboundRules reading;
        try {
          reading = read(broken.get());
        } catch (IllegalArgumentException refused) {
          assertThat(refused).hasMessageContaining("the database refuses the whole transaction");
          continue;
        }
        Proof proof = Prover.prove(plan, Scope.CLUSTER, reading.rules(), reading.contract());
        boolean proved = proof.verdict() == Proof.Verdict.PROVED;
        tally.computeIfAbsent(kind.name(), key -> new int[2])[proved ? 1 : 0]++;
        if (proved) {
          // Then no flow tells it from the policies, but for those that are left open.
          assertThat(new Sampled(plan).differences(reading.rules(), new Random(1), 300))
              .as("%s in cluster %d", kind, seed)
              .allMatch(OvnKubernetesProofTest::isLeftOpen);
        }
      }
    }
    tally.forEach((kind, count) -> System.out.println("OVN-Kubernetes mutants, " + kind + ": "
        + count[0] + " refuted, " + count[1] + " without effect"));
    assertThat(tally).hasSize(OvnKubernetesMutant.values().length);
    tally.forEach((kind, count) -> assertThat(count[0]).as(kind).isPositive());
  }

  /** Whether a difference is about a pod's traffic to itself, or with a node; generated nodes are in these networks. */
  static boolean isLeftOpen(String difference) {
    int arrow = difference.indexOf(" -> ");
    boolean itself = difference.startsWith(difference.substring(0, arrow) + " ", arrow + 4);
    String ends = difference.substring(0, difference.indexOf(": Passage"));
    return itself || ends.contains("172.18.0.") || ends.contains("fd00:0:0:12::");
  }

  private static final String PODS = """
      apiVersion: v1
      kind: Pod
      metadata: {name: web, namespace: shop, labels: {app: web}}
      spec: {nodeName: worker-1, containers: [{name: web, ports: [{name: http, containerPort: 8080}]}]}
      status: {podIP: 10.0.0.1, podIPs: [{ip: 10.0.0.1}]}
      ---
      apiVersion: v1
      kind: Pod
      metadata: {name: client, namespace: shop, labels: {app: client}}
      spec: {nodeName: worker-1}
      status: {podIP: 10.0.0.2, podIPs: [{ip: 10.0.0.2}]}
      ---
      apiVersion: networking.k8s.io/v1
      kind: NetworkPolicy
      metadata: {name: web, namespace: shop}
      spec:
        podSelector: {matchLabels: {app: web}}
        ingress: [{from: [{podSelector: {matchLabels: {app: client}}}], ports: %s}]
      """;

  private static Proof proofOf(String ports) {
    Cluster cluster =
        Manifests.read(Source.text("shop.yaml", PODS.formatted(ports))).cluster();
    return prove(cluster, read(OvnKubernetesLayout.of(cluster, true)));
  }

  @Test
  void aNamedPortThatOpensAllPortsIsFound() {
    assertThat(proofOf("[{port: 8080}]").verdict()).isEqualTo(Proof.Verdict.PROVED);
    Proof named = proofOf("[{port: http}]");
    assertThat(named.verdict()).isEqualTo(Proof.Verdict.DIFFERS);
    assertThat(named.difference().orElseThrow().shouldPass()).isFalse();
  }

  @Test
  void allPortsThatAreForgottenBesideOneAreFound() {
    assertThat(proofOf("[{protocol: TCP}]").verdict()).isEqualTo(Proof.Verdict.PROVED);
    Proof forgotten = proofOf("[{protocol: TCP}, {port: 8080}]");
    assertThat(forgotten.verdict()).isEqualTo(Proof.Verdict.DIFFERS);
    assertThat(forgotten.difference().orElseThrow().shouldPass()).isTrue();
  }
}
