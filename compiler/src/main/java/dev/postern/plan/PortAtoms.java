package dev.postern.plan;

import dev.postern.net.PortSet;
import dev.postern.net.Protocol;
import dev.postern.net.Traffic;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.stream.IntStream;

/**
 * Ports that none of some traffic tells apart, and which traffic holds them: found when first asked for, since a question is about one of
 * perhaps thousands.
 */
final class PortAtoms {

  private final List<Traffic> traffics;
  /** By protocol the first port of each atom, ascending; a protocol without ports is one atom. */
  private final int[][] starts;
  /** By protocol the number of its first atom. */
  private final int[] offsets;
  /** By atom one bit a traffic. */
  private final AtomicReferenceArray<long[]> holding;

  PortAtoms(List<Traffic> traffics) {
    this.traffics = traffics;
    Protocol[] protocols = Protocol.values();
    this.starts = new int[protocols.length][];
    this.offsets = new int[protocols.length];
    int atoms = 0;
    for (Protocol protocol : protocols) {
      starts[protocol.ordinal()] = protocol.hasPorts() ? starts(traffics, protocol) : new int[] {0};
      offsets[protocol.ordinal()] = atoms;
      atoms += starts[protocol.ordinal()].length;
    }
    this.holding = new AtomicReferenceArray<>(atoms);
  }

  private static int[] starts(List<Traffic> traffics, Protocol protocol) {
    return IntStream.concat(
            IntStream.of(PortSet.MIN),
            traffics.stream()
                .flatMap(traffic -> traffic.ports(protocol).intervals().stream())
                .flatMapToInt(interval -> IntStream.of(interval.first(), interval.last() + 1)))
        .sorted()
        .distinct()
        .toArray();
  }

  /**
   * Which traffic holds a port.
   *
   * @param port ignored for a protocol without ports
   * @return one bit for each of the traffic, by its number; not to be changed
   */
  long[] holding(Protocol protocol, int port) {
    int place = protocol.hasPorts() ? Arrays.binarySearch(starts[protocol.ordinal()], port) : 0;
    int atom = offsets[protocol.ordinal()] + (place >= 0 ? place : -place - 2);
    long[] known = holding.get(atom);
    if (known == null) {
      known = new long[(traffics.size() + 63) / 64];
      for (int number = 0; number < traffics.size(); number++) {
        if (traffics.get(number).contains(protocol, port)) {
          known[number >> 6] |= 1L << number;
        }
      }
      holding.set(atom, known);
    }
    return known;
  }
}
