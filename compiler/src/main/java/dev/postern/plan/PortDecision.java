package dev.postern.plan;

import dev.postern.algebra.Signatures;
import dev.postern.policy.Action;
import dev.postern.policy.Tier;
import java.util.Optional;

/**
 * Whether one port passes to or from one peer, at the classes of one profile. It walks through the profile's lines once, in the order of the
 * tiers, and stops at the line that decides.
 */
final class PortDecision {

  private final RuleBook book;
  private final Signatures profiles;
  private final int peer;
  private final boolean withNames;
  private final long[] holding;
  private int place;
  private final int end;

  /**
   * A decision by the lines from one place of the profiles to, not including, another.
   *
   * @param holding which traffic of the book holds the port
   */
  PortDecision(
      RuleBook book,
      Signatures profiles,
      int peer,
      boolean withNames,
      long[] holding,
      int from,
      int end) {
    this.book = book;
    this.profiles = profiles;
    this.peer = peer;
    this.withNames = withNames;
    this.holding = holding;
    this.place = from;
    this.end = end;
  }

  /** Whether the port passes. */
  boolean passes(boolean isolated) {
    Optional<Action> above = ordered(0, book.firstOf(Tier.NETWORK_POLICY));
    if (above.isPresent() && above.get() != Action.PASS) {
      return above.get() == Action.ALLOW;
    }
    return isolated
        ? any(book.firstOf(Tier.NETWORK_POLICY), book.firstOf(Tier.BASELINE))
        : ordered(book.firstOf(Tier.BASELINE), book.size())
            .filter(Action.DENY::equals)
            .isEmpty();
  }

  /** Goes to the next line below a number that covers the port and the peer, and says whether there is one. */
  private boolean next(int beyond) {
    for (; place < end && profiles.at(place) < beyond; place++) {
      int number = profiles.at(place);
      if (book.isHeld(holding, number) && book.line(number).concerns(peer, withNames)) {
        return true;
      }
    }
    return false;
  }

  private void skip(int number) {
    while (place < end && profiles.at(place) < number) {
      place++;
    }
  }

  /** Whether a line from one number to, not including, another covers the port and the peer. */
  private boolean any(int first, int beyond) {
    skip(first);
    return next(beyond);
  }

  /** The action of an ordered tier: of each policy the first match counts, and of policies with one priority the strictest action. */
  private Optional<Action> ordered(int first, int beyond) {
    skip(first);
    if (!next(beyond)) {
      return Optional.empty();
    }
    RuleBook.Line matched = book.line(profiles.at(place++));
    Action strictest = matched.action();
    while (strictest != Action.DENY && next(beyond)) {
      RuleBook.Line line = book.line(profiles.at(place++));
      if (line.policy().priority() != matched.policy().priority()) {
        break;
      }
      if (line.policy() != matched.policy()) {
        matched = line;
        strictest = stricter(strictest, line.action());
      }
    }
    return Optional.of(strictest);
  }

  private static Action stricter(Action one, Action other) {
    return one == Action.DENY || other == Action.DENY
        ? Action.DENY
        : one == Action.PASS ? one : other;
  }
}
