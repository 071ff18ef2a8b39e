package dev.postern.prove;

import dev.postern.backend.Obligation;
import dev.postern.diagnostic.Origin;
import dev.postern.enforced.Condition;
import dev.postern.enforced.EnforcedRules;
import dev.postern.enforced.EnforcedRules.Chain;
import dev.postern.enforced.EnforcedRules.Ending;
import dev.postern.enforced.EnforcedRules.Rule;
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
          .packets(claim.plan().cluster(), claim.scope(), claim.plan().options())
          .ifPresent(condition -> packets.put(obligation, condition));
    }
  }

  /** All that a packet's family shows besides a difference that was found already. */
  List<Deviation> of(Family family, PacketDifference first) {
    MentionedSets mentioned = new MentionedSets(claim);
    packets.values().forEach(mentioned::add);
    AddressClasses classes =
        new AddressClasses(claim.plan(), claim.scope(), family, mentioned.addresses);
    List<Aside> aside = new ArrayList<>();
    Optional<PacketDifference> next = Optional.of(first);
    int most = 2 * (Obligation.values().length + 1);
    while (next.isPresent() && found.size() < most) {
      Deviation cause = new Deviation(kind(next.get()), next.get());
      found.add(cause);
      aside.add(new Aside(
          cause.obligation(), condition(cause.obligation()), next.get().shouldPass()));
      next = new SetProof(claim, classes, mentioned, aside)
          .run()
          .filter(difference -> difference.passage().verdict() != Fate.UNKNOWN);
    }
    return found.stream().sorted(Deviation.GRAVEST).toList();
  }

  private Optional<Condition> condition(Optional<Obligation> kind) {
    return kind.isEmpty()
        ? Optional.of(new Condition.Not(new Condition.Any(List.copyOf(packets.values()))))
        : Optional.ofNullable(packets.get(kind.get()));
  }

  private Optional<Obligation> kind(PacketDifference difference) {
    boolean self = difference
        .judgement()
        .filter(judgement -> judgement.exemption() == Exemption.SAME_POD)
        .isPresent();
    if (self) {
      return Optional.of(Obligation.SELF_THROUGH_SERVICE);
    }
    return packets.entrySet().stream()
        .filter(entry -> holds(entry.getValue(), difference.packet()))
        .map(Map.Entry::getKey)
        .findFirst();
  }

  private static boolean holds(Condition condition, Packet packet) {
    Rule rule = new Rule(condition, RuleAction.DROP, "", Origin.NONE);
    EnforcedRules one = new EnforcedRules(
        List.of(new Stage("", Condition.ALWAYS, "", Ending.ACCEPT)),
        Map.of("", new Chain("", List.of(rule))));
    Passage passage = new Interpreter(one).walk(packet);
    return passage.verdict() == Fate.DROP;
  }
}
