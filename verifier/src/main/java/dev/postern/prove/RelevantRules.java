package dev.postern.prove;

import dev.postern.enforced.Condition;
import dev.postern.enforced.EnforcedRules;
import dev.postern.enforced.EnforcedRules.EnforcedRule;
import dev.postern.enforced.RuleAction;
import dev.postern.enforced.RuleAction.MapMark.Entry;
import java.util.BitSet;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.function.Predicate;

/** The rules that can matter to some packets, found without a look at each of the many that can't. */
final class RelevantRules {

  /** Shorter lists are gone through. */
  private static final int LONG = 16;

  final EnforcedRules rules;
  private final Function<EnforcedRule, Optional<EnforcedRule>> seen;
  private final Predicate<String> quiet;
  private final Map<String, Few<EnforcedRule>> chains = new ConcurrentHashMap<>();
  private final Map<Condition.Any, Few<Condition>> parts =
      Collections.synchronizedMap(new IdentityHashMap<>());
  private final Map<RuleAction.MapMark, Few<Entry>> entries =
      Collections.synchronizedMap(new IdentityHashMap<>());
  private final Map<RuleAction.MapMark, MarkTable> tables =
      Collections.synchronizedMap(new IdentityHashMap<>());

  /**
   * Rules.
   *
   * @param quiet chains that do nothing to a packet's fate but drop it or come back
   * @param seen what there is of a rule, if it can matter
   */
  RelevantRules(
      EnforcedRules rules,
      Predicate<String> quiet,
      Function<EnforcedRule, Optional<EnforcedRule>> seen) {
    this.rules = rules;
    this.quiet = quiet;
    this.seen = seen;
  }

  /** The rules of a chain that some of these packets can meet, in order. */
  List<EnforcedRule> rules(String chain, Packets packets) {
    return chains
        .computeIfAbsent(
            chain,
            name -> new Few<>(
                rules.chain(name).rules().stream()
                    .flatMap(rule -> seen.apply(rule).stream())
                    .toList(),
                EnforcedRule::condition))
        .of(packets);
  }

  /** Whether a chain does nothing to a packet's fate but drop it or come back. */
  boolean isQuiet(String chain) {
    return quiet.test(chain);
  }

  List<Condition> parts(Condition.Any any, Packets packets) {
    return any.conditions().size() <= LONG
        ? any.conditions()
        : parts
            .computeIfAbsent(any, a -> new Few<>(a.conditions(), part -> part))
            .of(packets);
  }

  /** A table of marks; as it is where nothing is known of the addresses that it is about, it is kept. */
  MarkTable table(RuleAction.MapMark map, Packets packets) {
    return (map.source() ? packets.anySource : packets.anyDestination)
        ? tables.computeIfAbsent(map, m -> new MarkTable(m, m.entries(), packets))
        : new MarkTable(map, entries(map, packets), packets);
  }

  private List<Entry> entries(RuleAction.MapMark map, Packets packets) {
    return entries
        .computeIfAbsent(
            map,
            m -> new Few<>(
                m.entries(),
                entry -> m.source()
                    ? new Condition.SourceAddress(entry.addresses())
                    : new Condition.DestinationAddress(entry.addresses())))
        .of(packets);
  }

  private static final class Few<T> {
    private final List<T> all;
    private final ConditionIndex lookup;

    Few(List<T> all, Function<T, Condition> condition) {
      this.all = all;
      this.lookup = new ConditionIndex(
          all.size() <= LONG ? List.of() : all.stream().map(condition).toList());
    }

    List<T> of(Packets packets) {
      if (all.size() <= LONG || (packets.anySource && packets.anyDestination)) {
        return all;
      }
      BitSet found = lookup.candidates(packets);
      return found.stream().mapToObj(all::get).toList();
    }
  }
}
