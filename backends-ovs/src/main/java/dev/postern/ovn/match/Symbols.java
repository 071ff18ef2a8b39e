package dev.postern.ovn.match;

import dev.postern.ovn.match.Symbol.Level;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The symbols that ovn-controller 23.03 knows (ovn-sb(5), Symbols), with their widths, levels, prerequisites and expansions. Matching is on
 * the level: what OpenFlow cannot mask is nominal.
 */
final class Symbols {

  private static final Map<String, Symbol> ALL = new HashMap<>();

  static {
    text("inport");
    text("outport");
    for (int i = 0; i < 2; i++) {
      ordinal("xxreg" + i, 128, "");
    }
    for (int i = 0; i < 5; i++) {
      if (i < 4) {
        part("xreg" + i, "xxreg" + i / 2, 64 * (1 - i % 2), 64, "");
      } else {
        ordinal("xreg" + i, 64, "");
      }
    }
    for (int i = 0; i < 10; i++) {
      if (i < 8) {
        part("reg" + i, "xxreg" + i / 4, 32 * (3 - i % 4), 32, "");
      } else {
        part("reg" + i, "xreg" + i / 2, 32 * (1 - i % 2), 32, "");
      }
    }
    ordinal("flags", 32, "");
    part("flags.loopback", "flags", 0, 1, "");
    part("flags.force_snat_for_dnat", "flags", 2, 1, "");
    part("flags.force_snat_for_lb", "flags", 3, 1, "");
    part("flags.skip_snat_for_lb", "flags", 9, 1, "");
    part("flags.use_snat_zone", "flags", 11, 1, "");

    ordinal("ct_mark", 32, "");
    part("ct_mark.blocked", "ct_mark", 0, 1, "");
    part("ct_mark.natted", "ct_mark", 1, 1, "");
    part("ct_mark.skip_snat", "ct_mark", 2, 1, "");
    part("ct_mark.force_snat", "ct_mark", 3, 1, "");
    part("ct_mark.ecmp_reply_port", "ct_mark", 16, 16, "");
    ordinal("ct_label", 128, "");
    part("ct_label.blocked", "ct_label", 0, 1, "");
    part("ct_label.natted", "ct_label", 1, 1, "");
    part("ct_label.skip_snat", "ct_label", 2, 1, "");
    part("ct_label.force_snat", "ct_label", 3, 1, "");
    part("ct_label.ecmp_reply_eth", "ct_label", 32, 48, "");
    part("ct_label.ecmp_reply_port", "ct_label", 80, 16, "");
    part("ct_label.label", "ct_label", 96, 32, "");
    ordinal("ct_state", 32, "");
    List<String> states = List.of("new", "est", "rel", "rpl", "inv", "trk", "snat", "dnat");
    for (int bit = 0; bit < states.size(); bit++) {
      String name = states.get(bit);
      part("ct." + name, "ct_state", bit, 1, name.equals("trk") ? "" : "ct.trk");
    }

    ordinal("eth.src", 48, "");
    ordinal("eth.dst", 48, "");
    nominal("eth.type", 16, "");
    predicate("eth.bcast", Level.BOOLEAN, "eth.dst == ff:ff:ff:ff:ff:ff");
    part("eth.mcast", "eth.dst", 40, 1, "");
    predicate("eth.mcastv6", Level.BOOLEAN, "eth.dst[32..47] == 0x3333");
    ordinal("vlan.tci", 16, "");
    predicate("vlan.present", Level.BOOLEAN, "vlan.tci[12]");
    part("vlan.pcp", "vlan.tci", 13, 3, "vlan.present");
    part("vlan.vid", "vlan.tci", 0, 12, "vlan.present");

    predicate("ip4", Level.NOMINAL, "eth.type == 0x800");
    predicate("ip6", Level.NOMINAL, "eth.type == 0x86dd");
    predicate("ip", Level.NOMINAL, "ip4 || ip6");
    nominal("ip.proto", 8, "ip");
    nominal("ip.dscp", 6, "ip");
    nominal("ip.ecn", 2, "ip");
    nominal("ip.ttl", 8, "ip");
    ordinal("ip4.src", 32, "ip4");
    ordinal("ip4.dst", 32, "ip4");
    predicate("ip4.src_mcast", Level.BOOLEAN, "ip4.src[28..31] == 0xe");
    predicate("ip4.mcast", Level.BOOLEAN, "eth.mcast && ip4.dst[28..31] == 0xe");
    predicate("icmp4", Level.NOMINAL, "ip4 && ip.proto == 1");
    nominal("icmp4.type", 8, "icmp4");
    nominal("icmp4.code", 8, "icmp4");
    predicate("igmp", Level.NOMINAL, "ip4 && ip.proto == 2");
    ordinal("ip6.src", 128, "ip6");
    ordinal("ip6.dst", 128, "ip6");
    ordinal("ip6.label", 20, "ip6");
    predicate(
        "ip6.mcast_rsvd", Level.BOOLEAN, "ip6.dst[116..127] == 0xff0 && ip6.dst[0..111] == 0x0");
    predicate("ip6.mcast_all_nodes", Level.BOOLEAN, "ip6.dst == ff01::1 || ip6.dst == ff02::1");
    predicate(
        "ip6.mcast_all_rtrs",
        Level.BOOLEAN,
        "ip6.dst == ff01::2 || ip6.dst == ff02::2 || ip6.dst == ff05::2");
    predicate("ip6.mcast_sol_node", Level.BOOLEAN, "ip6.dst == ff02::1:ff00:0000/104");
    predicate(
        "ip6.mcast_flood",
        Level.BOOLEAN,
        "eth.mcastv6 && (ip6.mcast_rsvd || ip6.mcast_all_nodes || ip6.mcast_all_rtrs"
            + " || ip6.mcast_sol_node)");
    predicate("ip6.mcast", Level.BOOLEAN, "eth.mcastv6 && ip6.dst[120..127] == 0xff");
    predicate("icmp6", Level.NOMINAL, "ip6 && ip.proto == 58");
    nominal("icmp6.type", 8, "icmp6");
    nominal("icmp6.code", 8, "icmp6");
    predicate("icmp", Level.NOMINAL, "icmp4 || icmp6");
    ordinal("ip.frag", 8, "ip");
    predicate("ip.is_frag", Level.BOOLEAN, "ip.frag[0]");
    predicate("ip.later_frag", Level.BOOLEAN, "ip.frag[1]");
    predicate("ip.first_frag", Level.BOOLEAN, "ip.is_frag && !ip.later_frag");

    predicate("arp", Level.NOMINAL, "eth.type == 0x806");
    predicate("rarp", Level.NOMINAL, "eth.type == 0x8035");
    for (String kind : List.of("arp", "rarp")) {
      nominal(kind + ".op", 16, kind);
      ordinal(kind + ".spa", 32, kind);
      ordinal(kind + ".sha", 48, kind);
      ordinal(kind + ".tpa", 32, kind);
      ordinal(kind + ".tha", 48, kind);
    }

    String discovery = "icmp6.code == 0 && ip.ttl == 255";
    predicate("nd", Level.NOMINAL, "icmp6.type == {135, 136} && " + discovery);
    predicate("nd_ns", Level.NOMINAL, "icmp6.type == 135 && " + discovery);
    predicate("nd_na", Level.NOMINAL, "icmp6.type == 136 && " + discovery);
    predicate("nd_rs", Level.NOMINAL, "icmp6.type == 133 && " + discovery);
    predicate("nd_ra", Level.NOMINAL, "icmp6.type == 134 && " + discovery);
    ordinal("nd.target", 128, "nd");
    ordinal("nd.sll", 48, "nd_ns");
    ordinal("nd.tll", 48, "nd_na");
    predicate("mldv1", Level.NOMINAL, "ip6.src == fe80::/10 && icmp6.type == {130, 131, 132}");
    predicate("mldv2", Level.NOMINAL, "ip6.dst == ff02::16 && icmp6.type == 143");

    predicate("tcp", Level.NOMINAL, "ip.proto == 6");
    predicate("udp", Level.NOMINAL, "ip.proto == 17");
    predicate("sctp", Level.NOMINAL, "ip.proto == 132");
    for (String kind : List.of("tcp", "udp", "sctp")) {
      ordinal(kind + ".src", 16, kind);
      ordinal(kind + ".dst", 16, kind);
    }
    ordinal("tcp.flags", 12, "tcp");
    ordinal("pkt.mark", 32, "");
    nominal("icmp4.frag_mtu", 16, "");
    nominal("icmp6.frag_mtu", 32, "");
  }

  private Symbols() {}

  static Optional<Symbol> of(String name) {
    return Optional.ofNullable(ALL.get(name));
  }

  static Iterable<String> names() {
    return ALL.keySet();
  }

  private static void text(String name) {
    add(new Symbol(name, 0, Level.NOMINAL, "", "", "", 0));
  }

  private static void ordinal(String name, int width, String prerequisite) {
    add(new Symbol(name, width, Level.ORDINAL, "", prerequisite, "", 0));
  }

  private static void nominal(String name, int width, String prerequisite) {
    add(new Symbol(name, width, Level.NOMINAL, "", prerequisite, "", 0));
  }

  private static void part(String name, String parent, int offset, int width, String prerequisite) {
    add(new Symbol(name, width, Level.ORDINAL, "", prerequisite, parent, offset));
  }

  private static void predicate(String name, Level level, String expansion) {
    add(new Symbol(name, 1, level, expansion, "", "", 0));
  }

  private static void add(Symbol symbol) {
    ALL.put(symbol.name(), symbol);
  }
}
