package dev.postern.anomaly;

import dev.postern.net.PortSet;
import dev.postern.net.Protocol;
import dev.postern.net.Traffic;
import java.util.Arrays;

/**
 * All traffic cut into pieces that none of some given traffics tells apart, so that each of these is a mask: a bit a piece, 64 pieces a
 * word. What decides over traffic then decides over a word at a time, and no word depends on another.
 */
final class TrafficAtoms {

  private static final Protocol[] WITH_PORTS = {Protocol.TCP, Protocol.UDP, Protocol.SCTP};

  /** By number of a traffic its mask; of other traffics, anything. */
  private final long[][] masks;

  private int[] bounds = new int[16];
  /** The first port of each piece, by protocol; after them one piece for all other protocols. */
  private final int[][] starts = new int[WITH_PORTS.length][];

  private int size;

  /** Pieces for traffics with numbers below this. */
  TrafficAtoms(int traffics) {
    masks = new long[traffics][];
  }

  /** Cuts as these traffics need it: the first so many of the numbers. Forgets what was before. */
  void cut(RuleLines lines, int[] numbers, int count) {
    size = 0;
    for (int p = 0; p < WITH_PORTS.length; p++) {
      int used = 0;
      bounds[used++] = PortSet.MIN;
      for (int i = 0; i < count; i++) {
        PortSet ports = lines.traffic(numbers[i]).ports(WITH_PORTS[p]);
        if (ports.isEmpty() || ports.isAll()) {
          continue;
        }
        for (PortSet.Interval interval : ports.intervals()) {
          if (used + 2 > bounds.length) {
            bounds = Arrays.copyOf(bounds, 2 * bounds.length);
          }
          bounds[used++] = interval.first();
          if (interval.last() < PortSet.MAX) {
            bounds[used++] = interval.last() + 1;
          }
        }
      }
      Arrays.sort(bounds, 0, used);
      int distinct = 0;
      for (int i = 0; i < used; i++) {
        if (i == 0 || bounds[i] != bounds[i - 1]) {
          bounds[distinct++] = bounds[i];
        }
      }
      starts[p] = Arrays.copyOf(bounds, distinct);
      size += distinct;
    }
    size++;
    for (int i = 0; i < count; i++) {
      masks[numbers[i]] = maskOf(lines.traffic(numbers[i]));
    }
  }

  private long[] maskOf(Traffic traffic) {
    long[] mask = new long[words()];
    int atom = 0;
    for (int p = 0; p < WITH_PORTS.length; p++) {
      PortSet ports = traffic.ports(WITH_PORTS[p]);
      if (!ports.isEmpty()) {
        boolean all = ports.isAll();
        for (int i = 0; i < starts[p].length; i++) {
          if (all || ports.contains(starts[p][i])) {
            mask[(atom + i) >> 6] |= 1L << (atom + i);
          }
        }
      }
      atom += starts[p].length;
    }
    if (traffic.other()) {
      mask[atom >> 6] |= 1L << atom;
    }
    return mask;
  }

  int words() {
    return (size + 63) >> 6;
  }

  /** All pieces of a word. */
  long all(int word) {
    return word < words() - 1 || (size & 63) == 0 ? -1L : (1L << (size & 63)) - 1;
  }

  long mask(int traffic, int word) {
    return masks[traffic][word];
  }

  /** The piece behind the lowest bit of a word, one port of it to stand for all. */
  Traffic first(int word, long bits) {
    int atom = (word << 6) + Long.numberOfTrailingZeros(bits);
    for (int p = 0; p < WITH_PORTS.length; p++) {
      if (atom < starts[p].length) {
        return Traffic.of(WITH_PORTS[p], PortSet.of(starts[p][atom]));
      }
      atom -= starts[p].length;
    }
    return Traffic.of(Protocol.OTHER, PortSet.NONE);
  }
}
