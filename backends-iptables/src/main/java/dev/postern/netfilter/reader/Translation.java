package dev.postern.netfilter.reader;

import dev.postern.enforced.Condition;
import dev.postern.enforced.EnforcedRules.EnforcedRule;
import dev.postern.net.AddressSet;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/**
 * What translation of addresses makes of packets, as far as rules can see it. Packets are judged as they are after their destinations are
 * set and before their sources are: a rule that is asked earlier may see another destination, and a rule of the nat tables may mark a packet
 * by one. What destination a packet had nobody can tell, so that such answers are not known.
 *
 * @param destinations the addresses that a destination may be set to
 * @param source whether sources are set, so that replies come back to another address than they are delivered to
 * @param effects what the nat tables may do besides, rule by rule: what they do to the mark of a new connection's packets
 */
public record Translation(AddressSet destinations, boolean source, List<EnforcedRule> effects) {

  public static final Translation NONE = new Translation(AddressSet.EMPTY, false, List.of());

  public Translation {
    effects = List.copyOf(effects);
  }

  Translation and(Translation other) {
    List<EnforcedRule> all = new ArrayList<>(effects);
    all.addAll(other.effects);
    return new Translation(destinations.union(other.destinations), source || other.source, all);
  }

  boolean isNothing() {
    return destinations.isEmpty() && !source;
  }

  /** A condition as it is asked before destinations are set. */
  Condition before(Condition condition) {
    List<Condition> which = new ArrayList<>();
    which.add(new Condition.DestinationAddress(destinations));
    if (source) {
      which.add(new Condition.Reply());
    }
    Condition translated = Condition.any(which.toArray(Condition[]::new));
    return hidden(
        condition,
        translated,
        "the destination before it is translated",
        Translation::isDestination);
  }

  /** A condition as it is asked after sources are set. */
  Condition after(Condition condition) {
    return hidden(
        condition,
        Condition.ALWAYS,
        "the source after it is translated",
        part -> part instanceof Condition.SourceAddress || part instanceof Condition.SourcePort);
  }

  private static boolean isDestination(Condition part) {
    return part instanceof Condition.DestinationAddress
        || part instanceof Condition.DestinationPort;
  }

  /**
   * A condition as it is asked by somebody who may see some parts of the packet otherwise.
   *
   * @param translated which packets may look otherwise
   * @param what the part, for messages
   * @param hides whether a condition asks for it
   */
  static Condition hidden(
      Condition condition, Condition translated, String what, Predicate<Condition> hides) {
    if (hides.test(condition)) {
      Condition unknown = new Condition.Unknown(what);
      return translated.equals(Condition.ALWAYS)
          ? unknown
          : Condition.any(
              Condition.all(new Condition.Not(translated), condition),
              Condition.all(translated, unknown));
    }
    if (condition instanceof Condition.Not not) {
      return new Condition.Not(hidden(not.condition(), translated, what, hides));
    }
    if (condition instanceof Condition.All all) {
      return new Condition.All(all.conditions().stream()
          .map(part -> hidden(part, translated, what, hides))
          .toList());
    }
    if (condition instanceof Condition.Any any) {
      return new Condition.Any(any.conditions().stream()
          .map(part -> hidden(part, translated, what, hides))
          .toList());
    }
    return condition;
  }
}
