package dev.postern.openflow.reader;

import dev.postern.enforced.Condition;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.function.Function;

/**
 * A conjunction of one priority: it is met by packets that match one alternative of each of its clauses (ovs-fields(7)).
 *
 * @param id what flows call it
 * @param priority the priority of its alternatives
 * @param clauses how many clauses it has, whether or not flows are there for them; 0 if flows differ about it
 * @param alternatives by clause, from 1 on
 */
record Conjunction(
    long id, int priority, int clauses, SortedMap<Integer, List<FlowEntry>> alternatives) {

  private static final Set<String> IP = Set.of("tcp", "udp", "sctp", "icmp");
  private static final Set<String> IPV6 = Set.of("tcp6", "udp6", "sctp6", "icmp6");

  /** The line of its first alternative. */
  int line() {
    return alternatives.values().iterator().next().get(0).line();
  }

  /** Whether each clause has one of these as an alternative, or flows differ in how many clauses there are. */
  boolean canBeMet(Set<FlowEntry> flows) {
    for (int clause = 1; clause <= clauses; clause++) {
      if (alternatives.getOrDefault(clause, List.of()).stream().noneMatch(flows::contains)) {
        return false;
      }
    }
    return true;
  }

  /** When it is met; never, if a clause has no alternative. */
  Condition condition(Function<FlowEntry, Condition> condition) {
    if (clauses == 0) {
      return new Condition.Unknown("flows differ in how many clauses conjunction " + id + " has");
    }
    List<Condition> all = new ArrayList<>();
    for (int clause = 1; clause <= clauses; clause++) {
      List<Condition> any = new ArrayList<>();
      for (FlowEntry flow : alternatives.getOrDefault(clause, List.of())) {
        Condition one = condition.apply(flow);
        if (!one.equals(Condition.NEVER)) {
          any.add(one);
        }
      }
      if (any.isEmpty()) {
        return Condition.NEVER;
      }
      all.add(Condition.any(any.toArray(Condition[]::new)));
    }
    return Condition.all(all.toArray(Condition[]::new));
  }

  /** Whether packets that meet it match a flow that asks for it, as far as the words tell. */
  boolean implies(FlowEntry flow) {
    Set<String> left = new HashSet<>(flow.match().parts());
    left.removeIf(part -> part.startsWith("conj_id="));
    for (List<FlowEntry> clause : alternatives.values()) {
      Set<String> shared = new HashSet<>(left);
      clause.forEach(alternative -> shared.retainAll(implied(alternative.match().parts())));
      left.removeAll(shared);
    }
    return left.isEmpty();
  }

  /** What a match asks for, and the family that a protocol is of. */
  private static Set<String> implied(Set<String> parts) {
    Set<String> all = new HashSet<>(parts);
    if (!Collections.disjoint(parts, IP)) {
      all.add("ip");
    }
    if (!Collections.disjoint(parts, IPV6)) {
      all.add("ipv6");
    }
    return all;
  }
}
