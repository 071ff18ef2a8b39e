package dev.postern.bpf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.postern.backend.Refusal;
import dev.postern.backend.Scope;
import dev.postern.lowering.PolicedPods;
import dev.postern.manifest.Manifests;
import dev.postern.manifest.Source;
import dev.postern.plan.Plan;
import org.junit.jupiter.api.Test;

class BpfTest {

  private static final Plan LAB =
      Plan.of(Manifests.read(Source.text("lab.yaml", """
              apiVersion: v1
              kind: Pod
              metadata: {name: web, namespace: shop, labels: {app: web}}
              spec: {containers: [{name: c, image: i}]}
              status: {podIPs: [{ip: 10.0.0.1}]}
              ---
              apiVersion: v1
              kind: Pod
              metadata: {name: db-0, namespace: shop, labels: {app: db}}
              spec: {containers: [{name: c, image: i}]}
              status: {podIPs: [{ip: 10.0.0.2}]}
              ---
              apiVersion: v1
              kind: Pod
              metadata: {name: db-1, namespace: shop, labels: {app: db}}
              spec: {containers: [{name: c, image: i}]}
              status: {podIPs: [{ip: 10.0.0.3}]}
              ---
              apiVersion: networking.k8s.io/v1
              kind: NetworkPolicy
              metadata: {name: db, namespace: shop}
              spec:
                podSelector: {matchLabels: {app: db}}
                policyTypes: [Ingress]
                ingress: [{from: [{podSelector: {matchLabels: {app: web}}}], ports: [{port: 5432}, {port: 5433}]}]
              """)).cluster());

  @Test
  void theCostIsSaidWithAndWithoutSharing() throws Refusal {
    // Two pods share one group; 5432 and 5433 are one prefix.
    assertThat(Bpf.backend().compile(LAB, Scope.CLUSTER).summary())
        .contains("groups that share rules     1\n")
        .contains("policy entries              1\n")
        .contains("  largest group             1\n")
        .contains("  if every pod had its own  2\n")
        .contains("look-ups for a new packet");
  }

  @Test
  void aTrieThatIsTooSmallIsRefusedWithThePolicies() {
    assertThatThrownBy(() -> new Bpf(2, PolicedPods.Unaddressed.REFUSE).compile(LAB, Scope.CLUSTER))
        .isInstanceOf(Refusal.class)
        .hasMessageMatching(
            "\\d+ addresses are needed and a trie holds 2, for NetworkPolicy shop/db");
  }
}
