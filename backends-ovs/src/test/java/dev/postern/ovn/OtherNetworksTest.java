package dev.postern.ovn;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.cluster.Cluster;
import dev.postern.enforced.Interpreter;
import dev.postern.enforced.Packet;
import dev.postern.enforced.Passage;
import dev.postern.enforced.Passage.Fate;
import dev.postern.manifest.Manifests;
import dev.postern.manifest.Source;
import dev.postern.net.Address;
import dev.postern.net.Protocol;
import dev.postern.ovn.read.NorthboundReader;
import dev.postern.ovn.read.NorthboundReader.NorthboundRules;
import dev.postern.ovn.read.PodPorts;
import dev.postern.testing.OvnPrograms;
import java.io.IOException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Rows of user-defined networks in a real OVN say nothing of the default one, though their addresses are the same: ovn-trace agrees. */
class OtherNetworksTest {

  private static final String PODS = """
      apiVersion: v1
      kind: Pod
      metadata: {name: one, namespace: shop}
      spec: {nodeName: worker-1}
      status: {podIP: 10.0.0.1, podIPs: [{ip: 10.0.0.1}]}
      ---
      apiVersion: v1
      kind: Pod
      metadata: {name: two, namespace: shop}
      spec: {nodeName: worker-1}
      status: {podIP: 10.0.0.2, podIPs: [{ip: 10.0.0.2}]}
      """;

  private static OvnLab lab;

  @BeforeAll
  static void start() throws IOException {
    lab = new OvnLab(OvnPrograms.newer());
  }

  @AfterAll
  static void end() throws IOException {
    if (lab != null) {
      lab.close();
    }
  }

  /** The default network's pods, and a network beside it with a port of the address of the second. */
  @BeforeEach
  void networks() throws IOException {
    Cluster cluster = Manifests.read(Source.text("pods.yaml", PODS)).cluster();
    lab.pods(cluster);
    nb("ls-add", "blue_ovn_layer2_switch");
    nb(
        "set",
        "Logical_Switch",
        "blue_ovn_layer2_switch",
        "external_ids:k8s.ovn.org/network=blue",
        "external_ids:k8s.ovn.org/role=primary",
        "external_ids:k8s.ovn.org/topology=layer2");
    port("red.blue_red_db", "0a:58:00:00:00:02 10.0.0.2");
    port("red.blue_red_web", "0a:58:00:00:00:07 10.0.0.7");
  }

  private static void port(String name, String addresses) {
    nb("lsp-add", "blue_ovn_layer2_switch", name);
    nb("lsp-set-addresses", name, addresses);
    nb(
        "set",
        "Logical_Switch_Port",
        name,
        "external_ids:pod=true",
        "external_ids:k8s.ovn.org/network=blue");
  }

  private static void nb(String... words) {
    String[] command = new String[words.length + 1];
    command[0] = "ovn-nbctl";
    System.arraycopy(words, 0, command, 1, words.length);
    lab.run(command);
  }

  private static String group(String name, String... ports) {
    String[] command = new String[ports.length + 2];
    command[0] = "pg-add";
    command[1] = name;
    System.arraycopy(ports, 0, command, 2, ports.length);
    nb(command);
    return name;
  }

  private static void acl(String holder, String match, String action) {
    nb("acl-add", holder, "to-lport", "1000", match, action);
  }

  private static NorthboundRules read() throws IOException {
    lab.sync();
    return NorthboundReader.read(lab.northbound.dump(), "nb", PodPorts.NONE);
  }

  private static Passage walk(String from) throws IOException {
    return new Interpreter(read().rules())
        .walk(Packet.opening(Address.parse(from), Address.parse("10.0.0.2"), Protocol.TCP, 80));
  }

  /** Whether a call from one pod of the default network to the other arrives, in OVN; the reader has to agree. */
  private static boolean arrives() throws IOException {
    lab.sync();
    String trace = lab.run(
        "ovn-trace",
        "--minimal",
        "--ct=new",
        "--ct=new",
        OvnLab.SWITCH,
        "inport == \"shop_one\" && eth.src == 0a:00:00:00:00:00 && eth.dst == 0a:00:00:00:00:01"
            + " && ip4.src == 10.0.0.1 && ip4.dst == 10.0.0.2 && ip.ttl == 64"
            + " && tcp.src == 40000 && tcp.dst == 80");
    boolean arrives = trace.contains("output(\"shop_two\")");
    assertThat(walk("10.0.0.1").fate()).as(trace).isEqualTo(arrives ? Fate.ACCEPT : Fate.DROP);
    return arrives;
  }

  @Test
  void whatHoldsOnAnotherNetworkDoesNotHoldHere() throws IOException {
    acl("blue_ovn_layer2_switch", "ip4", "drop");
    acl(group("blue", "red.blue_red_db", "red.blue_red_web"), "outport == @blue", "drop");
    assertThat(arrives()).isTrue();
    acl(OvnLab.SWITCH, "ip4", "drop");
    assertThat(arrives()).isFalse();
  }

  @Test
  void aGroupWithPortsOfBothHoldsOnBoth() throws IOException {
    acl(group("mixed", "shop_two", "red.blue_red_db"), "outport == @mixed", "drop");
    assertThat(arrives()).isFalse();
    nb("pg-set-ports", "mixed", "red.blue_red_db");
    assertThat(arrives()).isTrue();
  }

  /** The sets of a group's addresses are not a network's. */
  @Test
  void addressesOfAGroupAreThoseOfItsPortsOnAllNetworks() throws IOException {
    group("mixed", "shop_one", "red.blue_red_web");
    acl(OvnLab.SWITCH, "ip4.src == $mixed_ip4", "drop");
    assertThat(arrives()).isFalse();
    assertThat(walk("10.0.0.7").fate()).isEqualTo(Fate.DROP);
    nb("pg-set-ports", "mixed", "red.blue_red_web");
    assertThat(arrives()).isTrue();
    assertThat(walk("10.0.0.7").fate()).isEqualTo(Fate.DROP);
  }

  @Test
  void routersAndBalancersOfAnotherNetworkAreNotOnTheWay() throws IOException {
    nb("lr-add", "blue_transit_router");
    nb("set", "Logical_Router", "blue_transit_router", "external_ids:k8s.ovn.org/network=blue");
    nb("lr-policy-add", "blue_transit_router", "100", "ip4.dst == 10.0.0.2", "drop");
    nb("lr-route-add", "blue_transit_router", "10.0.0.0/16", "discard");
    nb("lb-add", "blue", "10.0.0.2:80", "10.0.0.7:81");
    nb("ls-lb-add", "blue_ovn_layer2_switch", "blue");
    assertThat(arrives()).isTrue();

    nb("ls-lb-add", OvnLab.SWITCH, "blue");
    assertThat(walk("10.0.0.1").fate()).isEqualTo(Fate.UNKNOWN);
    nb("lb-del", "blue");
    nb("remove", "Logical_Router", "blue_transit_router", "external_ids", "k8s.ovn.org/network");
    assertThat(walk("10.0.0.1").fate()).isEqualTo(Fate.UNKNOWN);
    nb("lr-del", "blue_transit_router");
  }

  @Test
  void aWireBetweenNetworksLeavesOpenWhatPasses() throws IOException {
    nb("lr-add", "ovn_cluster_router");
    nb("lrp-add", "ovn_cluster_router", "rtos-blue", "0a:58:00:00:00:09", "10.0.0.9/24");
    nb("lsp-add", "blue_ovn_layer2_switch", "stor-blue");
    nb("lsp-set-type", "stor-blue", "router");
    nb("lsp-set-options", "stor-blue", "router-port=rtos-blue");
    assertThat(walk("10.0.0.1").fate()).isEqualTo(Fate.UNKNOWN);
    nb("set", "Logical_Router", "ovn_cluster_router", "external_ids:k8s.ovn.org/network=blue");
    assertThat(walk("10.0.0.1").fate()).isEqualTo(Fate.ACCEPT);
    nb("lr-del", "ovn_cluster_router");
  }

  @Test
  void networksAreNamed() throws IOException {
    assertThat(read().notes())
        .containsExactly(
            "nothing is said of other networks than the default one: blue (layer2, primary)");
    assertThat(read().isolation()).hasSize(1);
  }
}
