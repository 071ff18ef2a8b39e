package dev.postern.prove;

import dev.postern.backend.Obligation;
import dev.postern.deadline.Deadline;
import dev.postern.diagnostic.Origin;
import dev.postern.enforced.Condition;
import dev.postern.enforced.EnforcedRules;
import dev.postern.enforced.EnforcedRules.Chain;
import dev.postern.enforced.EnforcedRules.Ending;
import dev.postern.enforced.EnforcedRules.EnforcedRule;
import dev.postern.enforced.EnforcedRules.Stage;
import dev.postern.enforced.Interpreter;
import dev.postern.enforced.Packet;
import dev.postern.enforced.Passage;
import dev.postern.enforced.Passage.Fate;
import dev.postern.enforced.RuleAction;
import dev.postern.meaning.Judgement.Exemption;
import dev.postern.net.Family;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Finds every kind of difference, and one packet for each: what was found is set aside until nothing else is left. */
final class DeviationSearch {

  /** In a larger cluster nothing is counted: the pairs of classes would be too many. */
  private static final int MOST_CLASSES = 1000;

  private final Claim claim;
  private final Map<Obligation, Condition> packets = new EnumMap<>(Obligation.class);
  private final List<Deviation> found = new ArrayList<>();

  /**
   * Packets that are of no interest any more.
   *
   * @param obligation their kind; empty for all that are of none
   * @param packets their condition; empty for what pods send to themselves
   * @param shouldPass whether those that ought to pass are meant; else those that ought to be dropped
   */
  record Aside(Optional<Obligation> obligation, Optional<Condition> packets, boolean shouldPass) {}

  DeviationSearch(Claim claim) {
    this.claim = claim;
    for (Obligation obligation : Obligation.values()) {
      obligation
          .packets(
              claim.plan().cluster(),
              claim.scope(),
              claim.plan().options(),
              claim.contract().routing())
          .ifPresent(condition -> packets.put(obligation, condition));
    }
  }

  /** All that a packet's family shows besides a difference that was found already. */
  List<Deviation> of(Family family, PacketDifference first) {
    MentionedSets mentioned = new MentionedSets(claim);
    packets.values().forEach(mentioned::add);
    AddressClasses classes = new AddressClasses(
        claim.plan(), claim.scope(), family, mentioned.addresses, mentioned.listed);
    List<Aside> aside = new ArrayList<>();
    Optional<PacketDifference> next = Optional.of(first);
    int most = 2 * (Obligation.values().length + 1);
    while (next.isPresent() && found.size() < most) {
      Deviation cause = new Deviation(kind(next.get()), next.get(), Optional.empty());
      found.add(cause);
      aside.add(new Aside(
          cause.obligation(),
          condition(cause.obligation(), next.get().shouldPass()),
          next.get().shouldPass()));
      next = new SetProof(claim, classes, mentioned, aside)
          .run()
          .filter(difference -> difference.passage().fate() != Fate.UNKNOWN);
    }
    List<Deviation> counted = new ArrayList<>();
    try {
      for (Deviation cause : found) {
        counted.add(
            new Deviation(cause.obligation(), cause.witness(), extent(cause, classes, mentioned)));
      }
    } catch (Deadline.Passed late) {
      counted.addAll(found.subList(counted.size(), found.size()));
    }
    return counted.stream().sorted(Deviation.GRAVEST).toList();
  }

  /** Where packets of a kind differ: all others are set aside. */
  private Optional<Extent> extent(
      Deviation cause, AddressClasses classes, MentionedSets mentioned) {
    boolean shouldPass = cause.witness().shouldPass();
    Optional<Condition> kind = condition(cause.obligation(), shouldPass);
    if (kind.isEmpty() || classes.size() > MOST_CLASSES) {
      return Optional.empty();
    }
    List<Condition> earlier = new ArrayList<>();
    packets(shouldPass).forEach((obligation, condition) -> {
      if (cause.obligation().filter(own -> obligation.compareTo(own) < 0).isPresent()) {
        earlier.add(condition);
      }
    });
    Condition others = new Condition.Not(kind.get());
    List<Aside> aside = new ArrayList<>();
    aside.add(new Aside(Optional.empty(), Optional.of(others), shouldPass));
    aside.add(new Aside(
        Optional.empty(), Optional.of(new Condition.Any(List.copyOf(earlier))), shouldPass));
    aside.add(new Aside(Optional.empty(), Optional.of(Condition.ALWAYS), !shouldPass));
    Packet packet = cause.witness().packet();
    return Optional.of(new SetProof(claim, classes, mentioned, aside)
        .differing(packet.state(), packet.reply())
        .extent(classes));
  }

  private Optional<Condition> condition(Optional<Obligation> kind, boolean shouldPass) {
    return kind.isEmpty()
        ? Optional.of(
            new Condition.Not(new Condition.Any(List.copyOf(packets(shouldPass).values()))))
        : Optional.ofNullable(packets.get(kind.get()));
  }

  /** The kinds that packets can be of which ought to pass, or which ought to be dropped. */
  private Map<Obligation, Condition> packets(boolean shouldPass) {
    Map<Obligation, Condition> kinds = new EnumMap<>(packets);
    kinds.keySet().removeIf(kind -> !shouldPass && kind.isOfLostPackets());
    return kinds;
  }

  private Optional<Obligation> kind(PacketDifference difference) {
    boolean self = difference
        .judgement()
        .filter(judgement -> judgement.exemption() == Exemption.SAME_POD)
        .isPresent();
    if (self) {
      return Optional.of(Obligation.SELF_THROUGH_SERVICE);
    }
    return packets(difference.shouldPass()).entrySet().stream()
        .filter(entry -> holds(entry.getValue(), difference.packet()))
        .map(Map.Entry::getKey)
        .findFirst();
  }

  private static boolean holds(Condition condition, Packet packet) {
    EnforcedRule rule = new EnforcedRule(condition, RuleAction.DROP, "", Origin.NONE);
    EnforcedRules one = new EnforcedRules(
        List.of(new Stage("", Condition.ALWAYS, "", Ending.ACCEPT)),
        Map.of("", new Chain("", List.of(rule))));
    Passage passage = new Interpreter(one).walk(packet);
    return passage.fate() == Fate.DROP;
  }
}
