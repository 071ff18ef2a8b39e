package dev.postern.solver;

import dev.postern.deadline.Deadline;
import java.time.Duration;

/**
 * How much work Z3 may spend on one query; what takes more is undecided, never a yes or a no.
 *
 * @param timeout wall clock, at least a millisecond: the same query may be decided on one machine and not on another
 * @param steps Z3's own count of what it has done ({@code rlimit}), the same on every machine; 0 for no such limit
 */
public record Limits(Duration timeout, int steps) {

  /** Thirty seconds, however many steps. */
  public static final Limits DEFAULT = new Limits(Duration.ofSeconds(30), 0);

  /** @throws IllegalArgumentException if the timeout is below a millisecond, or the steps are negative */
  public Limits {
    if (timeout.toMillis() < 1) {
      throw new IllegalArgumentException("a timeout is at least a millisecond, not " + timeout);
    }
    if (steps < 0) {
      throw new IllegalArgumentException("steps are not negative as " + steps);
    }
  }

  /** A limit in time alone. */
  public static Limits of(Duration timeout) {
    return new Limits(timeout, 0);
  }

  /** The same time, and so many steps. */
  public Limits withSteps(int most) {
    return new Limits(timeout, most);
  }

  /** The same, but no more time than is left until a deadline. */
  public Limits within(Deadline deadline) {
    return new Limits(deadline.atMost(timeout), steps);
  }

  int milliseconds() {
    return (int) Math.min(Integer.MAX_VALUE, timeout.toMillis());
  }
}
