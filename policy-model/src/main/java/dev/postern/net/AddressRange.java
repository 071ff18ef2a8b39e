package dev.postern.net;

import java.util.ArrayList;
import java.util.List;

/**
 * All addresses from one to another of the same family, both included.
 *
 * @param first the lowest address
 * @param last the highest address, not below the first
 */
public record AddressRange(Address first, Address last) implements Comparable<AddressRange> {

  /** @throws IllegalArgumentException if the last address is below the first, or of another family */
  public AddressRange {
    if (first.family() != last.family() || first.compareTo(last) > 0) {
      throw new IllegalArgumentException("no range from " + first + " to " + last);
    }
  }

  public static AddressRange all(Family family) {
    return new AddressRange(Address.first(family), Address.last(family));
  }

  public Family family() {
    return first.family();
  }

  public boolean contains(Address address) {
    return first.compareTo(address) <= 0 && address.compareTo(last) <= 0;
  }

  /** The fewest networks that hold exactly these addresses, in order. */
  public List<Cidr> cidrs() {
    List<Cidr> cidrs = new ArrayList<>();
    Address from = first;
    while (true) {
      int prefix = family().bits();
      while (prefix > 0
          && from.network(prefix - 1).equals(from)
          && from.broadcast(prefix - 1).compareTo(last) <= 0) {
        prefix--;
      }
      cidrs.add(new Cidr(from, prefix));
      Address end = from.broadcast(prefix);
      if (end.equals(last)) {
        return List.copyOf(cidrs);
      }
      from = end.next();
    }
  }

  @Override
  public int compareTo(AddressRange other) {
    int byFirst = first.compareTo(other.first);
    return byFirst != 0 ? byFirst : last.compareTo(other.last);
  }

  /** {@code first-last}, as {@code 10.0.0.0-10.255.255.255}. */
  @Override
  public String toString() {
    return first + "-" + last;
  }

  // What a record generates for these is linked at run time, which costs every start a millisecond.
  @Override
  public boolean equals(Object other) {
    return other instanceof AddressRange range
        && first.equals(range.first)
        && last.equals(range.last);
  }

  @Override
  public int hashCode() {
    return first.hashCode() * 31 + last.hashCode();
  }
}
