package dev.postern.mapdump;

import dev.postern.net.PortSet;
import java.util.ArrayList;
import java.util.List;

/**
 * Ports that share their first bits.
 *
 * @param port the lowest of them
 * @param bits how many bits they share, 0..16
 */
public record PortPrefix(int port, int bits) {

  /** The fewest disjoint prefixes for a set of ports. Port 0 is in none of them, as no set holds it. */
  public static List<PortPrefix> of(PortSet ports) {
    List<PortPrefix> prefixes = new ArrayList<>();
    for (PortSet.Interval interval : ports.intervals()) {
      int from = interval.first();
      while (from <= interval.last()) {
        int size = Integer.lowestOneBit(from);
        while (from + size - 1 > interval.last()) {
          size /= 2;
        }
        prefixes.add(new PortPrefix(from, 16 - Integer.numberOfTrailingZeros(size)));
        from += size;
      }
    }
    return prefixes;
  }
}
