package dev.postern.netfilter;

import dev.postern.cluster.Cluster;
import dev.postern.enforced.Condition.ConnectionState;
import dev.postern.enforced.EnforcedRules;
import dev.postern.enforced.Interpreter;
import dev.postern.enforced.Packet;
import dev.postern.enforced.Passage;
import dev.postern.meaning.End;
import dev.postern.meaning.Flow;
import dev.postern.meaning.FlowVerdict;
import dev.postern.meaning.Options;
import dev.postern.meaning.Reference;
import dev.postern.net.Address;
import dev.postern.net.AddressRange;
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

/** Rules that were read back, held against the definition flow by flow. */
final class ReadBack {

  private final Reference reference;
  private final Map<Address, End> ends = new HashMap<>();
  private final List<Address> pods;
  private final List<Address> others;
  private final List<Integer> ports;

  ReadBack(Cluster cluster, Options options, Random random) {
    Plan plan = Plan.of(cluster, options);
    this.reference = new Reference(cluster, options);
    Probes probes = Probes.of(cluster, random);
    plan.classes()
        .endpoints()
        .forEach(end -> end.address().ifPresent(address -> ends.put(address, end)));
    this.pods = ends.keySet().stream().sorted().toList();
    Set<Address> all = new HashSet<>(probes.addresses());
    for (int number = plan.classes().inside(); number < plan.classes().size(); number++) {
      AddressRange range = plan.classes().range(number);
      all.add(range.first());
      all.add(range.last());
    }
    this.others = all.stream().sorted().toList();
    this.ports = probes.ports();
  }

  /** A random flow, and what must become of its first packet. */
  record Expected(Flow flow, Packet packet, boolean allowed) {}

  Expected flow(Random random) {
    while (true) {
      Address source = pick(random);
      Address destination = pick(random);
      if (source.family() != destination.family()) {
        continue;
      }
      Protocol protocol = Protocol.values()[random.nextInt(4)];
      int port = protocol.hasPorts() ? ports.get(random.nextInt(ports.size())) : 0;
      Flow flow = new Flow(end(source), end(destination), protocol, port);
      boolean allowed = reference.judge(flow).verdict() == FlowVerdict.ALLOWED;
      return new Expected(flow, Packet.opening(source, destination, protocol, port), allowed);
    }
  }

  private Address pick(Random random) {
    List<Address> from = pods.isEmpty() || random.nextInt(3) == 0 ? others : pods;
    return from.get(random.nextInt(from.size()));
  }

  private End end(Address address) {
    return ends.getOrDefault(address, new End.Outside(address));
  }

  /** All flows of a sample on which rules and definition differ, in words. */
  List<String> differences(EnforcedRules rules, Random random, int flows) {
    Interpreter interpreter = new Interpreter(rules);
    List<String> differences = new ArrayList<>();
    for (int i = 0; i < flows; i++) {
      Expected expected = flow(random);
      Passage passage = interpreter.walk(expected.packet());
      Passage.Fate wanted = expected.allowed() ? Passage.Fate.ACCEPT : Passage.Fate.DROP;
      if (passage.fate() != wanted) {
        differences.add(expected.flow() + ": " + wanted + " expected, " + passage);
      }
      Packet reply = expected.packet().in(ConnectionState.ESTABLISHED, true);
      if (interpreter.walk(reply).fate() != Passage.Fate.ACCEPT) {
        differences.add(expected.flow() + ": established, but dropped");
      }
    }
    return differences;
  }
}
