package dev.postern.prove;

import dev.postern.deadline.Deadline;
import dev.postern.enforced.Condition;
import dev.postern.enforced.Condition.ConnectionState;
import dev.postern.enforced.EnforcedRules;
import dev.postern.enforced.EnforcedRules.Chain;
import dev.postern.enforced.EnforcedRules.EnforcedRule;
import dev.postern.enforced.RuleAction;
import dev.postern.net.Address;
import dev.postern.net.AddressSet;
import dev.postern.net.Traffic;
import dev.postern.plan.PlanRule;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** All that rules, waivers and policies tell apart: the sets whose borders cut each field of a packet into pieces. */
final class MentionedSets {

  final Set<AddressSet> addresses = new LinkedHashSet<>();
  /** The addresses that the longest chain asks for one by one, as it asks; empty where no chain is such a list. */
  final List<Address> listed = new ArrayList<>();

  final Set<Integer> protocols = new TreeSet<>();
  final Set<Integer> icmpTypes = new TreeSet<>();
  /** First ports of pieces, 1..65536. */
  final Set<Integer> sourcePorts = new TreeSet<>();

  final Set<Integer> destinationPorts = new TreeSet<>();
  final Set<Name> inInterfaces = new LinkedHashSet<>();
  final Set<Name> outInterfaces = new LinkedHashSet<>();
  /** The addresses that pods have of their own. */
  final AddressSet pods;

  /** Whether something tells answers from the packets that they answer. */
  boolean replies;
  /** Whether something tells packets of established connections from related ones. */
  boolean related;

  /** An interface's name, or its beginning. */
  record Name(String name, boolean prefix) {}

  /** A chain of fewer rules is no list. */
  private static final int LIST = 64;

  private final Set<Traffic> traffic = new LinkedHashSet<>();

  MentionedSets(Claim claim) {
    this.pods = AddressSet.ofAddresses(claim.plan().cluster().workloads().stream()
        .filter(workload -> !workload.hostNetwork())
        .flatMap(workload -> workload.pods().stream())
        .flatMap(pod -> pod.addresses().stream())
        .distinct()
        .toList());
    add(claim.rules());
    claim.contract().waivers().forEach(waiver -> add(waiver.packets()));
    claim.contract().interfaces().forEach(binding -> addresses.add(binding.addresses()));
    claim.contract().routing().leaving().forEach(route -> addresses.add(route.addresses()));
    for (PlanRule rule : claim.plan().rules()) {
      rule.rectangles().forEach(rectangle -> traffic.add(rectangle.traffic()));
      rule.byName().forEach(rectangle -> traffic.add(rectangle.traffic()));
    }
    for (Traffic each : traffic) {
      List.of(each.tcp(), each.udp(), each.sctp())
          .forEach(ports ->
              ports.intervals().forEach(run -> cut(destinationPorts, run.first(), run.last())));
    }
  }

  private void list(Condition condition) {
    if (condition instanceof Condition.All all) {
      all.conditions().forEach(this::list);
    } else if (condition instanceof Condition.SourceAddress source) {
      list(source.addresses());
    } else if (condition instanceof Condition.DestinationAddress destination) {
      list(destination.addresses());
    }
  }

  private void list(AddressSet set) {
    if (set.ranges().size() == 1
        && set.ranges().get(0).first().equals(set.ranges().get(0).last())) {
      listed.add(set.ranges().get(0).first());
    }
  }

  private static void cut(Set<Integer> starts, int first, int last) {
    starts.add(first);
    starts.add(last + 1);
  }

  /** Cuts by what other rules tell apart as well. */
  void add(EnforcedRules rules) {
    rules.chains().values().stream()
        .filter(chain -> chain.rules().size() > LIST)
        .max(Comparator.comparing(chain -> chain.rules().size()))
        .ifPresent(chain -> chain.rules().forEach(rule -> list(rule.condition())));
    rules.stages().forEach(stage -> add(stage.applies()));
    for (Chain chain : rules.chains().values()) {
      Deadline.current().check();
      for (EnforcedRule rule : chain.rules()) {
        add(rule.condition());
        if (rule.action() instanceof RuleAction.MapMark map) {
          map.entries().forEach(entry -> addresses.add(entry.addresses()));
        }
      }
    }
  }

  /** Cuts by a condition as well. */
  void add(Condition condition) {
    condition.on(new Adding());
  }

  private final class Adding implements Condition.Cases<Boolean> {
    @Override
    public Boolean all(Condition.All all) {
      all.conditions().forEach(MentionedSets.this::add);
      return true;
    }

    @Override
    public Boolean any(Condition.Any any) {
      any.conditions().forEach(MentionedSets.this::add);
      return true;
    }

    @Override
    public Boolean not(Condition.Not not) {
      add(not.condition());
      return true;
    }

    @Override
    public Boolean source(Condition.SourceAddress source) {
      return addresses.add(source.addresses());
    }

    @Override
    public Boolean destination(Condition.DestinationAddress destination) {
      return addresses.add(destination.addresses());
    }

    @Override
    public Boolean ipProtocol(Condition.IpProtocol protocol) {
      return protocols.addAll(protocol.numbers());
    }

    @Override
    public Boolean icmpType(Condition.IcmpType type) {
      return icmpTypes.addAll(type.types());
    }

    @Override
    public Boolean sourcePort(Condition.SourcePort port) {
      cut(sourcePorts, port.first(), port.last());
      return true;
    }

    @Override
    public Boolean destinationPort(Condition.DestinationPort port) {
      cut(destinationPorts, port.first(), port.last());
      return true;
    }

    @Override
    public Boolean mark(Condition.Mark mark) {
      return true;
    }

    @Override
    public Boolean state(Condition.State state) {
      related |= state.states().contains(ConnectionState.ESTABLISHED)
          != state.states().contains(ConnectionState.RELATED);
      return true;
    }

    @Override
    public Boolean reply(Condition.Reply reply) {
      replies = true;
      return true;
    }

    @Override
    public Boolean inInterface(Condition.InInterface in) {
      return inInterfaces.add(new Name(in.name(), in.prefix()));
    }

    @Override
    public Boolean outInterface(Condition.OutInterface out) {
      return outInterfaces.add(new Name(out.name(), out.prefix()));
    }

    @Override
    public Boolean unknown(Condition.Unknown unknown) {
      return true;
    }
  }

  /** Every interface name that some mentioned name tells apart from the others: one for each way to match them. */
  static List<String> interfaces(Set<Name> names) {
    List<String> candidates = new ArrayList<>();
    candidates.add("");
    for (Name name : names) {
      if (!name.prefix()) {
        candidates.add(name.name());
      }
      // Long enough that no mentioned name goes on like this.
      candidates.add(name.name() + "~other");
    }
    return interfaces(names, candidates);
  }

  /** Of some interfaces one for each way to match the names. */
  static List<String> interfaces(Set<Name> names, List<String> candidates) {
    Set<List<Boolean>> ways = new LinkedHashSet<>();
    List<String> result = new ArrayList<>();
    for (String candidate : candidates) {
      List<Boolean> way = names.stream()
          .map(name -> Condition.named(candidate, name.name(), name.prefix()))
          .toList();
      if (ways.add(way)) {
        result.add(candidate);
      }
    }
    return result;
  }
}
