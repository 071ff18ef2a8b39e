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

  /** First address of each atom, ascending over both families. */
  private final Address[] starts;

  private AddressAtoms(Address[] starts) {
    this.starts = starts;
  }

  static AddressAtoms of(Collection<AddressSet> sets) {
    List<Address> bounds = new ArrayList<>();
    for (Family family : Family.values()) {
      bounds.add(Address.first(family));
    }
    for (AddressSet set : sets) {
      for (AddressRange range : set.ranges()) {
        bounds.add(range.first());
        if (!range.last().isLast()) {
          bounds.add(range.last().next());
        }
      }
    }
    Address[] sorted = bounds.toArray(Address[]::new);
    Arrays.sort(sorted);
    int size = 0;
    for (Address bound : sorted) {
      if (size == 0 || !sorted[size - 1].equals(bound)) {
        sorted[size++] = bound;
      }
    }
    return new AddressAtoms(Arrays.copyOf(sorted, size));
  }

  int size() {
    return starts.length;
  }

  /** The atom that holds an address. */
  int atomOf(Address address) {
    int at = Arrays.binarySearch(starts, address);
    return at >= 0 ? at : -at - 2;
  }

  AddressRange range(int atom) {
    Address first = starts[atom];
    boolean lastOfFamily = atom + 1 == starts.length || starts[atom + 1].family() != first.family();
    return new AddressRange(
        first, lastOfFamily ? Address.last(first.family()) : starts[atom + 1].previous());
  }
}
