package dev.postern.plan;

import dev.postern.deadline.Deadline;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntConsumer;
import java.util.function.IntFunction;
import java.util.stream.IntStream;

/** Shares work between two threads where there is enough of it: more would take the processor from whoever embeds Postern. */
final class ParallelWork {

  /** Below so many steps one thread is done before a second has started. */
  private static final int MANY = 2_000;

  private ParallelWork() {}

  /** Does a step for each number from 0 up to, not including, the count; in two threads, each in ascending order, if there are many. */
  static void forEach(int count, IntConsumer step) {
    int parts = count < MANY ? 1 : 2;
    Deadline deadline = Deadline.current();
    map(parts, count, part -> {
      int end = part == parts - 1 ? count : count / parts;
      for (int i = count / parts * part; i < end; i++) {
        deadline.check();
        step.accept(i);
      }
      return part;
    });
  }

  /**
   * Makes one result for each of few parts.
   *
   * @param parts how many
   * @param count how many steps they are all together; only many are shared between threads
   */
  static <T> List<T> map(int parts, int count, IntFunction<T> step) {
    if (parts > 1 && count >= MANY) {
      Deadline deadline = Deadline.current();
      return IntStream.range(0, parts)
          .parallel()
          .mapToObj(part -> deadline.during(() -> step.apply(part)))
          .toList();
    }
    List<T> results = new ArrayList<>(parts);
    for (int part = 0; part < parts; part++) {
      results.add(step.apply(part));
    }
    return results;
  }
}
