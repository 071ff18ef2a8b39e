package dev.postern.prove;

import dev.postern.deadline.Deadline;
import dev.postern.policy.Direction;
import java.util.Map;
import java.util.Optional;

/**
 * Holds what the rules drop against what the policies let pass, source by source and destination by destination. A packet has to be dropped
 * iff the source's egress or the destination's ingress denies it, so that each side can be compared alone; only what one side can't
 * explain is held against the other. What no policy is about, exempt pairs and packets that neither end's policies restrict, is judged elsewhere.
 */
final class RuleComparison {

  private final Fields fields;
  private final Bdd bdd;
  private final ExemptPairs exempt;
  private final Policies policies;
  private final Drops drops;
  private final boolean unknowns;
  /** The packets that are judged at all. */
  private final Judged judged;

  /**
   * The packets that are judged at all.
   *
   * @param passing those of which it is asked whether they are dropped though they ought to pass
   * @param dropped those of which it is asked whether they pass though they ought to be dropped
   */
  record Judged(int passing, int dropped) {}

  private final Deadline deadline = Deadline.current();
  /** Where all certain findings are kept; empty if the first is enough. */
  private final Optional<ClassPairs> all;

  private Optional<DifferingClasses> certain = Optional.empty();
  private Optional<DifferingClasses> uncertain = Optional.empty();

  RuleComparison(
      Fields fields,
      ExemptPairs exempt,
      Policies policies,
      Drops drops,
      Judged judged,
      boolean unknowns,
      Optional<ClassPairs> all) {
    this.fields = fields;
    this.bdd = fields.bdd;
    this.exempt = exempt;
    this.policies = policies;
    this.drops = drops;
    this.judged = judged;
    this.all = all;
    this.unknowns = unknowns || fields.hasOpenInterfaces();
  }

  /** What is wrong with new connections; a certain finding if there is one. */
  Optional<DifferingClasses> opening() {
    for (int number = 0; number < fields.addresses.size() && certain.isEmpty(); number++) {
      deadline.check();
      new Side(Direction.EGRESS, number).compare(true, true);
      new Side(Direction.INGRESS, number).compare(true, true);
    }
    return certain.or(() -> uncertain);
  }

  /** What is wrong with known connections: dropped though it has to pass, in any case or where policies allow it. */
  Optional<DifferingClasses> known(boolean whereAllowed) {
    for (int number = 0; number < fields.addresses.size() && certain.isEmpty(); number++) {
      deadline.check();
      new Side(Direction.EGRESS, number).compare(whereAllowed, false);
      new Side(Direction.INGRESS, number).compare(whereAllowed, false);
    }
    return certain.or(() -> uncertain);
  }

  private int at(Fields.Field field, int set, int number) {
    return bdd.at(set, field.first(), field.bits(), number);
  }

  /** The packets of one class on one side: with the source fixed a set over destination and rest, or the other way around. */
  private final class Side {
    private final boolean egress;
    private final int number;
    private final Fields.Field other;
    private final Map<Integer, ExemptPairs.Pair> pairs;

    Side(Direction direction, int number) {
      this.egress = direction == Direction.EGRESS;
      this.number = number;
      this.other = egress ? fields.destination : fields.source;
      this.pairs = egress ? exempt.from(number) : exempt.to(number);
    }

    void compare(boolean policed, boolean mustDropToo) {
      Policies.Passing passing = passing(policed, number, egress);
      int dropped = egress ? drops.row(number) : drops.column(number);
      if (dropped == Bdd.FALSE && (passing.possible() == Bdd.TRUE || !mustDropToo)) {
        return;
      }
      if (mustDropToo && dropped != Bdd.not(passing.possible())) {
        missing(
            bdd.minus(
                bdd.minus(here(judged.dropped()), passing.possible()), fields.neighbourDiscovery),
            dropped);
      }
      excess(
          bdd.and(
              bdd.and(here(judged.passing()), dropped),
              bdd.or(passing.allowed(), fields.neighbourDiscovery)),
          policed);
    }

    private int here(int packets) {
      return egress
          ? at(fields.source, packets, number)
          : bdd.atMiddle(packets, fields.destination.first(), fields.destination.bits(), number);
    }

    private Policies.Passing passing(boolean policed, int of, boolean out) {
      return policed
          ? policies.passing(of, out ? Direction.EGRESS : Direction.INGRESS)
          : new Policies.Passing(Bdd.TRUE, Bdd.TRUE);
    }

    /** Packets that this side's policies deny and that are not dropped. */
    private void missing(int mustDrop, int dropped) {
      int missing = bdd.minus(mustDrop, dropped);
      if (missing == Bdd.FALSE) {
        return;
      }
      bdd.forEach(missing, other.first(), other.bits(), other.size(), (first, end, rest) -> {
        for (int peer = first; peer < end && certain.isEmpty(); peer++) {
          deadline.check();
          ExemptPairs.Pair pair = pairs.get(peer);
          if (pair != null && pair.all()) {
            continue;
          }
          int cell = cell(peer);
          int open = bdd.minus(rest, cell);
          if (open == Bdd.FALSE) {
            continue;
          }
          int always = unknowns
              ? bdd.minus(at(other, mustDrop, peer), fields.possibly(cell, egress ? number : peer))
              : open;
          found(false, peer, always, open);
        }
      });
    }

    /** Packets that this side's policies allow, or that no policy is about, and that are dropped. */
    private void excess(int excess, boolean policed) {
      if (excess == Bdd.FALSE) {
        return;
      }
      bdd.forEach(excess, other.first(), other.bits(), other.size(), (first, end, rest) -> {
        for (int peer = first; peer < end && certain.isEmpty(); peer++) {
          deadline.check();
          ExemptPairs.Pair pair = pairs.get(peer);
          if (isFree(peer) || (pair != null && pair.all())) {
            continue;
          }
          int allowed =
              at(egress ? fields.source : fields.destination, theirs(policed, peer), number);
          int mustPass = bdd.or(allowed, fields.neighbourDiscovery);
          int wrong = bdd.and(rest, mustPass);
          if (wrong == Bdd.FALSE) {
            continue;
          }
          int always =
              unknowns ? bdd.and(wrong, fields.surely(cell(peer), egress ? number : peer)) : wrong;
          found(true, peer, always, wrong);
        }
      });
    }

    /** Whether neither end's policies restrict anything: such packets are judged elsewhere, also those of known connections. */
    private boolean isFree(int peer) {
      return passing(true, number, egress).allowed() == Bdd.TRUE
          && passing(true, peer, !egress).allowed() == Bdd.TRUE;
    }

    /** What the other end lets pass. */
    private int theirs(boolean policed, int peer) {
      return passing(policed, peer, !egress).allowed();
    }

    private int cell(int peer) {
      return egress ? drops.cell(number, peer) : drops.cell(peer, number);
    }

    private void found(boolean shouldPass, int peer, int always, int perhaps) {
      note(shouldPass, egress ? number : peer, egress ? peer : number, always, perhaps);
    }
  }

  private void note(boolean shouldPass, int source, int destination, int always, int perhaps) {
    if (always != Bdd.FALSE && all.isPresent()) {
      all.get().add(source, destination);
    } else if (always != Bdd.FALSE) {
      certain =
          Optional.of(DifferingClasses.of(fields, shouldPass, source, destination, always, true));
    } else if (uncertain.isEmpty()) {
      uncertain =
          Optional.of(DifferingClasses.of(fields, shouldPass, source, destination, perhaps, false));
    }
  }
}
