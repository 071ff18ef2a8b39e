package dev.postern.openflow;

import dev.postern.algebra.ClassSet;
import dev.postern.algebra.Region;
import dev.postern.lowering.PeerAddresses;
import dev.postern.meaning.End;
import dev.postern.net.Address;
import dev.postern.net.AddressSet;
import dev.postern.net.Cidr;
import dev.postern.net.Family;
import dev.postern.net.PortSet;
import dev.postern.net.Protocol;
import dev.postern.net.Traffic;
import dev.postern.plan.Plan;
import dev.postern.policy.Direction;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** The tables of Antrea in which policies are: conjunctions of subjects, peers and ports, and what isolates pods. */
final class AntreaRules {

  /** Takes flows. */
  interface Sink {
    void add(String table, int priority, String match, String actions);
  }

  private final Plan plan;
  private final PeerAddresses addresses;
  private final List<End.InPod> local;
  private final Map<Address, Integer> ports;
  private final Sink flows;
  private final List<Family> families;
  private final Map<List<String>, Set<String>> clauses = new LinkedHashMap<>();
  private int conjunctions;

  AntreaRules(
      Plan plan,
      List<End.InPod> local,
      Map<Address, Integer> ports,
      List<Family> families,
      Sink flows) {
    this.plan = plan;
    this.families = families;
    this.addresses = PeerAddresses.of(plan);
    this.local = local;
    this.ports = ports;
    this.flows = flows;
  }

  /** The tables of a direction. */
  void of(Direction direction, String rules, String defaults, String metric, String next) {
    boolean egress = direction == Direction.EGRESS;
    String antrea = egress ? "AntreaPolicyEgressRule" : "AntreaPolicyIngressRule";
    for (Family family : families) {
      flows.add(antrea, 64990, "ct_state=-new+est," + ip(family), "goto_table:" + metric);
      flows.add(antrea, 64990, "ct_state=-new+rel," + ip(family), "goto_table:" + metric);
    }
    flows.add(antrea, 0, "", "goto_table:" + rules);
    for (End.InPod pod : local) {
      Region allowed = plan.table(plan.classes().classOf(pod), direction).allowed();
      Family family = pod.address().orElseThrow().family();
      if (!isEverything(allowed, family)) {
        String subject = subject(pod, egress);
        for (Region.Part part : allowed.parts()) {
          AddressSet peers = members(part.peers(), family);
          if (!peers.isEmpty() && !part.traffic().isEmpty()) {
            conjunction(rules, metric, egress, subject, peers, part, family);
          }
        }
        // An agent's own flow is of both families here, since its policies are.
        String of = egress || families.size() == 1 ? subject : ip(family) + "," + subject;
        flows.add(defaults, 200, of, "drop");
      }
    }
    clauses.forEach(
        (where, all) -> flows.add(where.get(0), 200, where.get(1), String.join(",", all)));
    clauses.clear();
    flows.add(rules, 0, "", "goto_table:" + defaults);
    flows.add(defaults, 0, "", "goto_table:" + metric);
    flows.add(metric, 0, "", "goto_table:" + next);
  }

  private static String ip(Family family) {
    return family == Family.IPV4 ? "ip" : "ipv6";
  }

  private static String zone(Family family) {
    return family == Family.IPV4 ? "65520" : "65510";
  }

  private static String side(Family family, boolean source) {
    return ip(family) + (family == Family.IPV4 ? ",nw_" : ",ipv6_") + (source ? "src=" : "dst=");
  }

  private boolean isEverything(Region allowed, Family family) {
    return allowed.parts().size() == 1
        && allowed.parts().get(0).traffic().equals(Traffic.ALL)
        && members(allowed.parts().get(0).peers(), family).containsAll(AddressSet.all(family));
  }

  /** A flow may be an alternative of several conjunctions: a switch has one flow for a match. */
  private void clause(String table, String match, String conjunction) {
    clauses.computeIfAbsent(List.of(table, match), key -> new TreeSet<>()).add(conjunction);
  }

  private AddressSet members(ClassSet peers, Family family) {
    return addresses
        .inside(peers)
        .union(addresses.outside(peers).minus(addresses.pods()))
        .intersect(AddressSet.all(family));
  }

  private String subject(End.InPod pod, boolean egress) {
    Address address = pod.address().orElseThrow();
    return egress
        ? side(address.family(), true) + address
        : "reg1=0x" + Integer.toHexString(ports.getOrDefault(address, 0));
  }

  private void conjunction(
      String table,
      String metric,
      boolean egress,
      String subject,
      AddressSet peers,
      Region.Part part,
      Family family) {
    List<String> services = new ArrayList<>();
    boolean all = part.traffic().other();
    for (Protocol protocol : List.of(Protocol.TCP, Protocol.UDP, Protocol.SCTP)) {
      PortSet set = part.traffic().ports(protocol);
      all &= set.isAll();
      String word = protocol.word() + (family == Family.IPV4 ? "" : "6");
      if (set.isAll()) {
        services.add(word);
      } else {
        set.intervals()
            .forEach(run -> masks(run.first(), run.last())
                .forEach(mask -> services.add(word + ",tp_dst=" + mask)));
      }
    }
    int id = ++conjunctions;
    int clauses = all ? 2 : 3;
    clause(table, subject, "conjunction(" + id + ",1/" + clauses + ")");
    for (Cidr cidr : peers.cidrs()) {
      String side = cidr.equals(Cidr.all(family)) ? ip(family) : side(family, !egress) + cidr;
      clause(table, side, "conjunction(" + id + ",2/" + clauses + ")");
    }
    if (!all) {
      services.forEach(service -> clause(table, service, "conjunction(" + id + ",3/3)"));
    }
    String hex = "0x" + Integer.toHexString(id);
    String label = egress ? hex + "00000000/0xffffffff00000000" : hex + "/0xffffffff";
    flows.add(
        table,
        190,
        "conj_id=" + id + "," + ip(family),
        "set_field:" + hex + (egress ? "->reg5" : "->reg6") + ",ct(commit,table=" + metric
            + ",zone=" + zone(family) + ",exec(set_field:" + label + "->ct_label))");
    String next = egress ? "L3Forwarding" : "ConntrackCommit";
    flows.add(
        metric, 200, "ct_state=+new,ct_label=" + label + "," + ip(family), "goto_table:" + next);
    flows.add(
        metric, 200, "ct_state=-new,ct_label=" + label + "," + ip(family), "goto_table:" + next);
  }

  /** A range of ports as values with masks. */
  private static List<String> masks(int first, int last) {
    List<String> masks = new ArrayList<>();
    int from = first;
    while (from <= last) {
      int size = from == 0 ? 1 << 16 : Integer.lowestOneBit(from);
      while (from + size - 1 > last) {
        size >>= 1;
      }
      masks.add(
          size == 1
              ? "" + from
              : "0x" + Integer.toHexString(from) + "/0x" + Integer.toHexString(0xffff & -size));
      from += size;
    }
    return masks;
  }
}
