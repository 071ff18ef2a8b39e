package dev.postern.cli.live;

import java.time.Duration;

/**
 * How much a server may say: one that is broken, or not what it is taken for, neither fills the memory nor goes on for ever.
 *
 * @param bytes in all its answers together
 * @param answers how many it may be asked for
 * @param each how long one answer may take, from the request to its last byte
 */
record Bounds(long bytes, int answers, Duration each) {

  /** A quarter of what the JVM may use, since answers are kept as text while they are read; and a list of millions of objects. */
  static final Bounds USUAL =
      new Bounds(Runtime.getRuntime().maxMemory() / 4, 5_000, Duration.ofMinutes(1));

  /** A time as a message says it. */
  static String words(Duration time) {
    return time.toMillis() % 1_000 == 0 ? time.toSeconds() + " s" : time.toMillis() + " ms";
  }
}
