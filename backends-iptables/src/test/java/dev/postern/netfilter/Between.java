package dev.postern.netfilter;

import dev.postern.enforced.EnforcedRules;
import dev.postern.enforced.Interpreter;
import dev.postern.enforced.Packet;
import dev.postern.enforced.Passage;
import dev.postern.meaning.End;
import dev.postern.meaning.Flow;
import dev.postern.meaning.Reference;
import dev.postern.meaning.Verdict;
import dev.postern.net.Address;
import dev.postern.net.Protocol;
import dev.postern.plan.Plan;
import dev.postern.testing.Probes;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** Holds rules against two plans at once: between one and the other. */
final class Between {

  private final Map<Address, End> pods = new HashMap<>();
  private final Reference reference;

  private Between(Plan plan) {
    reference = new Reference(plan.cluster(), plan.options());
    plan.classes()
        .endpoints()
        .forEach(end -> end.address().ifPresent(address -> pods.put(address, end)));
  }

  private boolean allows(Address source, Address destination, Protocol protocol, int port) {
    Flow flow = new Flow(
        pods.getOrDefault(source, new End.Outside(source)),
        pods.getOrDefault(destination, new End.Outside(destination)),
        protocol,
        port);
    return reference.judge(flow).verdict() == Verdict.ALLOWED;
  }

  /** Flows that pass though neither allows them, or are dropped though both do. */
  static List<String> differences(
      EnforcedRules rules, Plan old, Plan now, Random random, int flows) {
    Between before = new Between(old);
    Between after = new Between(now);
    Interpreter interpreter = new Interpreter(rules);
    Probes probes = Probes.of(old.cluster(), random);
    List<Address> inside = before.pods.keySet().stream().sorted().toList();
    List<String> differences = new ArrayList<>();
    for (int i = 0; i < flows; i++) {
      Address source = pick(inside, probes, random);
      Address destination = pick(inside, probes, random);
      if (source.family() != destination.family()) {
        continue;
      }
      Protocol protocol = Protocol.values()[random.nextInt(4)];
      int port = protocol.hasPorts() ? probes.port(random) : 0;
      boolean then = before.allows(source, destination, protocol, port);
      boolean later = after.allows(source, destination, protocol, port);
      boolean passes =
          interpreter.walk(Packet.opening(source, destination, protocol, port)).verdict()
              == Passage.Verdict.ACCEPT;
      if (passes ? !then && !later : then && later) {
        differences.add(source + " -> " + destination + " " + protocol + "/" + port
            + (passes ? " passes" : " does not pass"));
      }
    }
    return differences;
  }

  private static Address pick(List<Address> inside, Probes probes, Random random) {
    return inside.isEmpty() || random.nextInt(3) == 0
        ? probes.address(random)
        : inside.get(random.nextInt(inside.size()));
  }
}
