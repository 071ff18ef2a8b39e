package dev.postern.prove;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.backend.Scope;
import dev.postern.cluster.Cluster;
import dev.postern.enforced.Contract;
import dev.postern.manifest.Manifests;
import dev.postern.manifest.Source;
import dev.postern.meaning.Options;
import dev.postern.meaning.Options.HostNetwork;
import dev.postern.plan.Plan;
import dev.postern.prove.Proof.Verdict;
import dev.postern.prove.Proof.Way;
import java.util.EnumSet;
import org.junit.jupiter.api.Test;

/** Addresses that a policy holds for something else than a pod's: a node's, or those of a DNS name. */
class BlocksAndNamesTest {

  private static final String PODS = """
      apiVersion: v1
      kind: Node
      metadata: {name: two}
      status: {addresses: [{type: InternalIP, address: 192.168.0.2}]}
      ---
      apiVersion: v1
      kind: Pod
      metadata: {name: agent, namespace: shop, labels: {app: agent}}
      spec: {hostNetwork: true, nodeName: two, containers: [{name: c}]}
      status: {podIP: 192.168.0.2}
      ---
      apiVersion: v1
      kind: Pod
      metadata: {name: web, namespace: shop, labels: {app: web}}
      spec: {containers: [{name: c}]}
      status: {podIP: 10.0.0.1}
      ---
      apiVersion: v1
      kind: Pod
      metadata: {name: db, namespace: shop, labels: {app: db}}
      spec: {containers: [{name: c}]}
      status: {podIP: 10.0.0.2}
      ---
      """;

  private static Verdict verdict(String policy, Options options, String rules) {
    Cluster cluster = Manifests.read(Source.text("shop.yaml", PODS + policy)).cluster();
    return Prover.prove(
            Plan.of(cluster, options),
            Scope.CLUSTER,
            RuleText.parse("""
                stage filter forward accept
                chain forward
                  state established,related accept
                  state invalid drop
                """ + rules),
            Contract.STRICT,
            EnumSet.allOf(Way.class))
        .verdict();
  }

  @Test
  void aBlockThatMatchesNoPodStillMatchesAPodThatIsItsNode() {
    String policy = """
        apiVersion: networking.k8s.io/v1
        kind: NetworkPolicy
        metadata: {name: db, namespace: shop}
        spec: {podSelector: {matchLabels: {app: db}}, ingress: [{from: [{ipBlock: {cidr: 192.168.0.0/24}}, {ipBlock: {cidr: 10.0.0.0/24}}]}]}
        """;
    Options options =
        Options.DEFAULT.withIpBlockMatchesPods(false).withHostNetwork(HostNetwork.NODE);
    String head = "  dst 10.0.0.2 goto db\nchain db\n  src 10.0.0.2 return\n  src 10.0.0.1 drop\n";
    String node = "  src 192.168.0.2 drop\n";
    String rest = "  src 192.168.0.0/24,10.0.0.0/24 return\n  drop\n";
    assertThat(verdict(policy, options, head + rest)).isEqualTo(Verdict.PROVED);
    assertThat(verdict(policy, options, head + node + rest)).isEqualTo(Verdict.DIFFERS);
  }

  @Test
  void aNameMayBeAnyAddressButAPods() {
    String policy = """
        apiVersion: policy.networking.k8s.io/v1alpha2
        kind: ClusterNetworkPolicy
        metadata: {name: names}
        spec:
          tier: Admin
          priority: 1
          subject: {namespaces: {}}
          egress:
          - {action: Accept, to: [{domainNames: [example.com]}]}
          - {action: Deny, to: [{networks: [0.0.0.0/0, "::/0"]}]}
        """;
    String head = """
          src 10.0.0.1 goto pod
          src 10.0.0.2 goto pod
        chain pod
          src 10.0.0.1 dst 10.0.0.1 return
          src 10.0.0.2 dst 10.0.0.2 return
        """;
    assertThat(verdict(policy, Options.DEFAULT, head + "  drop\n")).isEqualTo(Verdict.PROVED);
    assertThat(verdict(
            policy, Options.DEFAULT, head + "  dst 10.0.0.1,10.0.0.2,192.168.0.2 drop\n  return\n"))
        .isEqualTo(Verdict.PROVED);
    assertThat(verdict(policy, Options.DEFAULT, head + "  dst 10.0.0.1 drop\n  return\n"))
        .isEqualTo(Verdict.DIFFERS);
  }
}
