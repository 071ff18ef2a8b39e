package dev.postern.openflow.reader;

import dev.postern.diagnostic.Origin;
import dev.postern.enforced.Condition;
import dev.postern.enforced.Condition.ConnectionState;
import dev.postern.enforced.EnforcedRules.Chain;
import dev.postern.enforced.EnforcedRules.EnforcedRule;
import dev.postern.enforced.RuleAction;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/**
 * What becomes of packets at the end of their way. Whether a new connection passes depends on its answers, and so on the zones of connection
 * tracking that anything asks, which are known when all tables were followed.
 */
final class PacketEnds {

  private static final Condition NEW = new Condition.State(Set.of(ConnectionState.NEW));
  private static final Condition ANSWERED = Condition.any(
      new Condition.Not(new Condition.IpProtocol(Set.of(1, 58))),
      new Condition.IcmpType(Set.of(8, 13, 15, 17, 128)));

  /** What arrives has arrived, also where no answer does: without one there is no connection of TCP (6) or SCTP (132). */
  private static final Condition ONE_WAY =
      new Condition.Not(new Condition.IpProtocol(Set.of(6, 132)));

  private final Map<String, Chain> chains;
  private final UnaryOperator<String> unique;
  private final Map<SortedSet<Integer>, String> passed = new LinkedHashMap<>();
  private final SortedSet<Integer> asked = new TreeSet<>();

  /**
   * Ends of packets.
   *
   * @param chains takes the chains that stand for them
   * @param unique makes a name unique among chains
   */
  PacketEnds(Map<String, Chain> chains, UnaryOperator<String> unique) {
    this.chains = chains;
    this.unique = unique;
  }

  /** Remembers that a connection's first packets are looked up in a zone; -1 for one that is not known. */
  void asksZone(int zone) {
    asked.add(zone);
  }

  /**
   * Makes the chains of packets that were sent on, once all tables were followed.
   *
   * @param answers what becomes of answers whose connection these zones remember
   */
  void finish(Function<SortedSet<Integer>, RuleAction> answers) {
    new LinkedHashMap<>(passed).forEach((zones, name) -> passing(zones, name, answers));
  }

  /** A packet that was sent on. */
  RuleAction passes(PacketState state) {
    if (state.reply()) {
      return RuleAction.ACCEPT;
    }
    return new RuleAction.Goto(
        passed.computeIfAbsent(state.committed(), zones -> unique.apply("sent on")));
  }

  /** The end of packets that are sent on, whose connections are remembered in some zones. */
  private void passing(
      SortedSet<Integer> committed, String name, Function<SortedSet<Integer>, RuleAction> answers) {
    List<EnforcedRule> rules = new ArrayList<>();
    Condition asks = Condition.all(NEW, ANSWERED);
    if (!committed.containsAll(asked)) {
      String text = committed.isEmpty()
          ? "the connection is not remembered: its answers come as those of none"
          : "the connection is not remembered in each zone";
      RuleAction action = answers.apply(committed);
      String oneWay = "a datagram arrives, whether it is answered or not";
      Condition arrives = Condition.all(asks, ONE_WAY, new Condition.Unknown(oneWay));
      rules.add(new EnforcedRule(arrives, RuleAction.ACCEPT, oneWay, Origin.NONE));
      rules.add(new EnforcedRule(asks, action, text, Origin.NONE));
    }
    rules.add(new EnforcedRule(Condition.ALWAYS, RuleAction.ACCEPT, "it is sent on", Origin.NONE));
    chains.put(name, new Chain(name, rules));
  }

  /** Who drops a packet after its connection was committed takes the next one for a packet of a known connection. */
  RuleAction droppedThoughKnown() {
    String name = "dropped after ct(commit)";
    chains.computeIfAbsent(name, n -> {
      String text = "its connection is remembered: the next packet is one of a known connection";
      return new Chain(
          n,
          List.of(
              new EnforcedRule(NEW, new RuleAction.Unknown(text), text, Origin.NONE),
              new EnforcedRule(Condition.ALWAYS, RuleAction.DROP, "no output", Origin.NONE)));
    });
    return new RuleAction.Goto(name);
  }
}
