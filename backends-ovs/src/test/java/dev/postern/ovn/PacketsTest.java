package dev.postern.ovn;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.cluster.Cluster;
import dev.postern.cluster.Pod;
import dev.postern.cluster.Workload;
import dev.postern.meaning.End;
import dev.postern.meaning.Flow;
import dev.postern.meaning.Judgement;
import dev.postern.meaning.Options;
import dev.postern.meaning.Reference;
import dev.postern.meaning.Verdict;
import dev.postern.net.Address;
import dev.postern.net.Family;
import dev.postern.net.Protocol;
import dev.postern.plan.Plan;
import dev.postern.target.Scope;
import dev.postern.testing.Feature;
import dev.postern.testing.Profile;
import dev.postern.testing.RandomCluster;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Real packets through northd, ovn-controller and ovs-vswitchd arrive iff the policies let them. */
class PacketsTest {

  private static final int CLUSTERS = 8;
  private static final int FLOWS = 150;
  private static final int RETRANSMISSIONS = 5;
  private static final String OUTSIDE_MAC = "0a:00:00:01:00:01";
  private static final Profile PROFILE = Profile.EVERYTHING.without(
      Feature.DOMAIN_NAMES, Feature.MISSING_ADDRESSES, Feature.HOST_NETWORK);

  private int nextPort = 20_000;

  /** A packet on its way. */
  private record Sent(Flow flow, String to, boolean passes, int sourcePort) {}

  @Test
  void arriveIffThePoliciesLetThem() throws Exception {
    int passed = 0;
    int dropped = 0;
    long predicted = 0;
    long counted = 0;
    try (OvnLab lab = new OvnLab();
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
        macOf.put(OvnLab.OUTSIDE, OUTSIDE_MAC);
        lab.pods(cluster);
        chassis.plug(macOf.keySet());
        Northbound rows = Ovn.backend().rows(plan, Scope.CLUSTER);
        lab.northbound.apply(rows);
        chassis.sync();
        predicted += FlowCost.of(rows, macOf.keySet());
        counted += chassis.aclFlows().size();
        List<Flow> flows = new Flows(cluster, plan, new Random(seed)).some(FLOWS);
        Set<Flow> arrived = new HashSet<>();
        List<Sent> sent = send(chassis, cluster, flows, portOf, macOf);
        arrived(chassis, sent).forEach(each -> arrived.add(each.flow));
        // A datapath that is still being set up may lose packets; whoever opens a connection sends
        // again.
        for (int again = 0; again < RETRANSMISSIONS && isLost(sent, arrived); again++) {
          List<Sent> more = send(chassis, cluster, flows, portOf, macOf);
          arrived(chassis, more).forEach(each -> arrived.add(each.flow));
        }
        for (Sent each : sent) {
          assertThat(arrived.contains(each.flow))
              .as("cluster %d: %s", seed, each.flow)
              .isEqualTo(each.passes);
          passed += each.passes ? 1 : 0;
          dropped += each.passes ? 0 : 1;
        }
      }
    }
    System.out.println("packets: " + passed + " arrived, " + dropped + " were dropped, as meant; "
        + predicted + " OpenFlow flows predicted, " + counted + " counted");
    assertThat((double) predicted / counted).isBetween(0.97, 1.03);
    assertThat(passed).isGreaterThan(100);
    assertThat(dropped).isGreaterThan(50);
  }

  private static boolean isLost(List<Sent> sent, Set<Flow> arrived) {
    return sent.stream().anyMatch(each -> each.passes && !arrived.contains(each.flow));
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
      // Packets of other protocols have no source port to tell them by; SCTP has none that this
      // datapath composes.
      boolean told = flow.protocol() == Protocol.TCP || flow.protocol() == Protocol.UDP;
      if (from.equals(to) || !told || isGroup(flow.source()) || isGroup(flow.destination())) {
        continue;
      }
      Judgement judgement = reference.judge(flow);
      // Connections of an earlier cluster may still be tracked.
      int sourcePort = nextPort++;
      chassis.send(
          from,
          macOf.getOrDefault(from, ""),
          macOf.getOrDefault(to, ""),
          Flows.address(flow.source()),
          Flows.address(flow.destination()),
          flow.protocol(),
          flow.port(),
          sourcePort);
      senders.add(from);
      sent.add(new Sent(flow, to, judgement.verdict() == Verdict.ALLOWED, sourcePort));
    }
    for (String sender : senders) {
      chassis.drain(sender, macOf.getOrDefault(sender, ""));
    }
    return sent;
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
        if (isOf(packet, each)) {
          arrived.add(each);
        }
      }
    }
    return arrived;
  }

  private static boolean isOf(byte[] packet, Sent sent) {
    byte[] destination = Flows.address(sent.flow.destination()).bytes();
    int header = destination.length == 4 ? 14 + 20 : 14 + 40;
    if (packet.length < header + 4) {
      return false;
    }
    int sourcePort = (packet[header] & 255) << 8 | packet[header + 1] & 255;
    int port = (packet[header + 2] & 255) << 8 | packet[header + 3] & 255;
    byte[] there = Arrays.copyOfRange(packet, header - destination.length, header);
    return sourcePort == sent.sourcePort
        && port == sent.flow.port()
        && Arrays.equals(there, destination);
  }
}
