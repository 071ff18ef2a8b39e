package dev.postern.cli.proof;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.postern.enforced.Contract.Binding;
import dev.postern.enforced.Routing;
import dev.postern.net.Address;
import dev.postern.net.AddressSet;
import dev.postern.net.Cidr;
import dev.postern.net.Family;
import dev.postern.netfilter.reader.UnreadableDump;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What routes say of the interfaces of pods. */
class RoutesTest {

  private static Binding behind(String name, String... addresses) {
    return new Binding(
        name,
        AddressSet.ofAddresses(List.of(addresses).stream().map(Address::parse).toList()));
  }

  @Test
  void aRouteToOneAddressBindsItToItsInterface() {
    String text = """
        default via 192.168.0.254 dev eth0 proto dhcp src 192.168.0.1 metric 100
        blackhole 10.244.1.0/26 proto 80
        10.244.1.5 dev cali0a scope link
        10.244.1.6 dev cali0b scope link
        10.244.2.0/24 via 10.244.2.0 dev flannel.1 onlink
        10.244.9.9 via 192.168.0.2 dev eth0 proto 80 onlink
        192.168.0.0/24 dev eth0 proto kernel scope link src 192.168.0.1
        fd00::5 dev cali0a metric 1024 pref medium
        fe80::/64 dev cali0a proto kernel metric 256 pref medium
        """;

    assertThat(Routes.of("routes.txt", text).ofSingleAddresses())
        .containsExactly(behind("cali0a", "10.244.1.5", "fd00::5"), behind("cali0b", "10.244.1.6"));
  }

  @Test
  void jsonSaysTheSame() {
    String text = """
        [{"dst":"default","gateway":"192.168.0.254","dev":"eth0","flags":[]},
         {"type":"blackhole","dst":"10.244.1.0/26","flags":[]},
         {"dst":"10.244.1.5","dev":"cali0a","scope":"link","flags":[]},
         {"dst":"10.244.9.9","gateway":"192.168.0.2","dev":"eth0","flags":["onlink"]},
         {"dst":"192.168.0.0/24","dev":"eth0","protocol":"kernel","scope":"link","flags":[]}]
        """;

    assertThat(Routes.of("routes.json", text).ofSingleAddresses())
        .containsExactly(behind("cali0a", "10.244.1.5"));
  }

  @Test
  void anAddressWithTwoWaysIsBoundToNeither() {
    String text = """
        10.244.1.5 dev cali0a scope link
        10.244.1.5 dev cali0b scope link metric 20
        10.244.1.6 dev cali0c scope link
        10.244.1.6 via 192.168.0.2 dev eth0 metric 20
        """;

    assertThat(Routes.of("routes.txt", text).ofSingleAddresses()).isEmpty();
  }

  @Test
  void whatIsNoRouteIsAnErrorWithItsPlace() {
    assertThatThrownBy(() -> Routes.of("routes.txt", "default dev eth0\n1: lo: <LOOPBACK>\n"))
        .isInstanceOf(UnreadableDump.class)
        .hasMessageContaining("routes.txt:2:1: error: `1: lo: <LOOPBACK>` is no route");
    assertThatThrownBy(() -> Routes.of("routes.json", "[{\"dst\":"))
        .isInstanceOf(UnreadableDump.class)
        .hasMessageContaining("routes.json:1:");
  }

  @Test
  void theLongestPrefixThatLeadsThereDirectlySaysWhereAPodIs() {
    String json = """
        [{"dst":"default","gateway":"192.168.0.254","dev":"eth0"},
         {"dst":"10.244.1.0/24","dev":"cni0","scope":"link"},
         {"dst":"10.244.1.7","dev":"cali7"},
         {"type":"blackhole","dst":"10.244.1.64/26"},
         {"dst":"10.244.1.9","gateway":"192.168.0.2","dev":"eth0"},
         {"dst":"10.244.2.0/24","gateway":"10.244.2.0","dev":"flannel.1"}]
        """;
    List<Address> pods = List.of(
            "10.244.1.5", "10.244.1.7", "10.244.1.9", "10.244.1.70", "10.244.2.5", "10.9.0.1")
        .stream()
        .map(Address::parse)
        .toList();

    assertThat(Routes.of("routes.json", json).behind(pods).bindings())
        .containsExactly(behind("cali7", "10.244.1.7"), behind("cni0", "10.244.1.5"));
  }

  @Test
  void aWholeTableSaysWhichInterfacesAreInUse() {
    String text = """
        default via 192.168.0.254 dev eth0
        10.244.1.5 dev cali0a scope link
        10.244.2.0/24 via 192.168.0.2 dev vxlan.calico onlink
        unreachable 10.244.3.0/24 dev lo
        fd00::5 dev cali0a metric 1024 pref medium
        """;

    assertThat(Routes.of("routes.txt", text).routing(List.of()).routing().used())
        .isEqualTo(Map.of(Family.IPV4, Set.of("eth0", "cali0a", "vxlan.calico")));
    String six =
        "default via fe80::1 dev eth1 metric 1024 pref medium\nfe80::/64 dev eth0 pref medium\n";
    assertThat(Routes.of("routes.txt", six).routing(List.of()).routing().used())
        .isEqualTo(Map.of(Family.IPV6, Set.of("eth0", "eth1")));
    String several =
        "default proto static\n\tnexthop via 10.0.0.1 dev a weight 1\n\tnexthop via 10.0.1.1 dev b weight 1\n";
    assertThat(Routes.of("routes.txt", several).routing(List.of()).routing().used())
        .isEqualTo(Map.of(Family.IPV4, Set.of("a", "b")));
  }

  @Test
  void ofATableWithoutADefaultRouteNobodyKnowsTheOthers() {
    assertThat(Routes.of("routes.txt", "10.244.1.5 dev cali0a scope link\n")
            .routing(List.of())
            .routing()
            .used())
        .isEmpty();
  }

  private static Routing routing(String table, String... taken) {
    return Routes.of("routes.txt", table)
        .routing(List.of(taken).stream().map(Address::parse).toList())
        .routing();
  }

  private static Optional<String> leaving(Routing routing, String address) {
    return routing.leaving().stream()
        .filter(route -> route.addresses().contains(Address.parse(address)))
        .map(Binding::name)
        .findFirst();
  }

  private static final String NODE = """
      default via 192.168.0.254 dev eth0 proto dhcp
      10.244.1.0/24 dev cni0 proto kernel scope link src 10.244.1.1
      10.244.2.0/24 via 10.244.2.0 dev flannel.1 onlink
      blackhole 10.244.3.0/24
      10.9.0.0/16 via 192.168.0.3 dev eth0
      10.9.0.0/16 via 192.168.1.3 dev eth1 metric 20
      10.9.1.0/24 via 192.168.1.3 dev eth1
      172.17.0.0/16 dev docker0 proto kernel scope link src 172.17.0.1 linkdown
      192.168.0.0/24 dev eth0 proto kernel scope link src 192.168.0.1
      """;

  @Test
  void thePacketsOfEachAddressLeaveByTheRouteOfTheLongestPrefix() {
    Routing routing = routing(NODE);

    assertThat(leaving(routing, "203.0.113.7")).contains("eth0");
    assertThat(leaving(routing, "10.244.1.9")).contains("cni0");
    assertThat(leaving(routing, "10.244.2.9")).contains("flannel.1");
    assertThat(leaving(routing, "172.17.0.5")).contains("docker0");
    assertThat(leaving(routing, "10.9.1.1")).contains("eth1");
  }

  @Test
  void whatNoRouteLeadsToOrSeveralDoIsLeftOpen() {
    assertThat(leaving(routing(NODE), "10.244.3.1")).isEmpty();
    assertThat(leaving(routing(NODE), "10.9.0.1")).isEmpty();
    assertThat(leaving(routing(NODE.replaceFirst("default.*\n", "")), "203.0.113.7"))
        .isEmpty();
    assertThat(leaving(
            routing(NODE.replaceFirst("default.*\n", "unreachable default dev lo\n")), "8.8.8.8"))
        .isEmpty();
    String several =
        "default\n\tnexthop via 10.0.0.1 dev a weight 1\n\tnexthop via 10.0.1.1 dev b weight 1\n";
    assertThat(routing(several).leaving()).isEmpty();
    String json = """
        [{"dst":"default","nexthops":[{"gateway":"10.0.0.1","dev":"a"},{"gateway":"10.0.1.1","dev":"b"}]},
         {"dst":"10.0.1.0/24","dev":"b","scope":"link"},
         {"type":"prohibit","dst":"10.7.0.0/16"}]
        """;
    assertThat(leaving(routing(json), "203.0.113.7")).isEmpty();
    assertThat(leaving(routing(json), "10.7.0.1")).isEmpty();
    assertThat(leaving(routing(json), "10.0.1.7")).contains("b");
    assertThat(routing(json).networks().isEmpty()).isTrue();
  }

  @Test
  void networksThatOnlyTheNodeHasAreBehindInterfacesThatLeadNowhereElse() {
    assertThat(routing(NODE, "10.244.1.5", "192.168.0.1").networks())
        .isEqualTo(AddressSet.of(Cidr.parse("172.17.0.0/16")));
    assertThat(routing(NODE, "10.244.1.5", "172.17.0.9").networks().isEmpty()).isTrue();
  }

  @Test
  void tablesThatContradictEachOtherBindNothing() {
    Wiring one = Routes.of("routes.txt", "10.1.0.0/16 dev a\n").routing(List.of());
    Wiring other = Routes.of("routes.txt", "10.1.1.0/24 dev b\n").routing(List.of());
    Routing both = one.and(other).routing();

    assertThat(leaving(both, "10.1.1.1")).isEmpty();
    assertThat(leaving(both, "10.1.2.1")).contains("a");
  }

  /** As iproute2 6.1 printed them. */
  @Test
  void withOneLineForEachRouteAllItsWaysCount() {
    String text = "default \\\tnexthop via 10.0.0.1 dev v0 weight 1 \\\tnexthop via 10.1.0.1 dev w0"
        + " weight 1 linkdown \n10.4.4.4 dev v0 scope link \n";

    Routing routing = routing(text);
    assertThat(leaving(routing, "203.0.113.7")).isEmpty();
    assertThat(routing.used()).isEqualTo(Map.of(Family.IPV4, Set.of("v0", "w0")));
    assertThat(routing.several()).containsExactlyInAnyOrder("v0", "w0");
  }

  @Test
  void ofARouteThatNamesItsNextHopByNumberNobodyKnowsTheInterface() {
    String text = "default nhid 12 proto static \n10.4.4.4 dev v0 scope link \n";
    String json =
        "[{\"dst\":\"default\",\"nhid\":12,\"flags\":[]},{\"dst\":\"10.4.4.4\",\"dev\":\"v0\",\"flags\":[]}]";

    for (String table : List.of(text, json)) {
      assertThat(routing(table).used()).isEmpty();
      assertThat(leaving(routing(table), "203.0.113.7")).isEmpty();
    }
    assertThat(leaving(routing("10.6.0.0/16 nhid 12 via 10.0.0.1 dev v0 \n"), "10.6.0.1"))
        .contains("v0");
  }

  @Test
  void aRouteThatDoesNotHoldForAllPacketsBindsNothing() {
    for (String words : List.of(
        "from 10.9.0.0/16 dev v0",
        "tos 0x10 dev v0",
        " encap ip id 5 src 0.0.0.0 dst 10.0.0.3 ttl 0 tos 0 dev v0 scope link",
        "dev v0 scope link dead linkdown",
        "dev v0 table 100",
        "dev v0 lladdr 02:42:ac:11:00:02 REACHABLE",
        "dev v0 scope")) {
      String text = "10.8.0.1 " + words + " \n10.8.0.0/16 dev w0 \n";

      assertThat(Routes.of("routes.txt", text).ofSingleAddresses()).as(text).isEmpty();
      assertThat(leaving(routing(text), "10.8.0.1")).as(text).isEmpty();
      assertThat(leaving(routing(text), "10.8.0.2")).as(text).contains("w0");
    }
    for (String fields : List.of(
        "\"from\":\"10.9.0.0/16\"",
        "\"tos\":\"0x10\"",
        "\"encap\":\"ip\",\"id\":5,\"src\":\"0.0.0.0\",\"dst\":\"10.0.0.3\",\"ttl\":0,\"tos\":0",
        "\"flags\":[\"dead\",\"linkdown\"]",
        "\"table\":\"100\"",
        "\"lladdr\":\"02:42:ac:11:00:02\",\"state\":[\"REACHABLE\"]")) {
      String json = "[{\"dst\":\"10.8.0.1\"," + fields + ",\"dev\":\"v0\"}]";

      assertThat(Routes.of("routes.json", json).ofSingleAddresses()).as(json).isEmpty();
      assertThat(routing(json).leaving()).as(json).isEmpty();
    }
  }

  @Test
  void whatARouteDoesNotHoldForLeavesByAWiderOne() {
    String text = "10.8.0.0/16 dev br0 \n10.8.1.0/24 tos 0x10 dev v0 \n10.9.0.0/16 dev w0 \n";

    assertThat(routing(text).several()).containsExactlyInAnyOrder("br0", "v0");
  }

  @Test
  void whatSaysMoreOfARouteThanWhereItLeadsIsPassedOver() {
    String text = """
        unicast 10.9.0.0/16 via 10.0.0.1 dev v0 proto boot scope global onlink realm 5 mtu lock 1400 features ecn
        \tnh_info id 12 via 10.0.0.1 dev w0 scope link proto unspec
        10.5.0.0/16 via inet6 fe80::1 dev v0
        default via inet6 fe80::1 dev v0
        local 10.0.0.2 dev v0 table local proto kernel scope host src 10.0.0.2
        """;

    assertThat(leaving(routing(text), "10.9.0.1")).contains("v0");
    assertThat(leaving(routing(text), "10.5.0.1")).contains("v0");
    assertThat(routing(text).used()).isEqualTo(Map.of(Family.IPV4, Set.of("v0")));
    assertThat(leaving(routing(text), "10.0.0.2")).isEmpty();
  }

  @Test
  void aTableThatIsCutOrFollowedByMoreIsAnError() {
    String text = "default via 10.0.0.1 dev eth0\n10.8.0.1 dev calib\n";
    for (int length = text.indexOf('\n') + 2; length < text.length(); length++) {
      String cut = text.substring(0, length);

      assertThatThrownBy(() -> Routes.of("routes.txt", cut)).isInstanceOf(UnreadableDump.class);
    }
    assertThatThrownBy(
            () -> Routes.of("routes.json", "[]\n[{\"dst\":\"10.8.0.1\",\"dev\":\"v0\"}]"))
        .hasMessageContaining("more follows");
    assertThatThrownBy(() -> Routes.of("routes.txt", "\tnexthop via 10.0.0.1 dev v0\n"))
        .isInstanceOf(UnreadableDump.class);
  }
}
