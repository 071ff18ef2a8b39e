package dev.postern.plan;

import java.util.function.IntConsumer;
import java.util.stream.IntStream;

/** Shares work between two threads where there is enough of it: more would take the processor from whoever embeds Postern. */
final class Halves {

  /** Below so many steps one thread is done before a second has started. */
  private static final int MANY = 2_000;

  private Halves() {}

  /** Does a step for each number from 0 up to, not including, the count; in two threads, each in ascending order, if there are many. */
  static void forEach(int count, IntConsumer step) {
    int parts = count < MANY ? 1 : 2;
    IntStream.range(0, parts).parallel().forEach(part -> {
      for (int i = (int) ((long) count * part / parts);
          i < (int) ((long) count * (part + 1) / parts);
          i++) {
        step.accept(i);
      }
    });
  }
}
