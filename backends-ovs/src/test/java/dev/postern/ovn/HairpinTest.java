package dev.postern.ovn;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.backend.Scope;
import dev.postern.cluster.Cluster;
import dev.postern.lowering.PolicedPods;
import dev.postern.manifest.Manifests;
import dev.postern.manifest.Source;
import dev.postern.net.Address;
import dev.postern.net.Protocol;
import dev.postern.plan.Plan;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * A pod that may neither send nor receive calls a Service that picks the pod itself: real packets, since ovn-trace forgets on the way that
 * a packet goes back.
 */
class HairpinTest {

  private static final String MANIFESTS = """
      apiVersion: v1
      kind: Pod
      metadata: {name: closed, namespace: shop, labels: {app: closed}}
      spec: {nodeName: worker-1}
      status: {podIP: 10.0.0.1, podIPs: [{ip: 10.0.0.1}]}
      ---
      apiVersion: networking.k8s.io/v1
      kind: NetworkPolicy
      metadata: {name: nothing, namespace: shop}
      spec: {podSelector: {}, policyTypes: [Ingress, Egress]}
      """;

  private static final String MAC = "0a:00:00:00:00:00";

  @Test
  void aPodReachesItselfThroughItsServiceAndNobodyElse() throws Exception {
    Cluster cluster = Manifests.read(Source.text("pods.yaml", MANIFESTS)).cluster();
    try (OvnLab lab = new OvnLab();
        Chassis chassis = new Chassis(lab)) {
      lab.pods(cluster);
      lab.run(
          "ovn-nbctl",
          "lb-add",
          "own",
          "10.96.0.1:80",
          "10.0.0.1:8080",
          "tcp",
          "--",
          "ls-lb-add",
          OvnLab.SWITCH,
          "own");
      lab.run(
          "ovn-nbctl",
          "lb-add",
          "other",
          "10.96.0.2:80",
          "10.0.0.2:8080",
          "tcp",
          "--",
          "ls-lb-add",
          OvnLab.SWITCH,
          "other");
      chassis.plug(List.of("shop_closed", OvnLab.OUTSIDE));
      lab.northbound.apply(Ovn.backend()
          .skipping(PolicedPods.Unaddressed.SKIP)
          .rows(Plan.of(cluster), Scope.CLUSTER));
      chassis.sync();
      send(chassis, "10.96.0.1", 30_000);
      send(chassis, "10.96.0.2", 40_000);
      chassis.drain("shop_closed", MAC);
      assertThat(chassis.arrived("shop_closed")).anyMatch(HairpinTest::isTheCall);
      assertThat(chassis.arrived(OvnLab.OUTSIDE))
          .allMatch(packet -> packet[12] == 0x08 && packet[13] == 0x06);
    }
  }

  /** Whether a packet goes to the port behind the Service, 8080. */
  private static boolean isTheCall(byte[] packet) {
    return packet.length > 38 && (packet[36] & 255) == 0x1f && packet[37] == (byte) 0x90;
  }

  private static void send(Chassis chassis, String service, int sourcePort) throws IOException {
    Datagram call = new Datagram(
        Address.parse("10.0.0.1"), Address.parse(service), Protocol.TCP, 80, sourcePort);
    chassis.send("shop_closed", MAC, OvnLab.OUTSIDE_MAC, call);
  }
}
