package dev.postern.net;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/** A set of port numbers 1..65535 as disjoint, sorted, maximal intervals; equal sets are equal values. */
public final class PortSet {

  public static final int MIN = 1;
  public static final int MAX = 65535;
  public static final PortSet NONE = new PortSet(new int[0]);
  public static final PortSet ALL = new PortSet(new int[] {MIN, MAX});

  /**
   * An interval of ports.
   *
   * @param first 1..65535
   * @param last 1..65535, not below the first
   */
  public record Interval(int first, int last) {
    @Override
    public String toString() {
      return first == last ? Integer.toString(first) : first + "-" + last;
    }
  }

  /** Pairs of first and last, ascending. */
  private final int[] bounds;

  private final int hash;

  private PortSet(int[] bounds) {
    this.bounds = bounds;
    this.hash = Arrays.hashCode(bounds);
  }

  public static PortSet of(int port) {
    return range(port, port);
  }

  /**
   * All ports from the first to the last.
   *
   * @throws IllegalArgumentException unless {@code 1 <= first <= last <= 65535}
   */
  public static PortSet range(int first, int last) {
    if (first < MIN || last > MAX || first > last) {
      throw new IllegalArgumentException("no ports from " + first + " to " + last);
    }
    return new PortSet(new int[] {first, last});
  }

  public boolean isEmpty() {
    return bounds.length == 0;
  }

  public boolean isAll() {
    return equals(ALL);
  }

  /** How many ports. */
  public int size() {
    int size = 0;
    for (int i = 0; i < bounds.length; i += 2) {
      size += bounds[i + 1] - bounds[i] + 1;
    }
    return size;
  }

  public boolean contains(int port) {
    int at = Arrays.binarySearch(bounds, port);
    return at >= 0 || (-at - 1) % 2 == 1;
  }

  /** Whether every port of another set is in this one. */
  public boolean containsAll(PortSet other) {
    int at = 0;
    for (int i = 0; i < other.bounds.length; i += 2) {
      while (at < bounds.length && bounds[at + 1] < other.bounds[i]) {
        at += 2;
      }
      if (at == bounds.length
          || bounds[at] > other.bounds[i]
          || bounds[at + 1] < other.bounds[i + 1]) {
        return false;
      }
    }
    return true;
  }

  /** Whether some port is in both sets. */
  public boolean intersects(PortSet other) {
    int at = 0;
    for (int i = 0; i < other.bounds.length; i += 2) {
      while (at < bounds.length && bounds[at + 1] < other.bounds[i]) {
        at += 2;
      }
      if (at < bounds.length && bounds[at] <= other.bounds[i + 1]) {
        return true;
      }
    }
    return false;
  }

  public PortSet union(PortSet other) {
    return isEmpty() ? other : other.isEmpty() ? this : combine(other, true, true, true);
  }

  public PortSet intersect(PortSet other) {
    return isEmpty() || other.isEmpty() ? NONE : combine(other, true, false, false);
  }

  public PortSet minus(PortSet other) {
    return isEmpty() || other.isEmpty() ? this : combine(other, false, true, false);
  }

  public PortSet complement() {
    return ALL.minus(this);
  }

  /** Sweeps over both sets' bounds; the flags say whether a port in both, only here, only there is in the result. */
  private PortSet combine(PortSet other, boolean both, boolean here, boolean there) {
    int[] out = new int[bounds.length + other.bounds.length + 2];
    int size = 0;
    int i = 0;
    int j = 0;
    boolean inHere = false;
    boolean inThere = false;
    boolean in = false;
    while (i < bounds.length || j < other.bounds.length) {
      // Even positions open at their port, odd positions close after it.
      int a = i < bounds.length ? bounds[i] + i % 2 : Integer.MAX_VALUE;
      int b = j < other.bounds.length ? other.bounds[j] + j % 2 : Integer.MAX_VALUE;
      int at = Math.min(a, b);
      while (i < bounds.length && bounds[i] + i % 2 == at) {
        inHere = i % 2 == 0;
        i++;
      }
      while (j < other.bounds.length && other.bounds[j] + j % 2 == at) {
        inThere = j % 2 == 0;
        j++;
      }
      boolean now = inHere ? (inThere ? both : here) : inThere && there;
      if (now != in) {
        out[size++] = now ? at : at - 1;
        in = now;
      }
    }
    return size == 0 ? NONE : new PortSet(Arrays.copyOf(out, size));
  }

  public List<Interval> intervals() {
    return IntStream.range(0, bounds.length / 2)
        .mapToObj(i -> new Interval(bounds[2 * i], bounds[2 * i + 1]))
        .toList();
  }

  @Override
  public boolean equals(Object other) {
    return this == other
        || (other instanceof PortSet set && hash == set.hash && Arrays.equals(bounds, set.bounds));
  }

  @Override
  public int hashCode() {
    return hash;
  }

  /** {@code 80,443,8000-8080}. */
  @Override
  public String toString() {
    return String.join(",", intervals().stream().map(Interval::toString).toList());
  }
}
