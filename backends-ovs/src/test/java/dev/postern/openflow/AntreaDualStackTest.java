package dev.postern.openflow;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.backend.Obligation;
import dev.postern.backend.Reader.Dump;
import dev.postern.backend.Reading;
import dev.postern.backend.Scope;
import dev.postern.cluster.Cluster;
import dev.postern.manifest.Manifests;
import dev.postern.manifest.Source;
import dev.postern.meaning.Options;
import dev.postern.net.Family;
import dev.postern.openflow.reader.FlowDumps;
import dev.postern.plan.Plan;
import dev.postern.prove.Claim;
import dev.postern.prove.Proof;
import dev.postern.prove.Proof.Verdict;
import dev.postern.prove.Proof.Way;
import dev.postern.prove.Prover;
import dev.postern.solver.Limits;
import dev.postern.testing.Engines;
import java.io.IOException;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Antrea's flows of both families in one bridge, as a real Open vSwitch dumps them: each is judged, and a fault in either is found. */
class AntreaDualStackTest {

  private static final Cluster CLUSTER =
      Manifests.read(Source.text("m.yaml", """
      apiVersion: v1
      kind: List
      items:
      - {apiVersion: v1, kind: Node, metadata: {name: n1}, status: {addresses: [{type: InternalIP, address: 172.18.0.2}]}}
      - {apiVersion: v1, kind: Namespace, metadata: {name: shop}}
      - {apiVersion: v1, kind: Pod, metadata: {name: db, namespace: shop, labels: {app: db}}, spec: {nodeName: n1},
         status: {podIPs: [{ip: 10.0.0.2}, {ip: "fd00::2"}]}}
      - {apiVersion: v1, kind: Pod, metadata: {name: web, namespace: shop, labels: {app: web}}, spec: {nodeName: n1},
         status: {podIPs: [{ip: 10.0.0.3}, {ip: "fd00::3"}]}}
      - {apiVersion: v1, kind: Pod, metadata: {name: far, namespace: shop, labels: {app: far}}, spec: {nodeName: n2},
         status: {podIPs: [{ip: 10.0.1.3}, {ip: "fd00::1:3"}]}}
      - apiVersion: networking.k8s.io/v1
        kind: NetworkPolicy
        metadata: {name: db, namespace: shop}
        spec:
          podSelector: {matchLabels: {app: db}}
          policyTypes: [Ingress, Egress]
          ingress:
          - from: [{podSelector: {matchLabels: {app: web}}}, {ipBlock: {cidr: "2001:db8::/64"}}]
            ports: [{port: 5432}]
          egress:
          - to: [{ipBlock: {cidr: 203.0.113.0/24}}]
      """)).cluster();

  private static final Plan PLAN = Plan.of(CLUSTER);
  private static final Scope NODE = Scope.node("n1");
  private static final AntreaLayout LAYOUT = new AntreaLayout(PLAN, NODE, List.of(Family.values()));

  private static Bridge bridge;

  @BeforeAll
  static void open() throws IOException {
    Engines.require("ovs-vsctl", "ovs-ofctl");
    bridge = new Bridge();
    bridge.attach(AntreaLayout.TUNNEL);
    bridge.attach(AntreaLayout.GATEWAY);
    new HashSet<>(LAYOUT.ports().values()).forEach(bridge::attach);
    bridge.replaceGroups(LAYOUT.groups());
  }

  @AfterAll
  static void close() throws IOException {
    if (bridge != null) {
      bridge.close();
    }
  }

  private static Reading read(String flows) throws IOException {
    assertThat(bridge.replace(flows)).isTrue();
    Reading reading = new FlowDumps()
        .read(Map.of("ovs-flows", List.of(new Dump("dump", bridge.dump()))), CLUSTER, NODE);
    assertThat(reading.problems()).isEmpty();
    return reading;
  }

  private static Proof proof(String flows) throws IOException {
    return Prover.prove(
        Claim.of(
            PLAN,
            NODE,
            read(flows),
            contract -> Obligation.NON_POD.leftOpen(contract, CLUSTER, NODE, Options.DEFAULT)),
        Set.of(Way.SETS),
        Limits.DEFAULT);
  }

  @Test
  void bothFamiliesAreProved() throws IOException {
    assertThat(read(LAYOUT.text()).contract().families()).containsOnly(Family.values());
    Proof proof = proof(LAYOUT.text());
    assertThat(proof.verdict()).as("%s", proof.difference()).isEqualTo(Verdict.PROVED);
  }

  @Test
  void whatIsWrongInOneFamilyIsFoundThere() throws IOException {
    for (Family family : Family.values()) {
      String match = (family == Family.IPV4 ? "ip" : "ipv6") + ",reg1=0x";
      String flows = LAYOUT.text();
      String open = flows.replaceAll("(?m)^.*," + match + ".* actions=drop\n", "");
      assertThat(open).isNotEqualTo(flows);
      Proof proof = proof(open);
      assertThat(proof.verdict()).isEqualTo(Verdict.DIFFERS);
      assertThat(proof.difference().orElseThrow().packet().destination().family())
          .isEqualTo(family);
      assertThat(proof.difference().orElseThrow().shouldPass()).isFalse();
    }
  }
}
