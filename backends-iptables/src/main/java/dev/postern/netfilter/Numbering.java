package dev.postern.netfilter;

import java.util.BitSet;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeSet;

/**
 * Numbers for names, from 1, all different. A name's number depends on the name and mostly on nothing else: that another name comes or goes
 * seldom changes it. Equal names get equal numbers in every run.
 */
public final class Numbering {

  private Numbering() {}

  /**
   * Numbers below a power of two that is at least twice as many as there are names, if there are so many.
   *
   * @param end numbers are below this
   * @throws IllegalArgumentException if there are not enough numbers
   */
  public static Map<String, Integer> of(Collection<String> names, int end) {
    int size = 2;
    while (size < end && size < 2 * (names.size() + 1)) {
      size *= 2;
    }
    return inPlaces(names, Math.min(size, end));
  }

  /**
   * Numbers as widely spread as there is room.
   *
   * @param size numbers are below this
   * @throws IllegalArgumentException if there are not enough numbers
   */
  public static Map<String, Integer> inPlaces(Collection<String> names, int size) {
    if (names.size() >= size) {
      throw new IllegalArgumentException(names.size() + " names for numbers below " + size);
    }
    Map<String, Integer> numbers = new HashMap<>();
    BitSet taken = new BitSet(size);
    for (String name : new TreeSet<>(names)) {
      int number = 1 + Integer.remainderUnsigned(spread(name.hashCode()), size - 1);
      while (taken.get(number)) {
        number = number % (size - 1) + 1;
      }
      taken.set(number);
      numbers.put(name, number);
    }
    return numbers;
  }

  private static int spread(int hash) {
    int mixed = (hash ^ hash >>> 16) * 0x85EBCA6B;
    mixed = (mixed ^ mixed >>> 13) * 0xC2B2AE35;
    return mixed ^ mixed >>> 16;
  }
}
