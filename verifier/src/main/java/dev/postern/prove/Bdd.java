package dev.postern.prove;

import dev.postern.deadline.Deadline;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/**
 * Reduced ordered binary decision diagrams in one arena: sets of bit strings, equal sets are equal numbers. An edge is twice a node's
 * number, plus one where the set is complemented, so that a complement costs nothing. Nodes live as long as the arena.
 */
final class Bdd {

  static final int TRUE = 0;
  static final int FALSE = 1;

  /** After every variable: the level of the terminal. */
  private static final int TERMINAL = Integer.MAX_VALUE;

  /** What is looked at together lies together: of each node the level, the low and the high edge, and a place that is free. */
  private int[] nodes = new int[4 << 12];

  /** So many nodes are looked up before the clock is. */
  private static final int LOOKS = 1 << 10;

  private final Deadline deadline = Deadline.current();
  private int looks;

  private int size = 1;
  private int[] table = new int[1 << 13];

  private int cacheMask = (1 << 14) - 1;
  /** Of each entry both operands, the result, and a place that is free; no operand is 0 where there is none. */
  private int[] cache = new int[4 << 14];

  Bdd() {
    nodes[0] = TERMINAL;
  }

  /** How many nodes were ever made. */
  int size() {
    return size;
  }

  static int not(int set) {
    return set ^ 1;
  }

  int level(int set) {
    return nodes[set >> 1 << 2];
  }

  /** The part of a set, which tests its first variable, where that is 0. */
  int low(int set) {
    return nodes[(set >> 1 << 2) + 1] ^ (set & 1);
  }

  /** The part where it is 1. */
  int high(int set) {
    return nodes[(set >> 1 << 2) + 2] ^ (set & 1);
  }

  /** If the variable then {@code high} else {@code low}; both test later variables only. */
  int node(int variable, int low, int high) {
    if (low == high) {
      return low;
    }
    return (high & 1) == 1 ? make(variable, low ^ 1, high ^ 1) ^ 1 : make(variable, low, high);
  }

  private int make(int variable, int lowEdge, int highEdge) {
    if (++looks % LOOKS == 0) {
      deadline.check();
    }
    int slot = hash(variable, lowEdge, highEdge) & (table.length - 1);
    while (table[slot] != 0) {
      int known = table[slot];
      int at = known << 2;
      if (nodes[at + 1] == lowEdge && nodes[at + 2] == highEdge && nodes[at] == variable) {
        return known << 1;
      }
      slot = (slot + 1) & (table.length - 1);
    }
    if (size << 2 == nodes.length) {
      nodes = Arrays.copyOf(nodes, 2 * nodes.length);
    }
    int free = size << 2;
    nodes[free] = variable;
    nodes[free + 1] = lowEdge;
    nodes[free + 2] = highEdge;
    table[slot] = size;
    int made = size++;
    if (2 * size > table.length) {
      rehash();
    }
    return made << 1;
  }

  private void rehash() {
    int[] larger = new int[2 * table.length];
    for (int node = 1; node < size; node++) {
      int at = node << 2;
      int slot = hash(nodes[at], nodes[at + 1], nodes[at + 2]) & (larger.length - 1);
      while (larger[slot] != 0) {
        slot = (slot + 1) & (larger.length - 1);
      }
      larger[slot] = node;
    }
    table = larger;
    if (cacheMask < (1 << 21) - 1 && larger.length > cacheMask) {
      cacheMask = 2 * cacheMask + 1;
      cache = new int[cacheMask + 1 << 2];
    }
  }

  private static int hash(int a, int b, int c) {
    int h = a * 0x9E3779B1 + b;
    h = h * 0x85EBCA6B + c;
    h *= 0xC2B2AE35;
    return h ^ (h >>> 15);
  }

  int and(int one, int other) {
    if (one == other || other == TRUE) {
      return one;
    }
    if (one == TRUE) {
      return other;
    }
    if (one == FALSE || other == FALSE || one == (other ^ 1)) {
      return FALSE;
    }
    int a = Math.min(one, other);
    int b = Math.max(one, other);
    int slot = (hash(a, b, 0) & cacheMask) << 2;
    if (cache[slot] == a && cache[slot + 1] == b) {
      return cache[slot + 2];
    }
    int levelA = level(a);
    int levelB = level(b);
    int top = Math.min(levelA, levelB);
    int lowPart = and(levelA == top ? low(a) : a, levelB == top ? low(b) : b);
    int highPart = and(levelA == top ? high(a) : a, levelB == top ? high(b) : b);
    int result = node(top, lowPart, highPart);
    slot = (hash(a, b, 0) & cacheMask) << 2;
    cache[slot] = a;
    cache[slot + 1] = b;
    cache[slot + 2] = result;
    return result;
  }

  int or(int one, int other) {
    return and(one ^ 1, other ^ 1) ^ 1;
  }

  int minus(int one, int other) {
    return and(one, other ^ 1);
  }

  int ite(int condition, int then, int otherwise) {
    return or(and(condition, then), and(condition ^ 1, otherwise));
  }

  /** The union of many sets, by halves so that the parts stay small. */
  int or(int[] sets, int from, int to) {
    if (to - from == 0) {
      return FALSE;
    }
    if (to - from == 1) {
      return sets[from];
    }
    int middle = (from + to) >>> 1;
    return or(or(sets, from, middle), or(sets, middle, to));
  }

  /**
   * The numbers in some runs, as a set over consecutive variables, most significant bit first.
   *
   * @param first the first variable
   * @param bits how many
   * @param runs pairs of first (in) and end (out), ascending, not touching
   * @param size how many pairs
   */
  int runs(int first, int bits, int[] runs, int size) {
    cursor = 0;
    return runs(first, bits, 0, runs, size);
  }

  private int cursor;

  private int runs(int variable, int bits, int from, int[] runs, int size) {
    int end = from + (1 << bits);
    while (cursor < size && runs[2 * cursor + 1] <= from) {
      cursor++;
    }
    if (cursor == size || runs[2 * cursor] >= end) {
      return FALSE;
    }
    if (runs[2 * cursor] <= from && runs[2 * cursor + 1] >= end) {
      return TRUE;
    }
    int lower = runs(variable + 1, bits - 1, from, runs, size);
    int upper = runs(variable + 1, bits - 1, from + (1 << (bits - 1)), runs, size);
    return node(variable, lower, upper);
  }

  /**
   * A table over consecutive variables, most significant bit first: for each number its own set over later variables, and nothing for the
   * others.
   *
   * @param numbers ascending
   * @param sets one for each number
   */
  int table(int first, int bits, int[] numbers, int[] sets) {
    return table(first, bits, numbers, sets, 0, numbers.length, 0);
  }

  private int table(int variable, int bits, int[] numbers, int[] sets, int from, int to, int base) {
    if (from == to) {
      return FALSE;
    }
    if (bits == 0) {
      return sets[from];
    }
    int middle = base + (1 << (bits - 1));
    int at = Arrays.binarySearch(numbers, from, to, middle);
    int split = at >= 0 ? at : -at - 1;
    return node(
        variable,
        table(variable + 1, bits - 1, numbers, sets, from, split, base),
        table(variable + 1, bits - 1, numbers, sets, split, to, middle));
  }

  /** The set that one number over the first variables from {@code first} on leaves of a set that tests none before. */
  int at(int set, int first, int bits, int number) {
    int rest = set;
    while (true) {
      int variable = level(rest);
      if (variable >= first + bits) {
        return rest;
      }
      rest = (number >> (first + bits - 1 - variable) & 1) == 1 ? high(rest) : low(rest);
    }
  }

  /** {@link #at} for variables in the middle: a set over the variables before and after them. */
  int atMiddle(int set, int first, int bits, int number) {
    return atMiddle(set, first, bits, number, new HashMap<>());
  }

  private int atMiddle(int set, int first, int bits, int number, Map<Integer, Integer> done) {
    int variable = level(set);
    if (variable >= first) {
      return at(set, first, bits, number);
    }
    Integer known = done.get(set);
    if (known != null) {
      return known;
    }
    int result = node(
        variable,
        atMiddle(low(set), first, bits, number, done),
        atMiddle(high(set), first, bits, number, done));
    done.put(set, result);
    return result;
  }

  /** Takes a run of numbers that leave the same rest. */
  interface Visitor {
    void run(int first, int end, int rest);
  }

  /** Visits, ascending, all numbers over the first variables that leave something of a set that tests none before. */
  void forEach(int set, int first, int bits, int size, Visitor visitor) {
    forEach(set, first, bits, 0, size, visitor);
  }

  private void forEach(int set, int variable, int bits, int from, int size, Visitor visitor) {
    if (set == FALSE || from >= size) {
      return;
    }
    if (bits == 0 || level(set) >= variable + bits) {
      visitor.run(from, Math.min(size, from + (1 << bits)), set);
      return;
    }
    boolean tests = level(set) == variable;
    forEach(tests ? low(set) : set, variable + 1, bits - 1, from, size, visitor);
    int middle = from + (1 << (bits - 1));
    forEach(tests ? high(set) : set, variable + 1, bits - 1, middle, size, visitor);
  }

  /** The bit strings that are in the set whatever the variables from {@code first} on, the last ones, are. */
  int forAll(int set, int first) {
    return forAll(set, first, new HashMap<>());
  }

  private int forAll(int set, int first, Map<Integer, Integer> done) {
    int variable = level(set);
    if (variable == TERMINAL) {
      return set;
    }
    if (variable >= first) {
      return FALSE;
    }
    Integer known = done.get(set);
    if (known != null) {
      return known;
    }
    int result = node(variable, forAll(low(set), first, done), forAll(high(set), first, done));
    done.put(set, result);
    return result;
  }

  /** The lowest number over some variables that leaves something of a set that tests none before them; the set is not empty. */
  int lowest(int set, int first, int bits) {
    int number = 0;
    int rest = set;
    for (int i = 0; i < bits; i++) {
      number <<= 1;
      if (level(rest) == first + i) {
        if (low(rest) == FALSE) {
          number |= 1;
          rest = high(rest);
        } else {
          rest = low(rest);
        }
      }
    }
    return number;
  }
}
