package dev.postern.prove;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.backend.Scope;
import dev.postern.enforced.Contract;
import dev.postern.manifest.Loaded;
import dev.postern.manifest.Manifests;
import dev.postern.manifest.Source;
import dev.postern.plan.Plan;
import dev.postern.prove.Proof.Verdict;
import dev.postern.prove.Proof.Way;
import java.util.EnumSet;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Traffic between a pod and its own node passes, and both ways of proof take the same addresses for the node's. */
class OwnNodeTest {

  /** Pod a may send nothing. Its node has an address of its own, and a pod on the host network has that address or another. */
  private static final String MANIFESTS = """
      apiVersion: v1
      kind: Node
      metadata: {name: one}
      status: {addresses: [{type: InternalIP, address: 192.168.0.1}]}
      ---
      apiVersion: v1
      kind: Pod
      metadata: {name: a, namespace: x}
      spec: {nodeName: one, containers: [{name: c, image: i}]}
      status: {podIP: 10.0.0.1}
      ---
      apiVersion: v1
      kind: Pod
      metadata: {name: agent, namespace: ops}
      spec: {%s, hostNetwork: true, containers: [{name: c, image: i}]}
      status: {podIP: %s}
      ---
      apiVersion: networking.k8s.io/v1
      kind: NetworkPolicy
      metadata: {name: none, namespace: x}
      spec: {podSelector: {}, policyTypes: [Egress]}
      """;

  private static final String RULES = """
      stage forward forward accept
      chain forward
        state established,related accept
        src 10.0.0.1 dst 10.0.0.1,%s accept
        src 10.0.0.1 drop
      """;

  @ParameterizedTest
  @CsvSource({
    "nodeName: one, 192.168.0.1, 192.168.0.1, PROVED",
    "nodeName: one, 192.168.0.9, '192.168.0.1,192.168.0.9', PROVED",
    "nodeName: two, 192.168.0.9, 192.168.0.1, PROVED",
    "nodeName: one, 192.168.0.9, 192.168.0.1, DIFFERS",
    "nodeName: two, 192.168.0.9, '192.168.0.1,192.168.0.9', DIFFERS",
    "dnsPolicy: Default, 192.168.0.9, 192.168.0.1, PROVED",
    "dnsPolicy: Default, 192.168.0.1, 192.168.0.1, DIFFERS",
    "nodeName: two, 192.168.0.1, 192.168.0.1, DIFFERS",
  })
  void itsAddressesAreTheNodesOwnAndThoseOfPodsOnItsNetwork(
      String place, String agent, String accepted, Verdict verdict) {
    Loaded loaded = Manifests.read(Source.text("cluster.yaml", MANIFESTS.formatted(place, agent)));
    assertThat(loaded.diagnostics()).isEmpty();

    for (Way way : Way.values()) {
      Proof proof = Prover.prove(
          Plan.of(loaded.cluster()),
          Scope.CLUSTER,
          RuleText.parse(RULES.formatted(accepted)),
          Contract.STRICT,
          EnumSet.of(way));

      assertThat(proof.verdict()).as("by %s: %s", way, proof).isEqualTo(verdict);
    }
  }
}
