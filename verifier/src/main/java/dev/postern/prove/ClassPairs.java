package dev.postern.prove;

import java.util.HashSet;
import java.util.Set;

/** Pairs of address classes that were found to differ, and what they come to in pods. */
final class ClassPairs {

  private final Set<Long> pairs = new HashSet<>();

  void add(int source, int destination) {
    pairs.add((long) source << 32 | destination);
  }

  /** Adds pairs of runs of numbers, each from its first to before its end. */
  void add(int firstSource, int endSource, int firstDestination, int endDestination) {
    for (int source = firstSource; source < endSource; source++) {
      for (int destination = firstDestination; destination < endDestination; destination++) {
        add(source, destination);
      }
    }
  }

  Extent extent(AddressClasses addresses) {
    long[] sizes = new long[addresses.size()];
    long all = 0;
    for (int number = 0; number < sizes.length; number++) {
      sizes[number] = addresses.isPoliced(number) ? addresses.ranges(number).size() : 0;
      all += sizes[number];
    }
    long found = 0;
    Set<Integer> withOthers = new HashSet<>();
    for (long pair : pairs) {
      int source = (int) (pair >> 32);
      int destination = (int) pair;
      boolean from = addresses.isPoliced(source);
      boolean to = addresses.isPoliced(destination);
      if (from && to) {
        // A pod and itself are no pair.
        found += sizes[source] * (sizes[destination] - (source == destination ? 1 : 0));
      } else if (from || to) {
        withOthers.add(from ? source : destination);
      }
    }
    long pods = withOthers.stream().mapToLong(number -> sizes[number]).sum();
    return new Extent(found, all * (all - 1), pods, all);
  }
}
