package dev.postern.netfilter;

import dev.postern.cluster.Cluster;
import dev.postern.meaning.End;
import dev.postern.meaning.Flow;
import dev.postern.meaning.FlowVerdict;
import dev.postern.meaning.Options;
import dev.postern.meaning.Reference;
import dev.postern.net.Address;
import dev.postern.net.Family;
import dev.postern.net.Protocol;
import dev.postern.plan.Plan;
import dev.postern.testing.Probes;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;

/** What the kernel does with the flows of a cluster, held against the definition. */
final class KernelVerdicts {

  /** Addresses of nobody, between which everything passes whatever the policies. */
  static final Packet LAST =
      new Packet(Address.parse("198.18.7.1"), Address.parse("198.18.7.2"), 17, 7, 7, 0);

  private static final int[] PORTLESS = {1, 47, 50, 89, 108};

  record Probe(Flow flow, Packet packet, boolean allowed) {}

  private final RouterLab lab;
  private int compared;
  private int denied;

  KernelVerdicts(RouterLab lab) {
    this.lab = lab;
  }

  int compared() {
    return compared;
  }

  int denied() {
    return denied;
  }

  /** The flows on which kernel and definition differ, in words; none if all is well. */
  List<String> differences(Cluster cluster, Options options, Random random, int flows) {
    List<Probe> probes = probes(cluster, options, random, flows);
    lab.forget();
    Set<Integer> passed = carry(probes);
    // A packet may get lost on a busy machine; one that never passes was dropped.
    for (int i = 0; i < 3; i++) {
      List<Probe> again = probes.stream()
          .filter(probe -> probe.allowed && !passed.contains(probe.packet.number()))
          .toList();
      if (!again.isEmpty()) {
        lab.forget();
        passed.addAll(carry(again));
      }
    }
    List<String> differences = new ArrayList<>();
    for (Probe probe : probes) {
      compared++;
      denied += probe.allowed ? 0 : 1;
      if (passed.contains(probe.packet.number()) != probe.allowed) {
        differences.add(probe.flow + " (protocol " + probe.packet.protocol() + "): the definition "
            + (probe.allowed ? "allows" : "denies") + " it, the kernel does not");
      }
    }
    return differences;
  }

  private Set<Integer> carry(List<Probe> probes) {
    List<Packet> packets = new ArrayList<>(probes.stream().map(Probe::packet).toList());
    packets.add(LAST);
    return new HashSet<>(lab.carry(packets));
  }

  static List<Probe> probes(Cluster cluster, Options options, Random random, int flows) {
    Plan plan = Plan.of(cluster, options);
    Reference reference = new Reference(cluster, options);
    Map<Address, End> ends = new HashMap<>();
    Probes places = Probes.of(cluster, random);
    places.addresses().forEach(address -> ends.put(address, new End.Outside(address)));
    plan.classes()
        .endpoints()
        .forEach(end -> end.address().ifPresent(address -> ends.put(address, end)));
    List<End> inside =
        ends.values().stream().filter(e -> e instanceof End.InPod).toList();
    List<Address> routable =
        ends.keySet().stream().filter(KernelVerdicts::routable).sorted().toList();
    List<Probe> probes = new ArrayList<>();
    Set<Set<Address>> portless = new HashSet<>();
    for (int number = 1; number <= flows; number++) {
      Address source = pick(routable, inside, random);
      Address destination = pick(routable, inside, random);
      if (source.family() != destination.family()) {
        continue;
      }
      Protocol protocol = Protocol.values()[random.nextInt(4)];
      int port = protocol.hasPorts() ? places.port(random) : 0;
      Flow flow = new Flow(end(ends, source), end(ends, destination), protocol, port);
      int ip = protocol.number();
      if (protocol == Protocol.OTHER) {
        ip = PORTLESS[random.nextInt(PORTLESS.length)];
        if (ip == 1 && source.family() == Family.IPV6) {
          ip = 58;
        }
        // Connection tracking would take the way back for an answer where there are no ports.
        if (!portless.add(
            Set.copyOf(List.of(source, destination).stream().distinct().toList()))) {
          continue;
        }
      }
      FlowVerdict verdict = reference.judge(flow).verdict();
      probes.add(new Probe(
          flow,
          new Packet(source, destination, ip, 1024 + number, port, number),
          verdict == FlowVerdict.ALLOWED));
    }
    return probes;
  }

  private static End end(Map<Address, End> ends, Address address) {
    return ends.getOrDefault(address, new End.Outside(address));
  }

  private static Address pick(List<Address> routable, List<End> inside, Random random) {
    if (!inside.isEmpty()
        && random.nextInt(3) > 0
        && inside.get(random.nextInt(inside.size())) instanceof End.InPod pod
        && pod.address().isPresent()) {
      return pod.address().get();
    }
    return routable.get(random.nextInt(routable.size()));
  }

  /** Whether the kernel forwards packets from and to such addresses at all: no loopback, multicast, broadcast, link-local. */
  private static boolean routable(Address address) {
    if (address.family() == Family.IPV4) {
      int first = (int) (address.low() >>> 24);
      return first != 0 && first != 127 && first < 224 && address.low() >>> 16 != 0xA9FE;
    }
    int first = (int) (address.high() >>> 48);
    return first != 0 && first < 0xFE80;
  }
}
