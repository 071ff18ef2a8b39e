package dev.postern.net;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/**
 * A set of addresses of both families as disjoint, sorted, maximal ranges; equal sets are equal values.
 *
 * @param ranges the ranges, IPv4 before IPv6, none touching the next
 */
public record AddressSet(List<AddressRange> ranges) {

  public static final AddressSet EMPTY = new AddressSet(List.of());
  public static final AddressSet ALL =
      new AddressSet(List.of(AddressRange.all(Family.IPV4), AddressRange.all(Family.IPV6)));

  /** Any ranges, in any order, overlapping or not. */
  public AddressSet {
    ranges = canonical(ranges);
  }

  public static AddressSet of(AddressRange... ranges) {
    return new AddressSet(List.of(ranges));
  }

  public static AddressSet of(Cidr cidr) {
    return new AddressSet(List.of(cidr.range()));
  }

  public static AddressSet ofAddresses(Collection<Address> addresses) {
    return new AddressSet(addresses.stream().map(a -> new AddressRange(a, a)).toList());
  }

  private static List<AddressRange> canonical(List<AddressRange> ranges) {
    List<AddressRange> sorted = new ArrayList<>(ranges);
    sorted.sort(null);
    List<AddressRange> merged = new ArrayList<>(sorted.size());
    for (AddressRange range : sorted) {
      int top = merged.size() - 1;
      if (top >= 0 && touches(merged.get(top), range)) {
        AddressRange last = merged.get(top);
        if (range.last().compareTo(last.last()) > 0) {
          merged.set(top, new AddressRange(last.first(), range.last()));
        }
      } else {
        merged.add(range);
      }
    }
    return List.copyOf(merged);
  }

  private static boolean touches(AddressRange earlier, AddressRange later) {
    return earlier.family() == later.family()
        && (later.first().compareTo(earlier.last()) <= 0
            || (!earlier.last().isLast() && earlier.last().next().equals(later.first())));
  }

  public boolean isEmpty() {
    return ranges.isEmpty();
  }

  public boolean contains(Address address) {
    int low = 0;
    int high = ranges.size() - 1;
    while (low <= high) {
      int middle = (low + high) >>> 1;
      AddressRange range = ranges.get(middle);
      if (address.compareTo(range.first()) < 0) {
        high = middle - 1;
      } else if (address.compareTo(range.last()) > 0) {
        low = middle + 1;
      } else {
        return true;
      }
    }
    return false;
  }

  public boolean containsAll(AddressSet other) {
    return other.minus(this).isEmpty();
  }

  public AddressSet union(AddressSet other) {
    List<AddressRange> both = new ArrayList<>(ranges);
    both.addAll(other.ranges);
    return new AddressSet(both);
  }

  public AddressSet intersect(AddressSet other) {
    List<AddressRange> common = new ArrayList<>();
    int i = 0;
    int j = 0;
    while (i < ranges.size() && j < other.ranges.size()) {
      AddressRange a = ranges.get(i);
      AddressRange b = other.ranges.get(j);
      Address first = a.first().compareTo(b.first()) >= 0 ? a.first() : b.first();
      Address last = a.last().compareTo(b.last()) <= 0 ? a.last() : b.last();
      if (first.family() == last.family() && first.compareTo(last) <= 0) {
        common.add(new AddressRange(first, last));
      }
      if (a.last().compareTo(b.last()) <= 0) {
        i++;
      } else {
        j++;
      }
    }
    return new AddressSet(common);
  }

  /** The addresses of this set that are not in the other. */
  public AddressSet minus(AddressSet other) {
    return intersect(other.complement());
  }

  /** All addresses of both families that are not in this set. */
  public AddressSet complement() {
    List<AddressRange> rest = new ArrayList<>();
    for (Family family : Family.values()) {
      Address from = Address.first(family);
      boolean open = true;
      for (AddressRange range : ranges) {
        if (range.family() != family) {
          continue;
        }
        if (from.compareTo(range.first()) < 0) {
          rest.add(new AddressRange(from, range.first().previous()));
        }
        open = !range.last().isLast();
        if (open) {
          from = range.last().next();
        }
      }
      if (open) {
        rest.add(new AddressRange(from, Address.last(family)));
      }
    }
    return new AddressSet(rest);
  }

  /** The part of this set in one family. */
  public AddressSet in(Family family) {
    return new AddressSet(ranges.stream().filter(r -> r.family() == family).toList());
  }

  /** All addresses of a family. */
  public static AddressSet all(Family family) {
    return of(AddressRange.all(family));
  }

  /** Each address, ascending; for sets of few and short ranges. */
  public List<Address> each() {
    List<Address> each = new ArrayList<>();
    for (AddressRange range : ranges) {
      Address at = range.first();
      while (!at.equals(range.last())) {
        each.add(at);
        at = at.next();
      }
      each.add(at);
    }
    return each;
  }

  /** The fewest disjoint networks that hold exactly this set, in order. */
  public List<Cidr> cidrs() {
    return ranges.stream().flatMap(r -> r.cidrs().stream()).toList();
  }

  @Override
  public String toString() {
    return ranges.toString();
  }

  // What a record generates for these is linked at run time, which costs every start a millisecond.
  @Override
  public boolean equals(Object other) {
    return other instanceof AddressSet set && ranges.equals(set.ranges);
  }

  @Override
  public int hashCode() {
    return ranges.hashCode();
  }
}
