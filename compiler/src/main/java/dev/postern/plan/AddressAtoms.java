package dev.postern.plan;

import dev.postern.net.Address;
import dev.postern.net.AddressRange;
import dev.postern.net.AddressSet;
import dev.postern.net.Family;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;

/** The address space cut into the fewest consecutive intervals that tell a collection of address sets apart: IPv4 first, then IPv6. */
final class AddressAtoms {

  /** First address of each IPv4 atom, ascending. */
  private final long[] fours;
  /** First address of each IPv6 atom, ascending; their numbers follow those of IPv4. */
  private final Address[] sixes;

  private AddressAtoms(long[] fours, Address[] sixes) {
    this.fours = fours;
    this.sixes = sixes;
  }

  static AddressAtoms of(Collection<AddressSet> sets) {
    int size = 1;
    for (AddressSet set : sets) {
      size += 2 * set.ranges().size();
    }
    long[] fours = new long[size];
    int count = 1;
    List<Address> sixes = new ArrayList<>();
    sixes.add(Address.first(Family.IPV6));
    for (AddressSet set : sets) {
      for (AddressRange range : set.ranges()) {
        boolean open = range.last().isLast();
        if (range.family() == Family.IPV4) {
          fours[count++] = range.first().low();
          if (!open) {
            fours[count++] = range.last().low() + 1;
          }
        } else {
          sixes.add(range.first());
          if (!open) {
            sixes.add(range.last().next());
          }
        }
      }
    }
    Arrays.sort(fours, 0, count);
    return new AddressAtoms(
        distinct(fours, count), sixes.stream().sorted().distinct().toArray(Address[]::new));
  }

  private static long[] distinct(long[] sorted, int count) {
    int size = 0;
    for (int i = 0; i < count; i++) {
      if (size == 0 || sorted[size - 1] != sorted[i]) {
        sorted[size++] = sorted[i];
      }
    }
    return Arrays.copyOf(sorted, size);
  }

  int size() {
    return fours.length + sixes.length;
  }

  /** The atom that holds an address. */
  int atomOf(Address address) {
    boolean four = address.family() == Family.IPV4;
    int at = four ? Arrays.binarySearch(fours, address.low()) : Arrays.binarySearch(sixes, address);
    return (four ? 0 : fours.length) + (at >= 0 ? at : -at - 2);
  }

  AddressRange range(int atom) {
    if (atom < fours.length) {
      boolean last = atom + 1 == fours.length;
      return new AddressRange(
          Address.ipv4(fours[atom]),
          last ? Address.last(Family.IPV4) : Address.ipv4(fours[atom + 1] - 1));
    }
    int six = atom - fours.length;
    boolean last = six + 1 == sixes.length;
    return new AddressRange(
        sixes[six], last ? Address.last(Family.IPV6) : sixes[six + 1].previous());
  }
}
