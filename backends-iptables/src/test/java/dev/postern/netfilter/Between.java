package dev.postern.netfilter;

import dev.postern.enforced.Condition.ConnectionState;
import dev.postern.enforced.EnforcedRules;
import dev.postern.enforced.Interpreter;
import dev.postern.enforced.Packet;
import dev.postern.enforced.Passage;
import dev.postern.meaning.End;
import dev.postern.meaning.Flow;
import dev.postern.meaning.FlowVerdict;
import dev.postern.meaning.Reference;
import dev.postern.net.Address;
import dev.postern.net.PortSet;
import dev.postern.net.Protocol;
import dev.postern.net.Traffic;
import dev.postern.plan.Plan;
import dev.postern.policy.Direction;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * Holds rules against two plans at once, for every packet: of all addresses and ports that either plan tells from their neighbours, each
 * kind is walked through the rules. So it is a proof for rules that tell no more apart than the two plans do.
 */
final class Between {

  private final List<Packet> denied = new ArrayList<>();
  private final List<Packet> allowed = new ArrayList<>();

  /** One plan, asked by address. */
  record Side(Reference reference, Map<Address, End> pods) {
    static Side of(Plan plan) {
      Map<Address, End> pods = new HashMap<>();
      plan.classes()
          .endpoints()
          .forEach(end -> end.address().ifPresent(address -> pods.put(address, end)));
      return new Side(new Reference(plan.cluster(), plan.options()), pods);
    }

    boolean allows(Address source, Address destination, Protocol protocol, int port) {
      Flow flow = new Flow(end(source), end(destination), protocol, port);
      return reference.judge(flow).verdict() == FlowVerdict.ALLOWED;
    }

    private End end(Address address) {
      return pods.getOrDefault(address, new End.Outside(address));
    }
  }

  Between(Plan old, Plan now) {
    Side before = Side.of(old);
    Side after = Side.of(now);
    SortedSet<Address> addresses = new TreeSet<>();
    Map<Protocol, SortedSet<Integer>> ports = new HashMap<>();
    for (Plan plan : List.of(old, now)) {
      plan.classes().endpoints().forEach(end -> end.address().ifPresent(addresses::add));
      plan.cluster().nodes().forEach(node -> addresses.addAll(node.addresses()));
      for (int number = plan.classes().inside(); number < plan.classes().size(); number++) {
        addresses.add(plan.classes().range(number).first());
      }
      ports(plan, ports);
    }
    for (Address source : addresses) {
      for (Address destination : addresses) {
        if (source.family() != destination.family()) {
          continue;
        }
        for (Protocol protocol : Protocol.values()) {
          for (int port : protocol.hasPorts() ? ports.get(protocol) : List.of(0)) {
            boolean then = before.allows(source, destination, protocol, port);
            boolean later = after.allows(source, destination, protocol, port);
            if (then == later) {
              (then ? allowed : denied).add(Packet.opening(source, destination, protocol, port));
            }
          }
        }
      }
    }
  }

  private static void ports(Plan plan, Map<Protocol, SortedSet<Integer>> ports) {
    for (Protocol protocol : Protocol.values()) {
      SortedSet<Integer> borders = ports.computeIfAbsent(protocol, p -> new TreeSet<>());
      borders.add(PortSet.MIN);
      for (Direction direction : Direction.values()) {
        for (int number = 0; number < plan.classes().inside(); number++) {
          plan.table(number, direction).allowed().parts().forEach(part -> {
            Traffic traffic = part.traffic();
            if (protocol.hasPorts()) {
              traffic.ports(protocol).intervals().forEach(interval -> {
                borders.add(interval.first());
                if (interval.last() < PortSet.MAX) {
                  borders.add(interval.last() + 1);
                }
              });
            }
          });
        }
      }
    }
  }

  /** How many kinds of packets are judged. */
  int packets() {
    return denied.size() + allowed.size();
  }

  /** The first packet that passes though neither plan allows it, or is dropped though both do or it is of an open connection; else empty. */
  List<String> differences(EnforcedRules rules) {
    Interpreter interpreter = new Interpreter(rules);
    for (Packet packet : allowed) {
      if (interpreter.walk(packet).fate() != Passage.Fate.ACCEPT) {
        return List.of(packet + " does not pass");
      }
    }
    for (Packet packet : denied) {
      if (interpreter.walk(packet).fate() != Passage.Fate.DROP) {
        return List.of(packet + " passes");
      }
    }
    for (int i = 0; i < allowed.size(); i += 97) {
      Packet reply = allowed.get(i).in(ConnectionState.ESTABLISHED, true);
      if (interpreter.walk(reply).fate() != Passage.Fate.ACCEPT) {
        return List.of(reply + " does not pass");
      }
    }
    return List.of();
  }
}
