package dev.postern.ovn;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.backend.Scope;
import dev.postern.cluster.Cluster;
import dev.postern.lowering.PolicedPods;
import dev.postern.manifest.Manifests;
import dev.postern.manifest.Source;
import dev.postern.plan.Plan;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What passes whatever the policies say, in a real OVN: replies, ARP and neighbour discovery, a pod's node. */
class ExemptionsTest {

  private static final String MANIFESTS = """
      apiVersion: v1
      kind: Pod
      metadata: {name: closed, namespace: shop, labels: {app: closed}}
      spec: {nodeName: worker-1}
      status: {podIP: 10.0.0.1, podIPs: [{ip: 10.0.0.1}, {ip: "fd00::1"}]}
      ---
      apiVersion: v1
      kind: Pod
      metadata: {name: open, namespace: shop, labels: {app: open}}
      spec: {nodeName: worker-2}
      status: {podIP: 10.0.0.2, podIPs: [{ip: 10.0.0.2}, {ip: "fd00::2"}]}
      ---
      apiVersion: v1
      kind: Node
      metadata: {name: worker-1}
      status: {addresses: [{type: InternalIP, address: 172.18.0.2}]}
      ---
      apiVersion: networking.k8s.io/v1
      kind: NetworkPolicy
      metadata: {name: nothing-in, namespace: shop}
      spec: {podSelector: {matchLabels: {app: closed}}, policyTypes: [Ingress]}
      """;

  private static final String NOTHING_OUT = """
      apiVersion: networking.k8s.io/v1
      kind: NetworkPolicy
      metadata: {name: nothing-out, namespace: shop}
      spec: {podSelector: {matchLabels: {app: closed}}, policyTypes: [Egress]}
      """;

  private static final String CLOSED = "eth.src == 0a:00:00:00:00:00";
  private static final String OPEN = "eth.src == 0a:00:00:00:00:01";

  private static OvnLab lab;

  @BeforeAll
  static void start() throws IOException {
    lab = new OvnLab();
  }

  @AfterAll
  static void end() throws IOException {
    if (lab != null) {
      lab.close();
    }
  }

  private static void apply(String... more) throws Exception {
    List<Source> sources = new ArrayList<>(List.of(Source.text("pods.yaml", MANIFESTS)));
    for (String each : more) {
      sources.add(Source.text("more.yaml", each));
    }
    Cluster cluster = Manifests.read(sources.toArray(Source[]::new)).cluster();
    assertThat(cluster.policies()).hasSize(1 + more.length);
    lab.pods(cluster);
    lab.northbound.apply(
        Ovn.backend().skipping(PolicedPods.Unaddressed.SKIP).rows(Plan.of(cluster), Scope.CLUSTER));
    lab.sync();
  }

  private static String trace(String microflow, String... options) {
    List<String> command = new ArrayList<>(List.of("ovn-trace", "--minimal"));
    command.addAll(List.of(options));
    command.add(OvnLab.SWITCH);
    command.add(microflow);
    return lab.run(command.toArray(String[]::new));
  }

  @Test
  void repliesPassToAPodThatMayReceiveNothing() throws Exception {
    apply();
    String toClosed = "inport == \"shop_open\" && " + OPEN
        + " && eth.dst == 0a:00:00:00:00:00 && ip4.src == 10.0.0.2 && ip4.dst == 10.0.0.1"
        + " && ip.ttl == 64 && tcp.src == 80 && tcp.dst == 40000";
    assertThat(trace(toClosed, "--ct=new", "--ct=new")).doesNotContain("output(");
    assertThat(trace(toClosed, "--ct=est,rpl", "--ct=est,rpl")).contains("output(\"shop_closed\")");
  }

  @Test
  void aConnectionThatWasAllowedIsJudgedAgain() throws Exception {
    apply(NOTHING_OUT);
    String onward = "inport == \"shop_closed\" && " + CLOSED
        + " && eth.dst == 0a:00:00:00:00:01 && ip4.src == 10.0.0.1 && ip4.dst == 10.0.0.2"
        + " && ip.ttl == 64 && tcp.src == 40000 && tcp.dst == 80";
    assertThat(trace(onward, "--ct=est", "--ct=est")).doesNotContain("output(");
  }

  @Test
  void arpAndNeighbourDiscoveryPass() throws Exception {
    apply(NOTHING_OUT);
    String broadcast =
        "inport == \"shop_closed\" && " + CLOSED + " && eth.dst == ff:ff:ff:ff:ff:ff";
    assertThat(trace(broadcast + " && arp.op == 1 && arp.spa == 10.0.0.1 && arp.tpa == 10.0.0.9"))
        .contains("output(\"outside\")");
    String solicitation = "inport == \"shop_open\" && " + OPEN
        + " && eth.dst == 0a:00:00:00:00:00 && ip6.src == fd00::2 && ip6.dst == fd00::1"
        + " && ip.ttl == 255 && icmp6.code == 0 && icmp6.type == ";
    for (int type = 133; type <= 137; type++) {
      assertThat(trace(solicitation + type, "--ct=new", "--ct=new"))
          .as("ICMPv6 type " + type)
          .contains("output(\"shop_closed\")");
    }
    assertThat(trace(solicitation + 128, "--ct=new", "--ct=new")).doesNotContain("output(");
  }

  @Test
  void theNodeReachesItsPodAndThePodItsNode() throws Exception {
    apply(NOTHING_OUT);
    String in = "inport == \"outside\" && eth.src == 0a:00:00:01:00:01"
        + " && eth.dst == 0a:00:00:00:00:00 && ip4.dst == 10.0.0.1 && ip.ttl == 64"
        + " && tcp.src == 40000 && tcp.dst == 8080 && ip4.src == ";
    assertThat(trace(in + "172.18.0.2", "--ct=new", "--ct=new"))
        .contains("output(\"shop_closed\")");
    assertThat(trace(in + "172.18.0.3", "--ct=new", "--ct=new")).doesNotContain("output(");
    String out = "inport == \"shop_closed\" && " + CLOSED
        + " && eth.dst == 0a:00:00:01:00:01 && ip4.src == 10.0.0.1 && ip.ttl == 64"
        + " && tcp.src == 40000 && tcp.dst == 6443 && ip4.dst == ";
    assertThat(trace(out + "172.18.0.2", "--ct=new", "--ct=new")).contains("output(\"outside\")");
    assertThat(trace(out + "172.18.0.3", "--ct=new", "--ct=new")).doesNotContain("output(");
  }
}
