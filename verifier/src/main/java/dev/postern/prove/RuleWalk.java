package dev.postern.prove;

import dev.postern.deadline.Deadline;
import dev.postern.enforced.Condition;
import dev.postern.enforced.Condition.ConnectionState;
import dev.postern.enforced.EnforcedRules;
import dev.postern.enforced.EnforcedRules.Ending;
import dev.postern.enforced.EnforcedRules.EnforcedRule;
import dev.postern.enforced.EnforcedRules.Stage;
import dev.postern.enforced.RuleAction;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntConsumer;

/**
 * Walks all packets of one connection state through the rules at once and hands out the sets of packets that are dropped, one a place.
 *
 * <p>A dropped packet may as well walk on, since nothing brings it back; it is let go wherever that keeps the sets simple. So what one
 * class's chain drops does not follow all packets through the chains of the others.
 */
final class RuleWalk {

  private final Fields fields;
  private final Bdd bdd;
  private final EnforcedRules rules;
  private final IntConsumer drops;
  private final Ending userSpace;
  private final Conditions conditions;
  private int unknowns;
  /** Packets whose fate an unknown action decided. */
  private int lost = Bdd.FALSE;

  /**
   * A walk.
   *
   * @param ignored packets of which it does not matter what is said
   * @param userSpace what programs in user space decide of packets that rules hand to them
   * @param drops takes each set of dropped packets
   */
  RuleWalk(
      Fields fields,
      EnforcedRules rules,
      ConnectionState state,
      boolean reply,
      int ignored,
      Ending userSpace,
      IntConsumer drops) {
    this.fields = fields;
    this.bdd = fields.bdd;
    this.rules = rules;
    this.drops = drops;
    this.userSpace = userSpace;
    this.conditions = new Conditions(fields, state, reply, ignored, this::unknown);
    this.unknowns = fields.unknowns;
  }

  /** Whether something that was not understood was met. */
  boolean metUnknown() {
    return unknowns > fields.unknowns;
  }

  /** Packets that are at the same place, and the marks they bear there. */
  private record Group(int packets, Marks marks) {}

  /**
   * How a chain was left.
   *
   * @param returned the packets that came to its end or were sent back
   * @param accepted those that left the stage
   * @param dropped those among all that were dropped, place by place
   */
  private record Exits(List<Group> returned, List<Group> accepted, List<Integer> dropped) {}

  private final Deadline deadline = Deadline.current();

  /** Walks some packets through all stages. */
  void run(int packets) {
    Group alive = new Group(packets, Marks.none(fields));
    for (Stage stage : rules.stages()) {
      int applies = conditions.set(stage.applies(), alive.marks());
      int here = bdd.minus(bdd.and(alive.packets(), applies), lost);
      if (here == Bdd.FALSE) {
        continue;
      }
      Group entering = new Group(here, alive.marks());
      Exits exits = ChainOrder.from(rules, stage.chain())
          .map(order -> together(order, entering))
          .orElseGet(() -> walk(stage.chain(), entering, true));
      List<Group> next = new ArrayList<>(exits.accepted());
      if (stage.otherwise() == Ending.DROP) {
        exits.returned().forEach(group -> drop(group.packets()));
      } else {
        next.addAll(exits.returned());
      }
      next.add(new Group(bdd.minus(alive.packets(), here), alive.marks()));
      alive = join(next);
    }
  }

  private void drop(int packets) {
    if (packets != Bdd.FALSE) {
      drops.accept(packets);
    }
  }

  private int unknown() {
    return bdd.node(unknowns++, Bdd.FALSE, Bdd.TRUE);
  }

  private Group join(List<Group> groups) {
    Group all = groups.get(0);
    for (Group group : groups.subList(1, groups.size())) {
      if (group.packets() != Bdd.FALSE) {
        all = all.packets() == Bdd.FALSE
            ? group
            : new Group(
                bdd.or(all.packets(), group.packets()),
                group.marks().where(group.packets(), all.marks()));
      }
    }
    return all;
  }

  /** Chains one after another, each with all packets that come to it. */
  private Exits together(List<String> order, Group entering) {
    Map<String, Integer> arriving = new HashMap<>();
    Marks marks = entering.marks();
    int returned = Bdd.FALSE;
    int accepted = Bdd.FALSE;
    for (String chain : order) {
      int here =
          chain.equals(order.get(0)) ? entering.packets() : arriving.getOrDefault(chain, Bdd.FALSE);
      List<EnforcedRule> list = rules.chain(chain).rules();
      for (int i = 0; i < list.size() && here != Bdd.FALSE; i++) {
        deadline.check();
        RuleAction action = list.get(i).action();
        int hit = meeting(here, list.get(i).condition(), marks);
        boolean queued = action instanceof RuleAction.Queue;
        if (hit == Bdd.FALSE) {
          continue;
        }
        if (action instanceof RuleAction.Drop || queued && userSpace == Ending.DROP) {
          drop(hit);
          continue;
        }
        if (action instanceof RuleAction.Goto go) {
          arriving.merge(go.chain(), hit, bdd::or);
        } else if (action instanceof RuleAction.Unknown) {
          drop(bdd.and(hit, unknown()));
          lost = bdd.or(lost, hit);
        } else {
          accepted = bdd.or(accepted, hit);
        }
        here = bdd.minus(here, hit);
      }
      returned = bdd.or(returned, here);
    }
    return new Exits(
        List.of(new Group(returned, marks)), List.of(new Group(accepted, marks)), List.of());
  }

  private Exits walk(String chain, Group entering, boolean first) {
    int here = entering.packets();
    Marks marks = entering.marks();
    List<Group> returned = new ArrayList<>();
    List<Group> accepted = new ArrayList<>();
    List<Integer> dropped = new ArrayList<>();
    List<EnforcedRule> list = rules.chain(chain).rules();
    for (int i = 0; i < list.size() && here != Bdd.FALSE; i++) {
      deadline.check();
      EnforcedRule rule = list.get(i);
      int hit = meeting(here, rule.condition(), marks);
      if (hit == Bdd.FALSE) {
        continue;
      }
      RuleAction action = rule.action();
      boolean queued = action instanceof RuleAction.Queue;
      if (action instanceof RuleAction.Accept || queued && userSpace == Ending.ACCEPT) {
        accepted.add(new Group(hit, marks));
        here = bdd.minus(here, hit);
      } else if (action instanceof RuleAction.Drop || queued) {
        drop(hit);
        dropped.add(hit);
      } else if (action instanceof RuleAction.Return) {
        returned.add(new Group(hit, marks));
        here = bdd.minus(here, hit);
      } else if (action instanceof RuleAction.Jump || action instanceof RuleAction.Goto) {
        boolean jump = action instanceof RuleAction.Jump;
        String to = jump ? ((RuleAction.Jump) action).chain() : ((RuleAction.Goto) action).chain();
        Exits exits = walk(to, new Group(hit, marks), false);
        accepted.addAll(exits.accepted());
        dropped.addAll(exits.dropped());
        if (jump && !isAsBefore(exits, hit, marks)) {
          List<Group> all = new ArrayList<>();
          all.add(new Group(bdd.minus(here, hit), marks));
          all.addAll(exits.returned());
          Group joined = join(all);
          here = joined.packets();
          marks = joined.marks();
        } else if (!jump) {
          returned.addAll(exits.returned());
          here = bdd.minus(here, hit);
        }
      } else if (action instanceof RuleAction.SetMark set) {
        marks = marks.set(set).where(hit == here ? Bdd.TRUE : hit, marks);
      } else if (action instanceof RuleAction.MapMark map) {
        marks = marks.map(map).where(hit == here ? Bdd.TRUE : hit, marks);
      } else if (action instanceof RuleAction.UnknownMark change) {
        marks = marks.lose(change.mask(), this::unknown).where(hit == here ? Bdd.TRUE : hit, marks);
      } else if (action instanceof RuleAction.Unknown) {
        drop(bdd.and(hit, unknown()));
        lost = bdd.or(lost, hit);
        here = bdd.minus(here, hit);
      }
    }
    returned.add(new Group(here, marks));
    return first
        ? new Exits(returned, accepted, dropped)
        : simplest(entering, returned, accepted, dropped);
  }

  private static boolean isAsBefore(Exits exits, int hit, Marks marks) {
    return exits.returned().size() == 1
        && exits.returned().get(0).packets() == hit
        && exits.returned().get(0).marks() == marks;
  }

  /** Lets the dropped packets leave together with the others, and in the way that these leave if it is one. */
  private Exits simplest(
      Group entering, List<Group> returned, List<Group> accepted, List<Integer> dropped) {
    List<Group> back = together(returned);
    List<Group> on = together(accepted);
    if (!dropped.isEmpty() && back.size() == 1 && !on.isEmpty()) {
      // What comes back, with all that is dropped, is what does not leave the stage.
      int[] sets = on.stream().mapToInt(Group::packets).toArray();
      int left = bdd.minus(bdd.minus(entering.packets(), lost), bdd.or(sets, 0, sets.length));
      return new Exits(List.of(new Group(left, back.get(0).marks())), on, dropped);
    }
    if (!dropped.isEmpty() && back.size() + on.size() > 1) {
      int[] sets = dropped.stream().mapToInt(Integer::intValue).toArray();
      int all = bdd.or(sets, 0, sets.length);
      dropped = List.of(all);
      back = without(back, all);
      on = without(on, all);
    }
    if (dropped.isEmpty() || back.size() + on.size() > 1) {
      return new Exits(back, on, dropped);
    }
    int all = bdd.minus(entering.packets(), lost);
    return on.isEmpty()
        ? new Exits(
            List.of(
                new Group(all, back.isEmpty() ? entering.marks() : back.get(0).marks())),
            on,
            dropped)
        : new Exits(back, List.of(new Group(all, on.get(0).marks())), dropped);
  }

  private List<Group> without(List<Group> groups, int dropped) {
    return together(groups.stream()
        .map(group -> new Group(bdd.minus(group.packets(), dropped), group.marks()))
        .toList());
  }

  /** Groups with the same marks as one; none without packets. */
  private List<Group> together(List<Group> groups) {
    Map<Marks, Integer> packets = new IdentityHashMap<>();
    List<Marks> order = new ArrayList<>();
    for (Group group : groups) {
      if (group.packets() != Bdd.FALSE) {
        if (!packets.containsKey(group.marks())) {
          order.add(group.marks());
        }
        packets.merge(group.marks(), group.packets(), bdd::or);
      }
    }
    return order.stream()
        .map(marks -> new Group(packets.getOrDefault(marks, Bdd.FALSE), marks))
        .toList();
  }

  private int meeting(int packets, Condition condition, Marks marks) {
    if (condition instanceof Condition.All all) {
      int rest = packets;
      for (Condition part : all.conditions()) {
        rest = bdd.and(rest, conditions.set(part, marks));
      }
      return rest;
    }
    return bdd.and(packets, conditions.set(condition, marks));
  }
}
