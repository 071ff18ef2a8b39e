package dev.postern.ovn;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.cluster.Cluster;
import dev.postern.enforced.Condition.ConnectionState;
import dev.postern.enforced.Interpreter;
import dev.postern.enforced.Packet;
import dev.postern.enforced.Passage;
import dev.postern.manifest.Manifests;
import dev.postern.manifest.Source;
import dev.postern.net.Address;
import dev.postern.net.Protocol;
import dev.postern.ovn.read.NorthboundReader;
import dev.postern.ovn.read.NorthboundReader.NorthboundRules;
import dev.postern.ovn.read.PodPorts;
import dev.postern.testing.OvnPrograms;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** ACLs that Postern would not write are read as a real OVN with tiers enforces them: what the reader makes of a packet, ovn-trace does. */
class OthersAclsTest {

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

  @BeforeEach
  void pods() throws IOException {
    Cluster cluster = Manifests.read(Source.text("pods.yaml", PODS)).cluster();
    lab.pods(cluster);
    lab.run("ovn-nbctl", "remove", "NB_Global", ".", "options", "default_acl_drop");
  }

  private static void acl(int tier, int priority, String direction, String match, String action) {
    List<String> command = new ArrayList<>(List.of("ovn-nbctl", "--tier=" + tier));
    if (direction.equals("from-lport")) {
      command.add("--apply-after-lb");
    }
    command.addAll(
        List.of("acl-add", OvnLab.SWITCH, direction, Integer.toString(priority), match, action));
    lab.run(command.toArray(String[]::new));
  }

  /** Whether a call from one pod to the other arrives, in OVN; the reader has to agree. */
  private static boolean arrives(int port) throws IOException {
    lab.sync();
    String trace = lab.run(
        "ovn-trace",
        "--minimal",
        "--ct=new",
        "--ct=new",
        OvnLab.SWITCH,
        "inport == \"shop_one\" && eth.src == 0a:00:00:00:00:00 && eth.dst == 0a:00:00:00:00:01"
            + " && ip4.src == 10.0.0.1 && ip4.dst == 10.0.0.2 && ip.ttl == 64"
            + " && tcp.src == 40000 && tcp.dst == " + port);
    boolean arrives = trace.contains("output(\"shop_two\")");
    NorthboundRules reading = NorthboundReader.read(lab.northbound.dump(), "nb", PodPorts.NONE);
    Passage passage = new Interpreter(reading.rules())
        .walk(Packet.opening(
            Address.parse("10.0.0.1"), Address.parse("10.0.0.2"), Protocol.TCP, port));
    assertThat(passage.fate())
        .as("%s, OVN says %s", passage, trace)
        .isEqualTo(arrives ? Passage.Fate.ACCEPT : Passage.Fate.DROP);
    return arrives;
  }

  @ParameterizedTest
  @CsvSource({"false,true", "true,false"})
  void whatPassesInTheLastTierIsLeftToTheDefault(boolean drop, boolean arrives) throws IOException {
    acl(3, 1000, "to-lport", "ip4", "pass");
    acl(0, 1000, "from-lport", "ip4", "allow-related");
    lab.run("ovn-nbctl", "acl-add", OvnLab.SWITCH, "from-lport", "1000", "ip4", "allow-related");
    lab.run("ovn-nbctl", "set", "NB_Global", ".", "options:default_acl_drop=" + drop);

    assertThat(arrives(80)).isEqualTo(arrives);
  }

  @Test
  void aPortThatIsOffLetsNothingPass() throws IOException {
    acl(2, 1000, "to-lport", "ip4", "allow-related");
    assertThat(arrives(80)).isTrue();
    lab.run("ovn-nbctl", "lsp-set-enabled", "shop_two", "disabled");
    assertThat(arrives(80)).isFalse();
    lab.run("ovn-nbctl", "lsp-set-enabled", "shop_two", "enabled");
    assertThat(arrives(80)).isTrue();
  }

  private static Passage.Fate fate(String to) throws IOException {
    return new Interpreter(
            NorthboundReader.read(lab.northbound.dump(), "nb", PodPorts.NONE).rules())
        .walk(Packet.opening(Address.parse("10.0.0.1"), Address.parse(to), Protocol.TCP, 80))
        .fate();
  }

  @Test
  void whatARouterDiscardsMayNotArrive() throws IOException {
    lab.run("ovn-nbctl", "lr-add", "r");
    lab.run("ovn-nbctl", "lr-route-add", "r", "10.9.0.0/16", "discard");
    assertThat(fate("10.9.0.1")).isEqualTo(Passage.Fate.UNKNOWN);
    assertThat(fate("10.0.0.2")).isEqualTo(Passage.Fate.ACCEPT);
    lab.run("ovn-nbctl", "lr-policy-add", "r", "100", "ip4.dst == 10.0.0.2", "drop");
    assertThat(fate("10.0.0.2")).isEqualTo(Passage.Fate.UNKNOWN);
    lab.run("ovn-nbctl", "lr-del", "r");
    assertThat(fate("10.0.0.2")).isEqualTo(Passage.Fate.ACCEPT);
  }

  @Test
  void anEarlierTierDecidesWhateverThePrioritiesAre() throws IOException {
    acl(1, 1, "to-lport", "tcp.dst == 80", "allow-related");
    acl(2, 30000, "to-lport", "ip4", "drop");

    assertThat(arrives(80)).isTrue();
    assertThat(arrives(81)).isFalse();
  }

  @Test
  void passSkipsTheRestOfItsTierOnly() throws IOException {
    acl(1, 20, "to-lport", "tcp.dst == 80", "pass");
    acl(1, 10, "to-lport", "ip4", "drop");
    acl(2, 20, "to-lport", "tcp.dst == {80, 81}", "allow-related");
    acl(2, 10, "to-lport", "ip4", "drop");

    assertThat(arrives(80)).isTrue();
    assertThat(arrives(81)).isFalse();
  }

  @Test
  void anExceptByInequalityAndARangeAreReadAsOvnKubernetesWritesThem() throws IOException {
    acl(
        2,
        1001,
        "to-lport",
        "ip4.src == 10.0.0.0/24 && ip4.src != {10.0.0.128/25} && tcp && (tcp.dst==80 || 90<=tcp.dst<=99)",
        "allow-related");
    acl(2, 1000, "to-lport", "outport == \"shop_two\"", "drop");

    assertThat(arrives(80)).isTrue();
    assertThat(arrives(95)).isTrue();
    assertThat(arrives(100)).isFalse();
  }

  /** What the reader says of the answer to a call to a port; OVN says the same of a packet that conntrack knows nothing of. */
  private static Passage.Fate answer(int port, String conntrack) throws IOException {
    lab.sync();
    String trace = lab.run(
        "ovn-trace",
        "--minimal",
        "--ct=" + conntrack,
        "--ct=" + conntrack,
        OvnLab.SWITCH,
        "inport == \"shop_two\" && eth.src == 0a:00:00:00:00:01 && eth.dst == 0a:00:00:00:00:00"
            + " && ip4.src == 10.0.0.2 && ip4.dst == 10.0.0.1 && ip.ttl == 64"
            + " && tcp.dst == 40000 && tcp.src == " + port);
    Packet answer = new Packet(
        Address.parse("10.0.0.2"),
        Address.parse("10.0.0.1"),
        Protocol.TCP.number(),
        port,
        40_000,
        0,
        "",
        "",
        ConnectionState.ESTABLISHED,
        true,
        0);
    Passage.Fate fate = new Interpreter(
            NorthboundReader.read(lab.northbound.dump(), "nb", PodPorts.NONE).rules())
        .walk(answer)
        .fate();
    if (fate != Passage.Fate.UNKNOWN) {
      assertThat(fate == Passage.Fate.ACCEPT)
          .as(trace)
          .isEqualTo(trace.contains("output(\"shop_one\")"));
    }
    return fate;
  }

  @Test
  void answersToWhatIsAllowedWithoutStateNeedAnAclOfTheirOwn() throws IOException {
    acl(2, 1001, "to-lport", "tcp.dst == 80", "allow-stateless");
    acl(2, 1000, "to-lport", "ip4", "drop");

    assertThat(arrives(80)).isTrue();
    assertThat(arrives(81)).isFalse();
    assertThat(answer(80, "new")).isEqualTo(Passage.Fate.DROP);

    acl(2, 1001, "to-lport", "tcp.src == 80", "allow-stateless");
    assertThat(answer(80, "new")).isEqualTo(Passage.Fate.ACCEPT);
  }

  @Test
  void whatConntrackMakesOfAnswersToWhatItWasNotAskedAboutIsNotKnown() throws IOException {
    acl(2, 1001, "to-lport", "tcp.dst == 80", "allow-stateless");
    acl(2, 1000, "to-lport", "ip4", "drop");
    acl(2, 1000, "from-lport", "ip4", "allow-related");

    assertThat(arrives(80)).isTrue();
    assertThat(answer(80, "est,rpl")).isEqualTo(Passage.Fate.UNKNOWN);
    assertThat(answer(81, "est,rpl")).isEqualTo(Passage.Fate.ACCEPT);

    acl(2, 900, "from-lport", "tcp.src == 80", "allow-stateless");
    acl(2, 900, "to-lport", "tcp.src == 80", "allow-stateless");
    assertThat(answer(80, "est,rpl")).isEqualTo(Passage.Fate.DROP);
    acl(2, 1002, "to-lport", "tcp.src == 80", "allow");
    assertThat(answer(80, "est,rpl")).isEqualTo(Passage.Fate.ACCEPT);
  }

  @Test
  void anAclThatAsksConntrackMatchesNothingWhereNothingIsTracked() throws IOException {
    acl(0, 1000, "to-lport", "ip4 && ct.new", "drop");
    acl(0, 2000, "to-lport", "tcp.dst == 81 && !ct.trk", "drop");
    assertThat(arrives(80)).isTrue();
    assertThat(arrives(81)).isFalse();

    acl(0, 1, "from-lport", "ip4", "allow-related");
    assertThat(arrives(80)).isFalse();
    assertThat(arrives(81)).isFalse();
  }

  @Test
  void whatIsAllowedWithoutStateIsNotTracked() throws IOException {
    acl(0, 1000, "to-lport", "ip4", "allow-related");
    acl(0, 10, "to-lport", "tcp.dst == {80, 81}", "allow-stateless");
    acl(0, 2000, "to-lport", "ip4 && ct.new", "drop");
    // The packet bears what conntrack said of it as it left the other port of the switch.
    assertThat(arrives(80)).isFalse();

    acl(0, 10, "from-lport", "tcp.dst == 80", "allow-stateless");
    assertThat(arrives(80)).isTrue();
    assertThat(arrives(81)).isFalse();
    assertThat(arrives(82)).isFalse();

    lab.run("ovn-nbctl", "lb-add", "lb", "9.9.9.9:80", "10.0.0.1:81");
    lab.run("ovn-nbctl", "ls-lb-add", OvnLab.SWITCH, "lb");
    assertThat(arrives(80)).isTrue();
    assertThat(arrives(81)).isFalse();
    assertThat(arrives(82)).isFalse();
    lab.run("ovn-nbctl", "lb-del", "lb");
  }

  @Test
  void aPortMayUseTheAddressesOfItsPortSecurityOnly() throws IOException {
    String port = "0a:00:00:00:00:00";
    assertThat(secured("shop_one", port)).isTrue();
    assertThat(secured("shop_one", port + " 10.0.0.1")).isTrue();
    assertThat(secured("shop_one", port + " 10.0.0.9/24")).isFalse();
    assertThat(secured("shop_one", port + " fd00::1")).isFalse();
    assertThat(secured("shop_one", "0a:00:00:00:00:07")).isFalse();
    set("shop_one", port + " 10.0.0.0/24");
    assertThat(fate("10.0.0.2")).isEqualTo(Passage.Fate.UNKNOWN);
    assertThat(secured("shop_one", "")).isTrue();
    assertThat(secured("shop_two", "0a:00:00:00:00:01 10.0.0.9")).isFalse();
    assertThat(secured("shop_two", "0a:00:00:00:00:01 10.0.0.9 10.0.0.2")).isTrue();
  }

  private static boolean secured(String port, String addresses) throws IOException {
    set(port, addresses);
    return arrives(80);
  }

  private static void set(String port, String addresses) {
    lab.run(
        "ovn-nbctl",
        "set",
        "Logical_Switch_Port",
        port,
        "port_security=" + (addresses.isEmpty() ? "[]" : "\"" + addresses + "\""));
  }

  @Test
  void whereALoadBalancerSendsWhatIsToAPodIsNotKnown() throws IOException {
    acl(0, 1000, "to-lport", "ip4", "drop");
    assertThat(fate("10.0.0.2")).isEqualTo(Passage.Fate.DROP);
    lab.run("ovn-nbctl", "lb-add", "lb", "10.0.0.2:80", "10.0.0.1:81");
    lab.run("ovn-nbctl", "ls-lb-add", OvnLab.SWITCH, "lb");
    assertThat(fate("10.0.0.2")).isEqualTo(Passage.Fate.UNKNOWN);
    lab.run("ovn-nbctl", "lb-del", "lb");
    lab.run("ovn-nbctl", "lb-add", "lb", "10.0.0.2:79", "10.0.0.1:81");
    assertThat(fate("10.0.0.2")).isEqualTo(Passage.Fate.DROP);
    lab.run("ovn-nbctl", "lb-del", "lb");
    lab.run("ovn-nbctl", "lb-add", "lb", "10.0.0.2", "10.0.0.1");
    assertThat(fate("10.0.0.2")).isEqualTo(Passage.Fate.UNKNOWN);
    lab.run("ovn-nbctl", "lb-del", "lb");
  }

  @Test
  void aLoadBalancerWithoutAddressesHasNothingTracked() throws IOException {
    acl(0, 1000, "to-lport", "ip4 && ct.new", "drop");
    String balancer = lab.run("ovn-nbctl", "create", "Load_Balancer", "name=lb").trim();
    lab.run("ovn-nbctl", "set", "Logical_Switch", OvnLab.SWITCH, "load_balancer=" + balancer);
    assertThat(arrives(80)).isTrue();
    lab.run("ovn-nbctl", "set", "Load_Balancer", balancer, "vips:\"9.9.9.9:80\"=\"10.0.0.1:80\"");
    assertThat(arrives(80)).isFalse();
    lab.run("ovn-nbctl", "lb-del", "lb");
  }

  /** What the reader says of a packet from outside to a pod, and whether it arrives in OVN. */
  private static String fromOutside() throws IOException {
    lab.sync();
    String trace = lab.run(
        "ovn-trace",
        "--minimal",
        "--ct=new",
        "--ct=new",
        OvnLab.SWITCH,
        "inport == \"" + OvnLab.OUTSIDE + "\" && eth.src == " + OvnLab.OUTSIDE_MAC
            + " && eth.dst == 0a:00:00:00:00:01 && ip4.src == 8.8.8.8 && ip4.dst == 10.0.0.2"
            + " && ip.ttl == 64 && tcp.src == 40000 && tcp.dst == 80");
    Passage.Fate fate = new Interpreter(
            NorthboundReader.read(lab.northbound.dump(), "nb", PodPorts.NONE).rules())
        .walk(Packet.opening(Address.parse("8.8.8.8"), Address.parse("10.0.0.2"), Protocol.TCP, 80))
        .fate();
    return fate + (trace.contains("output(\"shop_two\")") ? ", arrives" : ", is dropped");
  }

  @ParameterizedTest
  @CsvSource({"router", "localnet", "''"})
  void anAclThatNamesAPortOfNoPodMayMatchWhatComesFromOutside(String type) throws IOException {
    lab.run("ovn-nbctl", "lsp-set-type", OvnLab.OUTSIDE, type);
    acl(0, 1000, "to-lport", "outport == \"shop_two\" && ip4", "drop");
    assertThat(fromOutside()).isEqualTo("DROP, is dropped");
    assertThat(arrives(80)).isFalse();

    String both = "inport == \"" + OvnLab.OUTSIDE + "\" && outport == \"shop_two\"";
    acl(0, 2000, "to-lport", both, "allow-related");
    assertThat(fromOutside()).isEqualTo("UNKNOWN, arrives");
    assertThat(arrives(80)).isFalse();

    acl(0, 3000, "from-lport", "inport == \"" + OvnLab.OUTSIDE + "\" && tcp", "drop");
    assertThat(fromOutside()).isEqualTo("UNKNOWN, is dropped");
    assertThat(arrives(80)).isFalse();
  }

  @Test
  void aRouterThatIsOffMayKeepPackets() throws IOException {
    lab.run("ovn-nbctl", "lr-add", "r");
    assertThat(fate("10.0.0.2")).isEqualTo(Passage.Fate.ACCEPT);
    lab.run("ovn-nbctl", "set", "Logical_Router", "r", "enabled=false");
    assertThat(fate("10.0.0.2")).isEqualTo(Passage.Fate.UNKNOWN);
    lab.run("ovn-nbctl", "lr-del", "r");
  }

  @Test
  void anAclWithAnUnknownSetIsNoRuleAndReported() throws IOException {
    acl(0, 2000, "to-lport", "ip4.src == $nobody", "drop");
    acl(0, 1000, "from-lport", "ip4", "allow-related");

    assertThat(arrives(80)).isTrue();
    assertThat(NorthboundReader.read(lab.northbound.dump(), "nb", PodPorts.NONE).problems())
        .singleElement()
        .asString()
        .contains("column 12 of `ip4.src == $nobody`");
  }
}
