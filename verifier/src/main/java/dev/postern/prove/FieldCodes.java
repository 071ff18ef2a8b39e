package dev.postern.prove;

import dev.postern.net.PortSet;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** Cuts the numbers of a field into pieces that something mentioned tells apart, and chooses a number of a piece for people to read. */
final class FieldCodes {

  private static final List<Integer> READABLE_PORTS = List.of(80, 443, 53, 8080, 49152);

  private FieldCodes() {}

  /** The numbers, and one that stands for all others up to 255, if any is left. */
  static int[] withRest(Collection<Integer> numbers) {
    List<Integer> all = new ArrayList<>(numbers);
    for (int rest = 253; rest >= 0; rest--) {
      if (!numbers.contains(rest)) {
        all.add(rest);
        break;
      }
    }
    return all.stream().mapToInt(Integer::intValue).toArray();
  }

  /** Where pieces of ports begin. */
  static int[] ports(Set<Integer> starts) {
    Set<Integer> all = new TreeSet<>(starts);
    all.add(PortSet.MIN);
    all.removeIf(port -> port < PortSet.MIN || port > PortSet.MAX);
    return all.stream().mapToInt(Integer::intValue).toArray();
  }

  /** A port of a piece: the preferred one if it is in it, else one that people know. */
  static int port(int[] starts, int piece, int preferred) {
    int first = starts[piece];
    int last = piece + 1 == starts.length ? PortSet.MAX : starts[piece + 1] - 1;
    if (first <= preferred && preferred <= last) {
      return preferred;
    }
    return READABLE_PORTS.stream()
        .filter(port -> first <= port && port <= last)
        .findFirst()
        .orElse(first);
  }
}
