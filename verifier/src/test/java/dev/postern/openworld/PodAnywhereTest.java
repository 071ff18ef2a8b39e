package dev.postern.openworld;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.manifest.Manifests;
import dev.postern.manifest.Source;
import dev.postern.question.Statement;
import dev.postern.solver.Limits;
import dev.postern.spec.Check;
import dev.postern.spec.Check.Result;
import dev.postern.spec.Specifications;
import dev.postern.verify.Verifier;
import org.junit.jupiter.api.Test;

/** A pod on the host network has its node's address, whether a manifest says which or not. */
class PodAnywhereTest {

  private static final String CLUSTER = """
      apiVersion: v1
      kind: Pod
      metadata: {name: agent, namespace: ops, labels: {app: agent}}
      spec: {hostNetwork: true, %s containers: [{name: c}]}
      %s
      ---
      apiVersion: v1
      kind: Node
      metadata: {name: one}
      status: {addresses: [{type: InternalIP, address: 192.168.0.1}]}
      ---
      apiVersion: v1
      kind: Pod
      metadata: {name: db, namespace: shop, labels: {app: db}}
      spec: {nodeName: two, containers: [{name: c}]}
      status: {podIP: 10.0.0.2}
      ---
      apiVersion: networking.k8s.io/v1
      kind: NetworkPolicy
      metadata: {name: db, namespace: shop}
      spec:
        podSelector: {}
        policyTypes: [Ingress, Egress]
        ingress: [{from: [{ipBlock: {cidr: %s}}]}]
        egress: [{to: [{ipBlock: {cidr: %<s}}]}]
      """;

  private static Check check(String placed, String status, String block, String sentence) {
    Verifier verifier =
        Verifier.of(Manifests.read(Source.text("c.yaml", CLUSTER.formatted(placed, status, block)))
            .cluster());
    return new Specifications(verifier, Limits.DEFAULT).check(Statement.parse(sentence));
  }

  @Test
  void ofAnUnknownAddressABlockMayHoldIt() {
    for (String sentence :
        new String[] {"ops/agent can never reach shop/db", "shop/db can never reach ops/agent"}) {
      assertThat(check("", "status: {hostIP: 192.168.0.1}", "192.168.0.0/24", sentence)
              .result())
          .isEqualTo(Result.FAILS);
      Check unknown = check("", "", "192.168.0.0/24", sentence);
      assertThat(unknown.result()).isEqualTo(Result.UNDECIDED);
      assertThat(unknown.toString()).contains("no manifest says which address ops/agent");
      assertThat(check("nodeName: elsewhere,", "", "192.168.0.0/24", sentence).result())
          .isEqualTo(Result.UNDECIDED);
    }
  }

  @Test
  void aGuaranteeHoldsAgainstEveryAddressThatItCouldHave() {
    String sentence = "ops/agent can never reach shop/db";
    // The address of a pod, which no node has.
    assertThat(check("nodeName: elsewhere,", "", "10.0.0.2/32", sentence).result())
        .isEqualTo(Result.HOLDS);
    // It may be on the other's own node.
    assertThat(check("", "", "10.0.0.2/32", sentence).result()).isEqualTo(Result.UNDECIDED);
    assertThat(check("nodeName: one,", "", "203.0.113.0/24", sentence).result())
        .isEqualTo(Result.HOLDS);
    assertThat(check("nodeName: one,", "", "192.168.0.0/24", sentence).result())
        .isEqualTo(Result.UNDECIDED);
  }
}
