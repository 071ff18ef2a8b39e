package dev.postern.cli.proof;

import dev.postern.enforced.EnforcedRules;
import dev.postern.enforced.Interpreter;
import dev.postern.enforced.Packet;
import dev.postern.enforced.Passage;
import dev.postern.meaning.End;
import dev.postern.meaning.Flow;
import dev.postern.meaning.FlowVerdict;
import dev.postern.meaning.Reference;
import dev.postern.net.Address;
import dev.postern.net.Protocol;
import dev.postern.plan.Plan;
import dev.postern.testing.Probes;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** Flows at the borders of a cluster's policies, each judged by the definition and walked through rules by their definition. */
final class Sampled {

  private final Plan plan;
  private final Reference reference;

  Sampled(Plan plan) {
    this.plan = plan;
    this.reference = new Reference(plan.cluster(), plan.options());
  }

  List<String> differences(EnforcedRules rules, Random random, int flows) {
    Interpreter interpreter = new Interpreter(rules);
    Probes probes = Probes.of(plan.cluster(), random);
    Map<Address, End> pods = new HashMap<>();
    plan.classes()
        .endpoints()
        .forEach(end -> end.address().ifPresent(address -> pods.put(address, end)));
    List<Address> inside = pods.keySet().stream().sorted().toList();
    List<String> differences = new ArrayList<>();
    for (int i = 0; i < flows; i++) {
      Address source = pick(inside, probes, random);
      Address destination = pick(inside, probes, random);
      if (source.family() != destination.family()) {
        continue;
      }
      Protocol protocol = Protocol.values()[random.nextInt(4)];
      Flow flow = new Flow(
          pods.getOrDefault(source, new End.Outside(source)),
          pods.getOrDefault(destination, new End.Outside(destination)),
          protocol,
          protocol.hasPorts() ? probes.port(random) : 0);
      boolean allowed = reference.judge(flow).verdict() == FlowVerdict.ALLOWED;
      Passage passage =
          interpreter.walk(Packet.opening(source, destination, protocol, flow.port()));
      if (passage.fate() != (allowed ? Passage.Fate.ACCEPT : Passage.Fate.DROP)) {
        differences.add(flow + ": " + passage);
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
