package dev.postern.algebra;

import java.util.Arrays;
import java.util.List;
import java.util.function.IntConsumer;
import java.util.stream.IntStream;

/**
 * A set of class numbers as disjoint, sorted, maximal runs. Classes are numbered in namespace order, so that a namespace, and an address
 * block, is one run.
 */
public final class ClassSet implements Comparable<ClassSet> {

  public static final ClassSet EMPTY = new ClassSet(new int[0]);

  /** Pairs of first (in) and end (out), ascending. */
  private final int[] runs;

  private ClassSet(int[] runs) {
    this.runs = runs;
  }

  public static ClassSet of(int... members) {
    Builder builder = new Builder();
    Arrays.stream(members).sorted().forEach(builder::add);
    return builder.build();
  }

  /** All numbers from the first up to, not including, the end. */
  public static ClassSet range(int first, int end) {
    return first >= end ? EMPTY : new ClassSet(new int[] {first, end});
  }

  /** Collects members in ascending order. For one thread. */
  public static final class Builder {
    private int[] runs = new int[8];
    private int size;

    /** Adds a number not below any added before. */
    public Builder add(int member) {
      return addRange(member, member + 1);
    }

    /** Adds the numbers from first up to, not including, end; first not below any added before. */
    public Builder addRange(int first, int end) {
      if (first >= end) {
        return this;
      }
      if (size > 0 && runs[size - 1] >= first) {
        runs[size - 1] = Math.max(runs[size - 1], end);
        return this;
      }
      if (size == runs.length) {
        runs = Arrays.copyOf(runs, 2 * size);
      }
      runs[size++] = first;
      runs[size++] = end;
      return this;
    }

    public boolean isEmpty() {
      return size == 0;
    }

    /** Forgets all members. */
    public void clear() {
      size = 0;
    }

    public ClassSet build() {
      return size == 0 ? EMPTY : new ClassSet(Arrays.copyOf(runs, size));
    }
  }

  public boolean isEmpty() {
    return runs.length == 0;
  }

  /** How many members. */
  public int size() {
    int size = 0;
    for (int i = 0; i < runs.length; i += 2) {
      size += runs[i + 1] - runs[i];
    }
    return size;
  }

  /** How many runs of consecutive numbers. */
  public int runs() {
    return runs.length / 2;
  }

  /** The first number of a run 0..runs-1. */
  public int runFirst(int run) {
    return runs[2 * run];
  }

  /** The number after the last of a run 0..runs-1. */
  public int runEnd(int run) {
    return runs[2 * run + 1];
  }

  /**
   * The lowest member.
   *
   * @throws ArrayIndexOutOfBoundsException if the set is empty
   */
  public int first() {
    return runs[0];
  }

  public boolean contains(int member) {
    int at = Arrays.binarySearch(runs, member);
    return at >= 0 ? at % 2 == 0 : (-at - 1) % 2 == 1;
  }

  public boolean containsAll(ClassSet other) {
    return other.minus(this).isEmpty();
  }

  public boolean intersects(ClassSet other) {
    int i = 0;
    int j = 0;
    while (i < runs.length && j < other.runs.length) {
      if (runs[i + 1] <= other.runs[j]) {
        i += 2;
      } else if (other.runs[j + 1] <= runs[i]) {
        j += 2;
      } else {
        return true;
      }
    }
    return false;
  }

  public ClassSet union(ClassSet other) {
    return isEmpty() ? other : other.isEmpty() ? this : combine(other, true, true, true);
  }

  /** The members of any of these sets. */
  public static ClassSet union(List<ClassSet> sets) {
    if (sets.size() <= 1) {
      return sets.isEmpty() ? EMPTY : sets.get(0);
    }
    int count = 0;
    for (ClassSet set : sets) {
      count += set.runs();
    }
    long[] all = new long[count];
    int size = 0;
    for (ClassSet set : sets) {
      for (int i = 0; i < set.runs.length; i += 2) {
        all[size++] = (long) set.runs[i] << 32 | set.runs[i + 1];
      }
    }
    Arrays.sort(all);
    Builder builder = new Builder();
    for (long run : all) {
      builder.addRange((int) (run >>> 32), (int) run);
    }
    return builder.build();
  }

  public ClassSet intersect(ClassSet other) {
    return isEmpty() || other.isEmpty() ? EMPTY : combine(other, true, false, false);
  }

  /** The members that the other set lacks. */
  public ClassSet minus(ClassSet other) {
    return isEmpty() || other.isEmpty() ? this : combine(other, false, true, false);
  }

  /** Sweeps over both sets' bounds; the flags say whether a number in both, only here, only there is in the result. */
  private ClassSet combine(ClassSet other, boolean both, boolean here, boolean there) {
    int[] a = runs;
    int[] b = other.runs;
    int[] out = new int[a.length + b.length];
    int size = 0;
    int i = 0;
    int j = 0;
    boolean in = false;
    while (i < a.length || j < b.length) {
      int nextA = i < a.length ? a[i] : Integer.MAX_VALUE;
      int nextB = j < b.length ? b[j] : Integer.MAX_VALUE;
      int at = Math.min(nextA, nextB);
      if (nextA == at) {
        i++;
      }
      if (nextB == at) {
        j++;
      }
      boolean inA = (i & 1) == 1;
      boolean inB = (j & 1) == 1;
      boolean now = inA ? (inB ? both : here) : inB && there;
      if (now != in) {
        out[size++] = at;
        in = now;
      }
    }
    return size == 0 ? EMPTY : new ClassSet(size == out.length ? out : Arrays.copyOf(out, size));
  }

  public void forEach(IntConsumer action) {
    for (int i = 0; i < runs.length; i += 2) {
      for (int member = runs[i]; member < runs[i + 1]; member++) {
        action.accept(member);
      }
    }
  }

  /** The members, ascending. */
  public IntStream stream() {
    return IntStream.range(0, runs()).flatMap(run -> IntStream.range(runFirst(run), runEnd(run)));
  }

  /** By lowest member, then by the rest of the runs; the empty set first. */
  @Override
  public int compareTo(ClassSet other) {
    return Arrays.compare(runs, other.runs);
  }

  @Override
  public boolean equals(Object other) {
    return this == other || (other instanceof ClassSet set && Arrays.equals(runs, set.runs));
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(runs);
  }

  /** {@code {0-3,7}}. */
  @Override
  public String toString() {
    StringBuilder text = new StringBuilder("{");
    for (int run = 0; run < runs(); run++) {
      text.append(run == 0 ? "" : ",").append(runFirst(run));
      if (runEnd(run) - 1 > runFirst(run)) {
        text.append('-').append(runEnd(run) - 1);
      }
    }
    return text.append('}').toString();
  }
}
