package dev.postern.ovn;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.backend.Scope;
import dev.postern.cluster.Cluster;
import dev.postern.cluster.Pod;
import dev.postern.cluster.Workload;
import dev.postern.lowering.PolicedPods;
import dev.postern.meaning.End;
import dev.postern.meaning.Flow;
import dev.postern.meaning.FlowVerdict;
import dev.postern.meaning.Judgement;
import dev.postern.meaning.Options;
import dev.postern.meaning.Reference;
import dev.postern.net.Address;
import dev.postern.net.Family;
import dev.postern.net.Protocol;
import dev.postern.plan.Plan;
import dev.postern.testing.ClusterFeature;
import dev.postern.testing.OvnPrograms;
import dev.postern.testing.Profile;
import dev.postern.testing.RandomCluster;
import java.io.IOException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Real packets through northd, ovn-controller and ovs-vswitchd arrive iff the policies let them. */
class PacketsTest {

  private static final int CLUSTERS = 24;
  private static final int FLOWS = 150;
  private static final Profile PROFILE = Profile.EVERYTHING.without(
      ClusterFeature.DOMAIN_NAMES, ClusterFeature.MISSING_ADDRESSES, ClusterFeature.HOST_NETWORK);

  private int nextPort = 20_000;

  /** A packet on its way. */
  private record Sent(Flow flow, String to, boolean passes, Datagram packet) {}

  @Test
  void arriveIffThePoliciesLetThemWithoutTiers() throws Exception {
    arriveIffThePoliciesLetThem(OvnPrograms.installed());
  }

  @Test
  void arriveIffThePoliciesLetThemWithTiers() throws Exception {
    arriveIffThePoliciesLetThem(OvnPrograms.newer());
  }

  private void arriveIffThePoliciesLetThem(OvnPrograms release) throws Exception {
    Ovn backend = Ovn.backend(OvnOptions.DEFAULT.withVersion(OvnVersion.parse(release.version())))
        .skipping(PolicedPods.Unaddressed.SKIP);
    Map<Protocol, Integer> protocols = new EnumMap<>(Protocol.class);
    int passed = 0;
    int dropped = 0;
    long predicted = 0;
    long counted = 0;
    try (OvnLab lab = new OvnLab(release);
        Chassis chassis = new Chassis(lab)) {
      for (int seed = 0; seed < CLUSTERS; seed++) {
        Cluster cluster = RandomCluster.of(seed, PROFILE);
        Plan plan = Plan.of(cluster);
        Map<Address, String> portOf = new HashMap<>();
        Map<String, String> macOf = new HashMap<>();
        for (Workload workload : cluster.workloads()) {
          for (Pod pod : workload.pods()) {
            String port = OvnOptions.DEFAULT.portOf(workload.namespace(), pod.name());
            macOf.put(port, OvnLab.mac(port, macOf.size()));
            pod.addresses().forEach(address -> portOf.put(address, port));
          }
        }
        macOf.put(OvnLab.OUTSIDE, OvnLab.OUTSIDE_MAC);
        lab.pods(cluster);
        chassis.plug(macOf.keySet());
        Northbound rows = backend.rows(plan, Scope.CLUSTER);
        lab.northbound.apply(rows);
        chassis.sync();
        predicted += FlowCost.of(rows, macOf.keySet());
        counted += chassis.aclFlows().size();
        List<Flow> flows = new Flows(cluster, plan, new Random(seed)).some(FLOWS);
        List<Sent> sent = send(chassis, cluster, flows, portOf, macOf);
        Set<Sent> arrived = arrived(chassis, sent);
        for (Sent each : sent) {
          assertThat(arrived.contains(each))
              .as("cluster %d: %s", seed, each.flow)
              .isEqualTo(each.passes);
          protocols.merge(each.flow.protocol(), 1, Integer::sum);
          passed += each.passes ? 1 : 0;
          dropped += each.passes ? 0 : 1;
        }
      }
    }
    System.out.println("packets, OVN " + release.version() + ": " + passed + " arrived, " + dropped
        + " were dropped, as meant; " + predicted + " OpenFlow flows predicted, " + counted
        + " counted");
    assertThat((double) predicted / counted).isBetween(0.99, 1.01);
    assertThat(passed).isGreaterThan(500);
    assertThat(dropped).isGreaterThan(300);
    assertThat(protocols.keySet()).containsExactlyInAnyOrder(Protocol.values());
  }

  private List<Sent> send(
      Chassis chassis,
      Cluster cluster,
      List<Flow> flows,
      Map<Address, String> portOf,
      Map<String, String> macOf)
      throws IOException {
    Reference reference = new Reference(cluster, Options.DEFAULT);
    List<Sent> sent = new ArrayList<>();
    Set<String> senders = new HashSet<>();
    for (Flow flow : flows) {
      String from = port(portOf, flow.source());
      String to = port(portOf, flow.destination());
      if (from.equals(to) || isGroup(flow.source()) || isGroup(flow.destination())) {
        continue;
      }
      Judgement judgement = reference.judge(flow);
      if (flow.protocol() == Protocol.SCTP
          && sent.stream().anyMatch(each -> isAnswered(each.packet, flow))) {
        continue;
      }
      // Connections of an earlier cluster may still be tracked.
      Datagram packet = new Datagram(
          Flows.address(flow.source()),
          Flows.address(flow.destination()),
          flow.protocol(),
          flow.port(),
          nextPort++);
      chassis.send(from, macOf.getOrDefault(from, ""), macOf.getOrDefault(to, ""), packet);
      senders.add(from);
      sent.add(new Sent(flow, to, judgement.verdict() == FlowVerdict.ALLOWED, packet));
    }
    for (String sender : senders) {
      chassis.drain(sender, macOf.getOrDefault(sender, ""));
    }
    return sent;
  }

  /** Whether a flow looks like the answer to a packet to a datapath that tracks SCTP by addresses alone, as this one does. */
  private static boolean isAnswered(Datagram packet, Flow flow) {
    return packet.protocol() == Protocol.SCTP
        && packet.source().equals(Flows.address(flow.destination()))
        && packet.destination().equals(Flows.address(flow.source()));
  }

  /** Whether an address is of multicast or reserved for what comes: nobody connects to it. */
  private static boolean isGroup(End end) {
    int first = Flows.address(end).bytes()[0] & 255;
    return Flows.address(end).family() == Family.IPV4 ? first == 0 || first >= 224 : first == 255;
  }

  private static String port(Map<Address, String> portOf, End end) {
    return portOf.getOrDefault(Flows.address(end), OvnLab.OUTSIDE);
  }

  private static Set<Sent> arrived(Chassis chassis, List<Sent> sent) {
    Map<String, List<byte[]>> packets = new HashMap<>();
    Set<Sent> arrived = new HashSet<>();
    for (Sent each : sent) {
      for (byte[] packet : packets.computeIfAbsent(each.to, chassis::arrived)) {
        if (each.packet.isIn(packet)) {
          arrived.add(each);
        }
      }
    }
    return arrived;
  }
}
