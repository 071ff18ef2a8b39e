package dev.postern.testing;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;

/** Seeded choices; equal seeds choose equally on every machine. */
final class SeededRandom {

  private final RandomGenerator random;

  SeededRandom(long seed) {
    this(new SplittableRandom(seed));
  }

  SeededRandom(RandomGenerator random) {
    this.random = random;
  }

  /** True in so many of a hundred cases. */
  boolean percent(int chance) {
    return random.nextInt(100) < chance;
  }

  /** A number from the first to the last, both included. */
  int between(int first, int last) {
    return random.nextInt(first, last + 1);
  }

  long seed() {
    return random.nextLong();
  }

  List<Long> seeds(int count) {
    return random.longs(count).boxed().toList();
  }

  <T> T pick(List<T> from) {
    return from.get(random.nextInt(from.size()));
  }

  int pick(int... from) {
    return from[random.nextInt(from.length)];
  }

  /** So many different ones of these, or all if there are not as many, in random order. */
  <T> List<T> some(int count, List<T> from) {
    List<T> rest = new ArrayList<>(from);
    List<T> chosen = new ArrayList<>();
    while (chosen.size() < count && !rest.isEmpty()) {
      chosen.add(rest.remove(random.nextInt(rest.size())));
    }
    return chosen;
  }
}
