package dev.postern.deadline;

import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * A moment after which work is given up. Work is begun under one with {@link #during}; every loop that may be long calls {@link #check} on
 * {@link #current}, which ends it with {@link Passed} once the moment has passed. No thread is stopped from outside, so that nothing is left
 * half done; only those outside that are waited for, as servers and programs, are left to themselves ({@link #await}). Immutable and safe for many threads; a thread that takes over a part of the work begins it under the same deadline.
 */
public final class Deadline {

  /** Never passes. */
  public static final Deadline NONE = new Deadline(Duration.ZERO, Long.MAX_VALUE, () -> 0);

  /** How often the clock is looked at while others are waited for. */
  private static final Duration LOOK = Duration.ofMillis(100);

  private static final ThreadLocal<Deadline> CURRENT = ThreadLocal.withInitial(() -> NONE);

  private final Duration allowed;
  private final long end;
  private final LongSupplier nanoseconds;

  /** Time is over: nothing that the work has found out so far decides anything. */
  public static final class Passed extends RuntimeException {
    private static final long serialVersionUID = 1;

    private Passed(Duration allowed, String why) {
      super("it was not decided within " + words(allowed) + why, null, false, false);
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
    /**
     * Does it.
     *
     * @throws E as what is done does
     */
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

  /**
   * Does work under this deadline, in this thread; the deadline of before holds again afterwards.
   *
   * @throws E as the work does
   */
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
      throw new Passed(allowed, "");
    }
  }

  /**
   * Does what waits for others, a server or a program, in a thread of its own, and waits for it no longer than until time is over.
   *
   * @param whom who is waited for, in the words of a message
   * @param abandon ends what is waited for once time is over, as far as that is possible
   * @throws Passed if time is over first
   */
  public <T> T await(String whom, Supplier<T> work, Runnable abandon) {
    if (this == NONE) {
      return work.get();
    }
    FutureTask<T> task = new FutureTask<>(() -> during(work::get));
    Thread waiting = new Thread(task, "waiting for " + whom);
    waiting.setDaemon(true);
    waiting.start();
    while (true) {
      try {
        return task.get(atMost(LOOK).toNanos(), TimeUnit.NANOSECONDS);
      } catch (TimeoutException stillWaiting) {
        if (hasPassed()) {
          abandon.run();
          task.cancel(true);
          throw new Passed(allowed, ": " + whom + " did not answer in time");
        }
      } catch (ExecutionException failed) {
        if (failed.getCause() instanceof RuntimeException problem) {
          throw problem;
        }
        if (failed.getCause() instanceof Error error) {
          throw error;
        }
        throw new AssertionError(failed.getCause());
      } catch (InterruptedException stop) {
        Thread.currentThread().interrupt();
        abandon.run();
        throw new Passed(allowed, ": waiting for " + whom + " was interrupted");
      }
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
