package dev.postern.algebra;

import java.util.Arrays;

/** Numbers equal sequences of ints equally, 0, 1, 2 … in order of first sight: an open-addressing table over one arena. For one thread. */
public final class Signatures {

  private int[] arena;
  private int used;
  private int[] starts;
  private int size;
  private int[] table;

  /** With room at first for some hundreds. */
  public Signatures() {
    this(256);
  }

  /** With room at first for so many sequences, a power of two. */
  public Signatures(int expected) {
    arena = new int[4 * expected];
    starts = new int[expected];
    table = new int[2 * expected];
    Arrays.fill(table, -1);
  }

  /** How many distinct sequences were seen. */
  public int size() {
    return size;
  }

  /** The number of the first {@code length} ints of the buffer. */
  public int intern(int[] buffer, int length) {
    return intern(buffer, 0, length);
  }

  /** The number of the ints of the buffer from one index up to, not including, another. */
  public int intern(int[] buffer, int from, int to) {
    int slot = hash(buffer, from, to) & (table.length - 1);
    while (table[slot] >= 0) {
      int id = table[slot];
      if (Arrays.equals(arena, starts[id], end(id), buffer, from, to)) {
        return id;
      }
      slot = (slot + 1) & (table.length - 1);
    }
    int id = size++;
    append(buffer, from, to, id);
    table[slot] = id;
    if (2 * size > table.length) {
      grow();
    }
    return id;
  }

  /** The sequence that has this number. */
  public int[] get(int id) {
    return Arrays.copyOfRange(arena, starts[id], end(id));
  }

  /** Where a sequence starts: the first argument for {@link #at}. */
  public int start(int id) {
    return starts[id];
  }

  /** The int at a place between a sequence's start and end. */
  public int at(int place) {
    return arena[place];
  }

  /** The place after a sequence's last. */
  public int end(int id) {
    return id + 1 < size ? starts[id + 1] : used;
  }

  private void append(int[] buffer, int from, int to, int id) {
    int length = to - from;
    if (used + length > arena.length) {
      arena = Arrays.copyOf(arena, Math.max(2 * arena.length, used + length));
    }
    if (id == starts.length) {
      starts = Arrays.copyOf(starts, 2 * id);
    }
    starts[id] = used;
    System.arraycopy(buffer, from, arena, used, length);
    used += length;
  }

  private void grow() {
    table = new int[2 * table.length];
    Arrays.fill(table, -1);
    for (int id = 0; id < size; id++) {
      int slot = hash(arena, starts[id], end(id)) & (table.length - 1);
      while (table[slot] >= 0) {
        slot = (slot + 1) & (table.length - 1);
      }
      table[slot] = id;
    }
  }

  private static int hash(int[] values, int from, int to) {
    int hash = to - from;
    for (int i = from; i < to; i++) {
      hash = (hash ^ values[i]) * 0x9E3779B1;
      hash ^= hash >>> 15;
    }
    return hash;
  }
}
