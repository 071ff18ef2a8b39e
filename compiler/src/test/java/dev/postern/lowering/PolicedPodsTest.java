package dev.postern.lowering;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.postern.backend.Refusal;
import dev.postern.backend.Scope;
import dev.postern.cluster.Cluster;
import dev.postern.lowering.PolicedPods.Unaddressed;
import dev.postern.manifest.Manifests;
import dev.postern.manifest.Source;
import dev.postern.plan.Plan;
import dev.postern.policy.Direction;
import org.junit.jupiter.api.Test;

class PolicedPodsTest {

  private static final String PODS = """
      apiVersion: v1
      kind: Pod
      metadata: {name: web, namespace: s, labels: {app: web}}
      spec: {nodeName: n1, containers: [{name: c, image: x}]}
      status: {podIPs: [{ip: 10.0.0.1}, {ip: "fd00::1"}]}
      ---
      apiVersion: apps/v1
      kind: Deployment
      metadata: {name: later, namespace: s}
      spec: {selector: {matchLabels: {app: later}}, template: {metadata: {labels: {app: later}}, spec: {containers: [{name: c, image: x}]}}}
      ---
      apiVersion: v1
      kind: Pod
      metadata: {name: agent, namespace: s}
      spec: {hostNetwork: true, containers: [{name: c, image: x}]}
      status: {podIP: 192.0.2.1}
      ---
      apiVersion: policy.networking.k8s.io/v1alpha1
      kind: AdminNetworkPolicy
      metadata: {name: a}
      spec: {priority: 1, subject: {namespaces: {}}, egress: [{action: Deny, to: [%s]}]}
      """;

  private static PolicedPods policed(String peer) throws Refusal {
    Cluster cluster = Manifests.read(Source.text("p", PODS.formatted(peer))).cluster();
    return PolicedPods.of(Plan.of(cluster), Scope.CLUSTER, Unaddressed.SKIP);
  }

  @Test
  void whatIsNotKnownOfPodsWithoutAnAddressDecidesAboutNoPacket() throws Refusal {
    // Of the Deployment it is not known in which of the two families it has an address.
    assertThat(policed("{networks: [0.0.0.0/0]}").groups(Direction.EGRESS)).hasSize(1);
  }

  @Test
  void aRuleAboutNodesIsRefusedWhereAPodOfKnownAddressIsOnAnUnknownOne() {
    assertThatThrownBy(() -> policed("{nodes: {matchLabels: {zone: a}}}"))
        .isInstanceOf(Refusal.class)
        .hasMessageContaining("the nodes of pods on the host network");
  }
}
