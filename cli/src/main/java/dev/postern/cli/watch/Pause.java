package dev.postern.cli.watch;

import java.time.Duration;

/** What lies between two rounds. */
@FunctionalInterface
public interface Pause {

  /** Waits for the next round; false if there is to be none. */
  boolean await();

  /** A pause of this length, or until something is noticed; there is no further round once the thread is interrupted. */
  static Pause of(Duration length, Notices notices) {
    return () -> {
      try {
        notices.await(length);
        return true;
      } catch (InterruptedException end) {
        Thread.currentThread().interrupt();
        return false;
      }
    };
  }
}
