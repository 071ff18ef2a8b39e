package dev.postern.deadline;

import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * A moment after which work is given up. Work is begun under one with {@link #during}; every loop that may be long calls {@link #check} on
 * {@link #current}, which ends it with {@link Passed} once the moment has passed. No thread is stopped from outside, so that nothing is left
 * half done. Immutable and safe for many threads; a thread that takes over a part of the work begins it under the same deadline.
 */
public final class Deadline {

  /** Never passes. */
  public static final Deadline NONE = new Deadline(Duration.ZERO, Long.MAX_VALUE, () -> 0);

  private static final ThreadLocal<Deadline> CURRENT = ThreadLocal.withInitial(() -> NONE);

  private final Duration allowed;
  private final long end;
  private final LongSupplier nanoseconds;

  /** Time is over: nothing that the work has found out so far decides anything. */
  public static final class Passed extends RuntimeException {
    private static final long serialVersionUID = 1;

    private Passed(Duration allowed) {
      super("it was not decided within " + words(allowed), null, false, false);
    }

    private static String words(Duration allowed) {
      return allowed.toMillis() % 1_000 == 0
          ? allowed.toSeconds() + " s"
          : allowed.toMillis() + " ms";
    }
  }

  /** What is done under a deadline. */
  @FunctionalInterface
  public interface Work<T, E extends Exception> {
    /** Does it. */
    T run() throws E;
  }

  private Deadline(Duration allowed, long end, LongSupplier nanoseconds) {
    this.allowed = allowed;
    this.end = end;
    this.nanoseconds = nanoseconds;
  }

  /** So long from now on. */
  public static Deadline after(Duration allowed) {
    return after(allowed, System::nanoTime);
  }

  /**
   * So long from now on by a clock.
   *
   * @param nanoseconds a clock that never goes back, in nanoseconds since any moment
   */
  public static Deadline after(Duration allowed, LongSupplier nanoseconds) {
    return new Deadline(allowed, nanoseconds.getAsLong() + allowed.toNanos(), nanoseconds);
  }

  /** The deadline that this thread works under; {@link #NONE} if it was begun under none. */
  public static Deadline current() {
    return CURRENT.get();
  }

  /** Does work under this deadline, in this thread; the deadline of before holds again afterwards. */
  public <T, E extends Exception> T during(Work<T, E> work) throws E {
    Deadline before = CURRENT.get();
    CURRENT.set(this);
    try {
      return work.run();
    } finally {
      if (before == NONE) {
        CURRENT.remove();
      } else {
        CURRENT.set(before);
      }
    }
  }

  /**
   * Goes on if there is time left.
   *
   * @throws Passed if there is none
   */
  public void check() {
    if (hasPassed()) {
      throw new Passed(allowed);
    }
  }

  /** Whether no time is left. */
  public boolean hasPassed() {
    return this != NONE && end - nanoseconds.getAsLong() <= 0;
  }

  /** The time that is left, or this other time if that is shorter; at least a millisecond. */
  public Duration atMost(Duration other) {
    if (this == NONE) {
      return other;
    }
    long left = Math.max(1_000_000, end - nanoseconds.getAsLong());
    return other.toNanos() < left ? other : Duration.ofNanos(left);
  }
}
