package dev.postern.prove;

import static dev.postern.prove.Sentence.all;
import static dev.postern.prove.Sentence.any;
import static dev.postern.prove.Sentence.not;

import dev.postern.cluster.Workload;
import dev.postern.enforced.Condition.ConnectionState;
import dev.postern.enforced.Contract;
import dev.postern.enforced.Contract.Established;
import dev.postern.enforced.Contract.Leeway;
import dev.postern.meaning.Judgement.Exemption;
import dev.postern.net.AddressRange;
import dev.postern.net.AddressSet;
import dev.postern.policy.Direction;
import dev.postern.policy.Peer;
import dev.postern.policy.Peers;
import dev.postern.prove.Sentence.Field;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

/**
 * That a packet is treated wrongly, as a sentence: it has to pass and is dropped, or the other way around. Straight from the policies and the
 * rules, with nothing of the plan.
 */
final class ViolationTerms {

  private final ProofContext ground;
  private final Contract contract;
  /** Whether some rule allows by a DNS name. */
  private final boolean names;
  /** Whether some waiver leaves open what policies let pass, and not what no policy is about. */
  private final boolean hasOneSided;

  ViolationTerms(ProofContext ground) {
    this.ground = ground;
    this.contract = ground.claim.contract();
    this.hasOneSided = contract.waivers().stream()
        .map(Contract.Waiver::leeway)
        .anyMatch(leeway -> leeway.opens(true) && !leeway.opensExempt());
    this.names = ground.claim.plan().cluster().policies().stream()
        .flatMap(policy -> policy.rules().stream())
        .anyMatch(rule -> rule.peers() instanceof Peers.AnyOf any
            && any.peers().stream().anyMatch(Peer.DomainNames.class::isInstance));
  }

  /** That a packet is one of those asked about and is treated wrongly: the claim holds if no packet is so. */
  Sentence about(PacketQuestion question, Packets packets) {
    RuleTerms rules = rules(packets, question, true);
    Sentence dropped = rules.dropped();
    boolean opening = question.state() == ConnectionState.NEW;
    if (dropped == Sentence.NO && !opening) {
      return Sentence.NO;
    }
    Sentence kept = !opening || ground.queues.isEmpty()
        ? dropped
        : rules(packets, question, false).dropped();
    Sentence wrong = wrong(
        packets,
        question,
        opening,
        new Fate(
            all(dropped, not(leftOpen(rules, leeway -> leeway.opens(true)))),
            hasOneSided ? all(dropped, not(leftOpen(rules, Leeway::opensExempt))) : Sentence.NO,
            any(kept, leftOpen(rules, leeway -> leeway.opens(false)))));
    return wrong == Sentence.NO ? wrong : all(wrong, isJudged(packets));
  }

  /**
   * That a packet which opens a connection is accepted in a chain, and would be treated wrongly if policies denied it: all that keeps a jump
   * to the chain from being left out, see {@link GuardedJumps}.
   */
  Sentence acceptedAfter(String chain, Packets packets) {
    RuleTerms rules = new RuleTerms(
        packets,
        ground.relevant(PacketQuestion.BOTH),
        ConnectionState.NEW,
        false,
        ground.userSpace.decides(true),
        ground.inNames,
        ground.outNames);
    Sentence accepted = rules.acceptedAfter(chain);
    return accepted == Sentence.NO
        ? accepted
        : all(
            accepted,
            not(exempt(packets, Set.of(Exemption.SAME_POD, Exemption.OWN_NODE))),
            not(packets.isNeighbourDiscovery()),
            not(leftOpen(rules, leeway -> leeway.opens(false))),
            isJudged(packets));
  }

  /** It is a packet that can be, between addresses whose packets are judged. */
  private Sentence isJudged(Packets packets) {
    return all(
        Packets.WELL_FORMED,
        behindInterfaces(packets),
        not(packets.source(ground.ambiguous)),
        not(packets.destination(ground.ambiguous)));
  }

  /** The packets that the contract leaves open by such a leeway. */
  private Sentence leftOpen(RuleTerms rules, Predicate<Leeway> opens) {
    return any(contract.waivers().stream()
        .filter(waiver -> opens.test(waiver.leeway()))
        .map(waiver -> rules.condition(waiver.packets()))
        .toList());
  }

  private RuleTerms rules(Packets packets, PacketQuestion question, boolean shouldPass) {
    return new RuleTerms(
        packets,
        ground.relevant(question.sides()),
        question.state(),
        question.reply(),
        ground.userSpace.decides(shouldPass),
        ground.inNames,
        ground.outNames);
  }

  /**
   * What becomes of a packet.
   *
   * @param dropped that it is dropped, if policies let it pass, and may not be
   * @param exempt that it is dropped, if no policy is about it, and may not be; NO where that is {@code dropped} as well
   * @param kept that it is dropped, if it ought to be, or may pass as well
   */
  private record Fate(Sentence dropped, Sentence exempt, Sentence kept) {}

  /** That it is one. */
  private Sentence wrong(Packets packets, PacketQuestion question, boolean opening, Fate fate) {
    Sentence exempt = exempt(packets, Set.of(Exemption.SAME_POD, Exemption.OWN_NODE));
    Sentence open = exempt(packets, contract.leftOpen());
    Sentence discovery = packets.isNeighbourDiscovery();
    Sentence policies = passes(packets, false, question.sides());
    boolean always = !opening
        && (question.reply()
            || question.state() == ConnectionState.RELATED
            || contract.established() == Established.ALL_PASS);
    Sentence allowed = always ? Sentence.YES : policies;
    Sentence must = any(discovery, all(not(open), any(exempt, allowed)));
    Sentence lost = any(all(must, fate.dropped()), all(not(open), exempt, fate.exempt()));
    return opening
        ? any(
            lost,
            all(
                not(names ? passes(packets, true, question.sides()) : policies),
                not(exempt),
                not(discovery),
                not(fate.kept())))
        : lost;
  }

  /** Each side that is policed lets the packet pass. */
  private Sentence passes(Packets packets, boolean names, Set<Direction> sides) {
    PolicyTerms policies = new PolicyTerms(
        ground.claim.plan().cluster(),
        ground.claim.plan().options(),
        packets,
        names,
        ground.memory);
    List<Sentence> parts = new ArrayList<>();
    for (Direction direction : Direction.values()) {
      if (sides.contains(direction)) {
        boolean source = direction == Direction.EGRESS;
        Map<PolicyTerms.Key, List<Workload>> alike = new LinkedHashMap<>();
        for (Workload workload : ground.policedIn(source ? packets.from : packets.to)) {
          alike
              .computeIfAbsent(policies.key(workload, direction), k -> new ArrayList<>())
              .add(workload);
        }
        alike.forEach((key, workloads) -> {
          Sentence here = packets.address(source, addresses(workloads));
          if (here != Sentence.NO) {
            parts.add(any(not(here), policies.passes(workloads.get(0), key)));
          }
        });
      }
    }
    return all(parts);
  }

  private AddressSet addresses(List<Workload> workloads) {
    List<AddressRange> ranges = new ArrayList<>();
    workloads.forEach(workload ->
        ranges.addAll(ground.policed.getOrDefault(workload, AddressSet.EMPTY).ranges()));
    return new AddressSet(ranges);
  }

  /** No policy is about the packet: a policed pod and itself, a pod and its own node. */
  private Sentence exempt(Packets packets, Set<Exemption> which) {
    List<Sentence> parts = new ArrayList<>();
    if (which.contains(Exemption.SAME_POD)) {
      // As they are the same, it is enough that one of them is a policed pod's.
      Sentence one = packets.address(!packets.anySource, ground.allPoliced);
      parts.add(all(one, new Sentence.Same()));
    }
    if (which.contains(Exemption.OWN_NODE)) {
      for (String node : ground.nodesIn(packets.anySource ? packets.to : packets.from)) {
        AddressSet here = ground.on(node);
        AddressSet there = ground.of(node);
        parts.add(all(packets.source(here), packets.destination(there)));
        parts.add(all(packets.destination(here), packets.source(there)));
      }
    }
    return any(parts);
  }

  /** Packets of bound addresses use the interface that these are behind, others leave as the routes say and come by their own or anybody's. */
  private Sentence behindInterfaces(Packets packets) {
    Interfaces interfaces = ground.interfaces;
    List<Sentence> parts = new ArrayList<>();
    Sentence bound = packets.source(interfaces.bound);
    List<Sentence> comes = new ArrayList<>(List.of(bound));
    comes.add(Sentence.in(Field.IN_INTERFACE, 0, interfaces.anybodys.size() - 1));
    for (String name : interfaces.in) {
      comes.add(all(
          packets.source(interfaces.usually(name)),
          numbered(Field.IN_INTERFACE, ground.inNames.indexOf(name))));
    }
    parts.add(any(comes));
    Sentence known =
        any(packets.destination(interfaces.bound), packets.destination(interfaces.routed()));
    parts.add(any(known, Sentence.in(Field.OUT_INTERFACE, 0, interfaces.out.size() - 1)));
    for (Contract.Binding binding : contract.interfaces()) {
      parts.add(any(
          not(packets.source(binding.addresses())),
          numbered(Field.IN_INTERFACE, ground.inNames.indexOf(binding.name()))));
    }
    for (String name : ground.outNames) {
      parts.add(any(
          not(packets.destination(interfaces.leaving(name, false))),
          numbered(Field.OUT_INTERFACE, ground.outNames.indexOf(name))));
    }
    return all(parts);
  }

  private static Sentence numbered(Field field, int number) {
    return Sentence.in(field, number, number);
  }
}
