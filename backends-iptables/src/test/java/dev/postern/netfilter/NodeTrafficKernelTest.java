package dev.postern.netfilter;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.backend.Backend;
import dev.postern.backend.Refusal;
import dev.postern.backend.Scope;
import dev.postern.cluster.Cluster;
import dev.postern.cluster.Node;
import dev.postern.iptables.Iptables;
import dev.postern.meaning.End;
import dev.postern.meaning.Flow;
import dev.postern.meaning.FlowVerdict;
import dev.postern.meaning.Judgement.Exemption;
import dev.postern.meaning.Options;
import dev.postern.meaning.Reference;
import dev.postern.net.Address;
import dev.postern.net.Family;
import dev.postern.net.Protocol;
import dev.postern.nftables.Nftables;
import dev.postern.plan.Plan;
import dev.postern.testing.Engines;
import dev.postern.testing.Probes;
import dev.postern.testing.RandomCluster;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * What pods and the node exchange comes by the hooks of input and output: the kernel's verdict is the definition's, whether that traffic always
 * passes or is judged like any other. The lab's router is every node of the cluster at once.
 */
class NodeTrafficKernelTest {

  private static RouterLab lab;
  private static Host host;

  private int toNodes;
  private int fromNodes;
  private int denied;

  @BeforeAll
  static void open() {
    Engines.require("iptables", "ip6tables", "ipset", "nft");
    lab = RouterLab.open();
    host = lab.host();
  }

  @AfterAll
  static void close() throws IOException {
    if (host != null) {
      host.close();
    }
    if (lab != null) {
      lab.close();
    }
  }

  @Test
  void nftablesJudgesIt() throws Refusal {
    judged(Nftables.backend(), false);
    assertThat(denied).isGreaterThan(50);
  }

  @Test
  void nftablesLetsItPass() throws Refusal {
    judged(Nftables.backend(), true);
    assertThat(denied).isZero();
  }

  @Test
  void iptablesJudgesIt() throws Refusal {
    judged(Iptables.backend(), false);
    assertThat(denied).isGreaterThan(50);
  }

  @Test
  void iptablesJudgesAndRefusesIt() throws Refusal {
    judged(Iptables.backend().denying(Deny.REJECT), false);
    assertThat(denied).isGreaterThan(50);
  }

  @Test
  void iptablesLetsItPass() throws Refusal {
    judged(Iptables.backend(), true);
    assertThat(denied).isZero();
  }

  private record Probe(Flow flow, Packet packet, boolean toNode, boolean allowed) {}

  private void judged(Backend backend, boolean passes) throws Refusal {
    Options options = Options.DEFAULT.withNodeTrafficPasses(passes);
    for (int seed = 0; seed < 8; seed++) {
      Cluster cluster = RandomCluster.of(seed, NftablesKernelTest.PROFILE);
      Plan plan = Plan.of(cluster, options);
      Map<Address, End> ends = new HashMap<>();
      Set<Address> nodes = new HashSet<>();
      List<Address> pods = new ArrayList<>();
      cluster.nodes().stream()
          .map(Node::addresses)
          .flatMap(List::stream)
          .filter(NodeTrafficKernelTest::isOrdinary)
          .forEach(nodes::add);
      for (End.InPod end : plan.classes().endpoints()) {
        end.address().filter(NodeTrafficKernelTest::isOrdinary).ifPresent(address -> {
          ends.put(address, end);
          if (end.workload().hostNetwork()) {
            nodes.add(address);
          } else {
            pods.add(address);
          }
        });
      }
      pods.removeAll(nodes);
      List<Address> local = nodes.stream().sorted().toList();
      if (local.isEmpty() || pods.isEmpty()) {
        continue;
      }
      lab.own(local);
      Map<String, String> files = backend.compile(plan, Scope.CLUSTER).files();
      lab.apply(files, "apply.sh");
      Random random = new Random(seed);
      Reference reference = new Reference(cluster, options);
      Probes places = Probes.of(cluster, random);
      List<Probe> probes = new ArrayList<>();
      for (int number = 1; number <= 200; number++) {
        Address node = local.get(random.nextInt(local.size()));
        Address pod = pods.get(random.nextInt(pods.size()));
        if (node.family() != pod.family()) {
          continue;
        }
        boolean toNode = random.nextBoolean();
        Protocol protocol = Protocol.values()[random.nextInt(3)];
        int port = places.port(random);
        Flow flow = new Flow(
            end(ends, toNode ? pod : node), end(ends, toNode ? node : pod), protocol, port);
        Packet packet = new Packet(
            toNode ? pod : node,
            toNode ? node : pod,
            protocol.number(),
            1024 + number,
            port,
            number);
        // Where it passes, it does so because the pod's own node is at the other end: another
        // node's
        // traffic is forwarded, and the lab forwards none of it.
        if (!passes || reference.judge(flow).exemption() == Exemption.OWN_NODE) {
          probes.add(new Probe(
              flow, packet, toNode, reference.judge(flow).verdict() == FlowVerdict.ALLOWED));
        }
      }
      assertThat(differences(probes)).as("cluster %d", seed).isEmpty();
      lab.apply(files, "remove.sh");
      lab.disown(local);
    }
    System.out.println(
        toNodes + " packets to nodes, " + fromNodes + " from nodes, " + denied + " denied");
    assertThat(toNodes).isGreaterThan(50);
    assertThat(fromNodes).isGreaterThan(50);
  }

  private static End end(Map<Address, End> ends, Address address) {
    return ends.getOrDefault(address, new End.Outside(address));
  }

  /** No loopback, multicast, broadcast or link-local address. */
  private static boolean isOrdinary(Address address) {
    if (address.family() == Family.IPV6) {
      return address.high() >>> 48 < 0xFE80 && address.high() != 0;
    }
    int first = (int) (address.low() >>> 24);
    return first != 0 && first != 127 && first < 224 && address.low() >>> 16 != 0xA9FE;
  }

  private List<String> differences(List<Probe> probes) {
    Set<Integer> passed = new HashSet<>();
    // A packet may get lost on a busy machine; one that never passes was dropped.
    for (int i = 0; i < 3; i++) {
      List<Packet> in = new ArrayList<>();
      List<Packet> out = new ArrayList<>();
      for (Probe probe : probes) {
        if (i == 0 || probe.allowed && !passed.contains(probe.packet.number())) {
          (probe.toNode ? in : out).add(probe.packet);
        }
      }
      lab.forget();
      host.send(out);
      in.add(KernelVerdicts.LAST);
      passed.addAll(lab.carry(in));
      passed.addAll(host.received());
    }
    List<String> differences = new ArrayList<>();
    for (Probe probe : probes) {
      toNodes += probe.toNode ? 1 : 0;
      fromNodes += probe.toNode ? 0 : 1;
      denied += probe.allowed ? 0 : 1;
      if (passed.contains(probe.packet.number()) != probe.allowed) {
        differences.add(probe.flow + (probe.allowed ? " is lost" : " passes"));
      }
    }
    return differences;
  }
}
