package dev.postern.openflow;

import dev.postern.backend.Scope;
import dev.postern.cluster.Cluster;
import dev.postern.cluster.Pod;
import dev.postern.meaning.End;
import dev.postern.net.Address;
import dev.postern.net.Family;
import dev.postern.plan.Plan;
import dev.postern.policy.Direction;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Flows on one node, of IPv4 or of both families, in the form of Antrea's releases 1.15 to 2.7, written after its docs/design/ovs-pipeline.md: encapsulation, AntreaProxy,
 * no feature that is off by default. One conjunction stands for each pod and each of its parts of traffic, where the agent has one for each rule.
 */
final class AntreaLayout {

  static final int TUNNEL = 1;
  static final int GATEWAY = 2;
  static final String GATEWAY_MAC = "ba:5e:d1:55:aa:c0";
  static final Address GATEWAY_ADDRESS = Address.parse("198.18.0.1");

  static final Address GATEWAY_ADDRESS_6 = Address.parse("fd00:198::1");

  private static final String ZONE = "65520";
  private static final String VIRTUAL_MAC = "aa:bb:cc:dd:ee:ff";

  private final AntreaRules rules;
  private final Map<Address, Integer> ports = new LinkedHashMap<>();
  private final List<Address> remote = new ArrayList<>();
  private final List<End.InPod> local = new ArrayList<>();
  private final List<Family> families;
  private final AntreaFlows flows = new AntreaFlows();
  private Family family = Family.IPV4;

  AntreaLayout(Cluster cluster, Plan plan, Scope scope) {
    this(plan, scope, List.of(Family.IPV4));
  }

  /** @param families one or both, IPv4 first */
  AntreaLayout(Plan plan, Scope scope, List<Family> families) {
    this.families = families;
    Map<Pod, Integer> byPod = new HashMap<>();
    for (End.InPod end : plan.classes().endpoints()) {
      if (end.workload().hostNetwork()
          || end.address().filter(a -> families.contains(a.family())).isEmpty()) {
        continue;
      }
      Address address = end.address().orElseThrow();
      if (end.pod().filter(scope::contains).isPresent()) {
        int port = byPod.computeIfAbsent(end.pod().orElseThrow(), pod -> 10 + byPod.size());
        if (ports.putIfAbsent(address, port) == null) {
          local.add(end);
        }
      } else {
        remote.add(address);
      }
    }
    this.rules = new AntreaRules(plan, local, ports, families, flows::add);
  }

  /** The port of each pod of the node. */
  Map<Address, Integer> ports() {
    return ports;
  }

  List<Address> remote() {
    return remote;
  }

  static String mac(int port) {
    return "0a:00:00:00:00:%02x".formatted(port);
  }

  /** All flows, for {@code ovs-ofctl add-flows}. */
  String text() {
    if (!flows.text().isEmpty()) {
      return flows.text();
    }
    rules.of(Direction.EGRESS, "EgressRule", "EgressDefaultRule", "EgressMetric", "L3Forwarding");
    rules.of(
        Direction.INGRESS, "IngressRule", "IngressDefaultRule", "IngressMetric", "ConntrackCommit");
    for (Family each : families) {
      family = each;
      flows.of(each);
      start();
      connections();
      services();
      forwarding();
      end();
    }
    return flows.text();
  }

  private void flow(String table, int priority, String match, String actions) {
    flows.flow(table, priority, match, actions);
  }

  private Map<Address, Integer> own() {
    Map<Address, Integer> own = new LinkedHashMap<>(ports);
    own.keySet().removeIf(address -> address.family() != family);
    return own;
  }

  private Address gateway() {
    return family == Family.IPV4 ? GATEWAY_ADDRESS : GATEWAY_ADDRESS_6;
  }

  private String hairpin() {
    return family == Family.IPV4 ? "169.254.0.253" : "fc01::aabb:ccdd:eeff";
  }

  private void start() {
    flow("PipelineRootClassifier", 200, "arp", "goto_table:ARPSpoofGuard");
    flow("PipelineRootClassifier", 200, "ip", "goto_table:Classifier");
    flow("PipelineRootClassifier", 0, "", "drop");
    flow("ARPSpoofGuard", 0, "", "drop");
    flow("ARPResponder", 190, "arp", "NORMAL");
    flow("ARPResponder", 0, "", "drop");
    flow(
        "Classifier",
        210,
        "ip,in_port=" + GATEWAY + ",nw_src=" + gateway(),
        "set_field:0x2/0xf->reg0,set_field:0x10000000/0x10000000->reg4,goto_table:SpoofGuard");
    flow(
        "Classifier",
        200,
        "in_port=" + GATEWAY,
        "set_field:0x2/0xf->reg0,set_field:0x8000000/0x8000000->reg4,goto_table:SpoofGuard");
    flow(
        "Classifier",
        200,
        "in_port=" + TUNNEL,
        "set_field:0x1/0xf->reg0,set_field:0x200/0x200->reg0,goto_table:UnSNAT");
    flow(
        "SpoofGuard",
        200,
        "ip,in_port=" + GATEWAY,
        "goto_table:" + (family == Family.IPV6 ? "IPv6" : "UnSNAT"));
    own().forEach((address, port) -> {
      flow(
          "ARPSpoofGuard",
          200,
          "arp,in_port=" + port + ",arp_spa=" + address + ",arp_sha=" + mac(port),
          "goto_table:ARPResponder");
      flow(
          "Classifier",
          190,
          "in_port=" + port,
          "set_field:0x3/0xf->reg0,set_field:0x10000000/0x10000000->reg4,goto_table:SpoofGuard");
      flow(
          "SpoofGuard",
          200,
          "ip,in_port=" + port + ",dl_src=" + mac(port) + ",nw_src=" + address,
          "goto_table:" + (family == Family.IPV6 ? "IPv6" : "UnSNAT"));
    });
    if (family == Family.IPV6) {
      flows.add("SpoofGuard", 200, "ipv6,ipv6_src=fe80::/10", "goto_table:IPv6");
      flows.add("IPv6", 200, "icmp6,icmp_type=135,icmp_code=0", "NORMAL");
      flows.add("IPv6", 200, "icmp6,icmp_type=136,icmp_code=0", "NORMAL");
      flows.add("IPv6", 200, "ipv6,ipv6_dst=ff00::/8", "NORMAL");
      flows.add("IPv6", 0, "", "goto_table:UnSNAT");
    }
    flow("Classifier", 0, "", "drop");
    flow("SpoofGuard", 0, "", "drop");
  }

  private void connections() {
    for (String own : List.of(hairpin(), gateway().toString())) {
      flow("UnSNAT", 200, "ip,nw_dst=" + own, "ct(table=ConntrackZone,zone=65521,nat)");
    }
    flow("UnSNAT", 0, "", "goto_table:ConntrackZone");
    flow("ConntrackZone", 200, "ip", "ct(table=ConntrackState,zone=" + ZONE + ",nat)");
    flow("ConntrackZone", 0, "", "goto_table:ConntrackState");
    flow("ConntrackState", 200, "ct_state=+inv+trk,ip", "drop");
    flow(
        "ConntrackState",
        190,
        "ct_state=-new+trk,ct_mark=0/0x10,ip",
        "goto_table:AntreaPolicyEgressRule");
    flow(
        "ConntrackState",
        190,
        "ct_state=-new+trk,ct_mark=0x10/0x10,ip",
        "set_field:0x200/0x200->reg0,goto_table:AntreaPolicyEgressRule");
    flow("ConntrackState", 0, "", "goto_table:PreRoutingClassifier");
  }

  private void services() {
    flow("PreRoutingClassifier", 200, "ip", "resubmit(,SessionAffinity),resubmit(,ServiceLB)");
    flow("PreRoutingClassifier", 0, "", "goto_table:SessionAffinity");
    flow("SessionAffinity", 0, "", "set_field:0x10000/0x70000->reg4");
    int port = 0;
    for (Address endpoint : own().keySet()) {
      if (port < 2 && family == Family.IPV4) {
        String hex = Long.toHexString(endpoint.low());
        flow(
            "ServiceLB",
            200,
            "tcp,reg4=0x10000/0x70000,nw_dst=198.19.0." + (port + 1) + ",tp_dst=80",
            "set_field:0x200/0x200->reg0,set_field:0x20000/0x70000->reg4,set_field:0x9->reg7,group:"
                + (port + 1));
        flow(
            "EndpointDNAT",
            200,
            "tcp,reg3=0x" + hex + ",reg4=0x20050/0x7ffff",
            "ct(commit,table=AntreaPolicyEgressRule,zone=" + ZONE + ",nat(dst=" + endpoint
                + ":80),exec(set_field:0x10/0x10->ct_mark))");
      }
      port++;
    }
    flow("ServiceLB", 0, "", "goto_table:EndpointDNAT");
    flow(
        "EndpointDNAT",
        190,
        "reg4=0x20000/0x70000",
        "set_field:0x10000/0x70000->reg4,resubmit(,ServiceLB)");
    flow("EndpointDNAT", 0, "", "goto_table:AntreaPolicyEgressRule");
  }

  private List<Address> fourOnly() {
    return ports.keySet().stream().filter(a -> a.family() == Family.IPV4).toList();
  }

  /** The groups that the flows of Services name, for {@code ovs-ofctl add-groups}. */
  String groups() {
    StringBuilder groups = new StringBuilder();
    int number = 1;
    for (Address endpoint : fourOnly()) {
      if (number <= 2) {
        groups.append("group_id=").append(number).append(",type=select,bucket=weight:100,");
        groups.append("actions=set_field:0x").append(Long.toHexString(endpoint.low()));
        groups.append("->reg3,set_field:0x50/0xffff->reg4,resubmit(,");
        groups.append(AntreaFlows.table("EndpointDNAT")).append(")\n");
      }
      number++;
    }
    return groups.toString();
  }

  // --- forwarding

  private void forwarding() {
    flow(
        "L3Forwarding",
        210,
        "ip,nw_dst=" + gateway(),
        "set_field:" + GATEWAY_MAC + "->eth_dst,set_field:0x20/0xf0->reg0,goto_table:L3DecTTL");
    flow(
        "L3Forwarding",
        210,
        "ct_state=+rpl+trk,ct_mark=0x2/0xf,ip",
        "set_field:" + GATEWAY_MAC + "->eth_dst,set_field:0x20/0xf0->reg0,goto_table:L3DecTTL");
    own().forEach((address, port) -> {
      flow("L3Forwarding", 200, "ip,reg0=0/0x200,nw_dst=" + address, "goto_table:L2ForwardingCalc");
      flow(
          "L3Forwarding",
          200,
          "ip,reg0=0x200/0x200,nw_dst=" + address,
          "set_field:" + GATEWAY_MAC + "->eth_src,set_field:" + mac(port)
              + "->eth_dst,goto_table:L3DecTTL");
      flow(
          "SNATMark",
          190,
          "ct_state=+new+trk,ip,nw_src=" + address + ",nw_dst=" + address,
          "ct(commit,table=SNAT,zone=" + ZONE
              + ",exec(set_field:0x20/0x20->ct_mark,set_field:0x40/0x40->ct_mark,move:NXM_NX_REG0[0..3]->NXM_NX_CT_MARK[0..3]))");
    });
    for (Address address : remote) {
      if (address.family() != family) {
        continue;
      }
      flow(
          "L3Forwarding",
          200,
          "ip,nw_dst=" + address,
          "set_field:" + GATEWAY_MAC + "->eth_src,set_field:" + VIRTUAL_MAC
              + "->eth_dst,set_field:192.168.77.103->tun_dst,set_field:0x10/0xf0->reg0,goto_table:L3DecTTL");
    }
    flow(
        "L3Forwarding",
        190,
        "ct_state=-rpl+trk,ip,reg0=0x3/0xf,reg4=0/0x100000",
        "goto_table:EgressMark");
    flow(
        "L3Forwarding",
        190,
        "ct_state=-rpl+trk,ip,reg0=0x1/0xf",
        "set_field:" + GATEWAY_MAC + "->eth_dst,goto_table:EgressMark");
    flow(
        "L3Forwarding",
        190,
        "ct_mark=0x10/0x10,reg0=0x202/0x20f",
        "set_field:" + GATEWAY_MAC + "->eth_dst,set_field:0x20/0xf0->reg0,goto_table:L3DecTTL");
    flow("L3Forwarding", 0, "", "set_field:0x20/0xf0->reg0,goto_table:L2ForwardingCalc");
    flow("EgressMark", 190, "ct_state=+new+trk,ip,reg0=0x1/0xf", "drop");
    flow("EgressMark", 0, "", "set_field:0x20/0xf0->reg0,goto_table:L2ForwardingCalc");
    flow("L3DecTTL", 210, "ip,reg0=0x2/0xf", "goto_table:SNATMark");
    flow("L3DecTTL", 200, "ip", "dec_ttl,goto_table:SNATMark");
    flow("L3DecTTL", 0, "", "goto_table:SNATMark");
    flow(
        "SNATMark",
        200,
        "ct_state=+new+trk,ip,reg0=0x22/0xff",
        "ct(commit,table=SNAT,zone=" + ZONE
            + ",exec(set_field:0x20/0x20->ct_mark,set_field:0x40/0x40->ct_mark,move:NXM_NX_REG0[0..3]->NXM_NX_CT_MARK[0..3]))");
    flow("SNATMark", 0, "", "goto_table:SNAT");
    for (String[] hairpin :
        new String[][] {{"0x2", hairpin()}, {"0x3", gateway().toString()}}) {
      flow(
          "SNAT",
          200,
          "ct_state=+new+trk,ct_mark=0x40/0x40,ip,reg0=" + hairpin[0] + "/0xf",
          "ct(commit,table=L2ForwardingCalc,zone=65521,nat(src=" + hairpin[1]
              + "),exec(set_field:0x10/0x10->ct_mark,set_field:0x20/0x20->ct_mark,set_field:0x40/0x40->ct_mark))");
    }
    flow(
        "SNAT",
        200,
        "ct_state=-new-rpl+trk,ct_mark=0x20/0x20,ip",
        "ct(table=L2ForwardingCalc,zone=65521,nat)");
    flow(
        "SNAT",
        190,
        "ct_state=+new+trk,ct_mark=0x20/0x20,ip,reg0=0x2/0xf",
        "ct(commit,table=L2ForwardingCalc,zone=65521,nat(src=" + gateway()
            + "),exec(set_field:0x10/0x10->ct_mark,set_field:0x20/0x20->ct_mark))");
    flow("SNAT", 0, "", "goto_table:L2ForwardingCalc");
  }

  private void end() {
    Map<String, Integer> targets = new LinkedHashMap<>();
    targets.put(GATEWAY_MAC, GATEWAY);
    targets.put(VIRTUAL_MAC, TUNNEL);
    ports.values().forEach(port -> targets.put(mac(port), port));
    targets.forEach((mac, port) -> flow(
        "L2ForwardingCalc",
        200,
        "dl_dst=" + mac,
        "set_field:0x" + Integer.toHexString(port)
            + "->reg1,set_field:0x200000/0x600000->reg0,goto_table:TrafficControl"));
    flow("L2ForwardingCalc", 0, "", "goto_table:TrafficControl");
    flow("TrafficControl", 210, "reg0=0x200006/0x60000f", "goto_table:Output");
    flow("TrafficControl", 0, "", "goto_table:IngressSecurityClassifier");
    String classifier = "IngressSecurityClassifier";
    flow(
        classifier,
        210,
        "pkt_mark=0x80000000/0x80000000,ct_state=-rpl+trk,ip",
        "goto_table:ConntrackCommit");
    flow(classifier, 201, "reg4=0x80000/0x80000", "goto_table:AntreaPolicyIngressRule");
    for (String to : List.of("0x20", "0x10", "0x40")) {
      flow(classifier, 200, "reg0=" + to + "/0xf0", "goto_table:IngressMetric");
    }
    flow(classifier, 200, "ct_mark=0x40/0x40", "goto_table:ConntrackCommit");
    flow(classifier, 0, "", "goto_table:AntreaPolicyIngressRule");
    flow(
        "ConntrackCommit",
        200,
        "ct_state=+new+trk,ct_mark=0x0/0x20,ip",
        "ct(commit,table=Output,zone=" + ZONE
            + ",exec(move:NXM_NX_REG0[0..3]->NXM_NX_CT_MARK[0..3]))");
    flow("ConntrackCommit", 0, "", "goto_table:Output");
    flow("Output", 210, "ct_mark=0x40/0x40", "IN_PORT");
    flow("Output", 200, "reg0=0x200000/0x600000", "output:NXM_NX_REG1[]");
    flow(
        "Output",
        200,
        "reg0=0x2400000/0xfe600000",
        "controller(reason=no_match,id=62373,userdata=01.01)");
    flow("Output", 0, "", "drop");
  }
}
