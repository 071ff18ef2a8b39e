package dev.postern.prove;

import dev.postern.backend.Scope;
import dev.postern.deadline.Deadline;
import dev.postern.enforced.Condition.ConnectionState;
import dev.postern.enforced.Contract;
import dev.postern.enforced.EnforcedRules;
import dev.postern.enforced.EnforcedRules.Ending;
import dev.postern.enforced.Interpreter;
import dev.postern.enforced.Packet;
import dev.postern.enforced.Passage;
import dev.postern.net.Family;
import dev.postern.plan.Plan;
import java.util.List;
import java.util.Optional;

/**
 * Whether states on the way from some rules to others let pass nothing that both drop, and drop nothing that both let pass. Only the rules are
 * compared, packet by packet as sets; what they ought to mean before and after is another question. It builds the set of all packets that a
 * state drops, which may be large where there are many pods.
 */
public final class StatesBetween {

  /**
   * A state that strays.
   *
   * @param number which one, from 0
   * @param shouldPass whether before and after let the packet pass; else both drop it
   * @param packet a packet that shows it
   * @param passage what the state does with it; UNKNOWN if it depends on something that was not understood
   */
  public record Strayed(int number, boolean shouldPass, Packet packet, Passage passage) {

    /** Whether it does not depend on something that was not understood. */
    public boolean isCertain() {
      return passage.fate() == (shouldPass ? Passage.Fate.DROP : Passage.Fate.ACCEPT);
    }
  }

  private final Plan plan;
  private final Scope scope;
  private final Contract contract;
  private final EnforcedRules before;
  private final EnforcedRules after;

  /**
   * A question.
   *
   * @param plan the policies of after
   * @param scope the pods that the rules police
   * @param contract what is left open, and what is known of interfaces
   */
  public StatesBetween(
      Plan plan, Scope scope, Contract contract, EnforcedRules before, EnforcedRules after) {
    this.plan = plan;
    this.scope = scope;
    this.contract = contract;
    this.before = before;
    this.after = after;
  }

  /** The first state that surely strays; else the first that may. */
  public Optional<Strayed> first(List<EnforcedRules> states) {
    MentionedSets mentioned = new MentionedSets(new Claim(plan, scope, before, contract));
    mentioned.add(after);
    states.forEach(mentioned::add);
    Optional<Strayed> perhaps = Optional.empty();
    for (Family family : Family.values()) {
      if (!contract.families().contains(family)) {
        continue;
      }
      Fields fields = new Fields(
          new AddressClasses(plan, scope, family, mentioned.addresses, mentioned.listed),
          mentioned,
          contract);
      for (ConnectionState state :
          List.of(ConnectionState.NEW, ConnectionState.ESTABLISHED, ConnectionState.RELATED)) {
        for (boolean reply : new boolean[] {false, true}) {
          if (state == ConnectionState.NEW && reply) {
            continue;
          }
          Optional<Strayed> found = new Comparison(fields, state, reply).first(states);
          if (found.filter(Strayed::isCertain).isPresent()) {
            return found;
          }
          perhaps = perhaps.or(() -> found);
        }
      }
    }
    return perhaps;
  }

  /** The packets of one family in one state of their connection. */
  private final class Comparison {
    private final Fields fields;
    private final Bdd bdd;
    private final ConnectionState state;
    private final boolean reply;

    Comparison(Fields fields, ConnectionState state, boolean reply) {
      this.fields = fields;
      this.bdd = fields.bdd;
      this.state = state;
      this.reply = reply;
    }

    private int dropped(EnforcedRules rules) {
      int[] all = {Bdd.FALSE};
      new RuleWalk(
              fields,
              rules,
              state,
              reply,
              Bdd.FALSE,
              Ending.DROP,
              set -> all[0] = bdd.or(all[0], set))
          .run(Bdd.TRUE);
      return all[0];
    }

    private int judged(boolean shouldPass) {
      Conditions conditions = new Conditions(fields, state, reply, Bdd.FALSE, () -> {
        throw new IllegalArgumentException("a waiver must be understood");
      });
      int all = fields.valid;
      for (Contract.Waiver waiver : contract.waivers()) {
        if (waiver.leeway().opens(shouldPass)) {
          all = bdd.minus(all, conditions.set(waiver.packets(), Marks.none(fields)));
        }
      }
      return all;
    }

    Optional<Strayed> first(List<EnforcedRules> states) {
      int old = dropped(before);
      int now = dropped(after);
      int bothPass = bdd.minus(bdd.minus(judged(true), fields.possibly(old)), fields.possibly(now));
      int bothDrop = bdd.and(bdd.and(judged(false), fields.surely(old)), fields.surely(now));
      int passByWay =
          bdd.minus(bdd.minus(judged(true), fields.possiblyByWay(old)), fields.possiblyByWay(now));
      int dropByWay = bdd.minus(
          bdd.minus(judged(false), fields.possiblyByWay(Bdd.not(old))),
          fields.possiblyByWay(Bdd.not(now)));
      Optional<Strayed> perhaps = Optional.empty();
      EnforcedRules last = before;
      for (int number = 0; number < states.size(); number++) {
        Deadline.current().check();
        EnforcedRules rules = states.get(number);
        if (rules.equals(last)) {
          continue;
        }
        last = rules;
        int here = dropped(rules);
        for (boolean shouldPass : new boolean[] {false, true}) {
          int surely = shouldPass
              ? bdd.and(bothPass, fields.surely(here))
              : bdd.minus(bothDrop, fields.possibly(here));
          int possibly = shouldPass
              ? bdd.and(passByWay, fields.possiblyByWay(here))
              : bdd.and(dropByWay, fields.possiblyByWay(Bdd.not(here)));
          if (surely != Bdd.FALSE) {
            return Optional.of(strayed(number, shouldPass, surely, rules));
          }
          if (possibly != Bdd.FALSE && perhaps.isEmpty()) {
            perhaps = Optional.of(strayed(number, shouldPass, possibly, rules));
          }
        }
      }
      return perhaps;
    }

    /** @throws IllegalStateException if the definition says otherwise: a defect of Postern */
    private Strayed strayed(int number, boolean shouldPass, int set, EnforcedRules rules) {
      int source = bdd.lowest(set, fields.source.first(), fields.source.bits());
      int rest = bdd.at(set, fields.source.first(), fields.source.bits(), source);
      int destination = bdd.lowest(rest, fields.destination.first(), fields.destination.bits());
      rest = bdd.at(rest, fields.destination.first(), fields.destination.bits(), destination);
      Packet packet = fields.packet(
          fields.addresses.example(source),
          fields.addresses.example(destination),
          rest,
          state,
          reply);
      Passage.Fate wanted = shouldPass ? Passage.Fate.ACCEPT : Passage.Fate.DROP;
      Passage.Fate first = new Interpreter(before).walk(packet).fate();
      Passage.Fate second = new Interpreter(after).walk(packet).fate();
      Passage passage = new Interpreter(rules).walk(packet);
      if (first != wanted || second != wanted || passage.fate() == wanted) {
        throw new IllegalStateException("the proof says that state " + number + " strays with "
            + packet + ", the interpreter says " + first + ", " + passage + ", " + second);
      }
      return new Strayed(number, shouldPass, packet, passage);
    }
  }
}
