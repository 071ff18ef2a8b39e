package dev.postern.prove;

import static dev.postern.prove.Sentence.all;
import static dev.postern.prove.Sentence.in;
import static dev.postern.prove.Sentence.not;

import dev.postern.enforced.Packet;
import dev.postern.net.Address;
import dev.postern.net.AddressRange;
import dev.postern.net.AddressSet;
import dev.postern.net.Family;
import dev.postern.prove.Sentence.Field;
import java.util.List;
import java.util.function.Function;
import java.util.stream.IntStream;

/** Some packets of one family, from known addresses to known addresses: what holds for all or none of them is decided at once. */
final class Packets {

  private static final Sentence HAS_PORTS = in(
      Field.PROTOCOL, IntStream.range(0, 256).filter(Packet::hasPorts).boxed().toList());

  /** What makes numbers a packet: ports from 1 on where there are ports, else 0. */
  static final Sentence WELL_FORMED = all(
      Sentence.iff(HAS_PORTS, not(in(Field.SOURCE_PORT, 0, 0))),
      Sentence.iff(HAS_PORTS, not(in(Field.DESTINATION_PORT, 0, 0))));

  final Family family;
  final AddressSet from;
  final AddressSet to;
  /** Whether nothing is known of the source, or of the destination. */
  final boolean anySource;

  final boolean anyDestination;
  private final AddressSet everything;

  Packets(Family family, AddressSet from, AddressSet to) {
    this.family = family;
    this.everything = AddressSet.ALL.in(family);
    this.from = from.in(family);
    this.to = to.in(family);
    this.anySource = this.from.equals(everything);
    this.anyDestination = this.to.equals(everything);
  }

  Sentence source(AddressSet set) {
    return address(true, set);
  }

  Sentence destination(AddressSet set) {
    return address(false, set);
  }

  Sentence address(boolean source, AddressSet set) {
    AddressSet within = source ? from : to;
    AddressSet near = near(set, within);
    boolean any = source ? anySource : anyDestination;
    AddressSet common = near.isEmpty() || any ? near : near.intersect(near(within, near));
    return common.isEmpty()
        ? Sentence.NO
        : common.equals(within) ? Sentence.YES : new Sentence.InAddresses(source, common);
  }

  /** The part of a set from the first to the last of some addresses of one family, which is quickly found. */
  private static AddressSet near(AddressSet set, AddressSet within) {
    List<AddressRange> all = set.ranges();
    List<AddressRange> bounds = within.ranges();
    if (bounds.isEmpty() || all.isEmpty()) {
      return AddressSet.EMPTY;
    }
    int from = firstAfter(all, bounds.get(0).first(), AddressRange::last);
    Address last = bounds.get(bounds.size() - 1).last();
    int to = last.isLast() && last.family() == Family.IPV6
        ? all.size()
        : firstAfter(
            all, last.isLast() ? Address.first(Family.IPV6) : last.next(), AddressRange::first);
    return from == 0 && to == all.size()
        ? set
        : from >= to ? AddressSet.EMPTY : new AddressSet(all.subList(from, to));
  }

  /** The index of the first range one of whose ends is not below an address. */
  private static int firstAfter(
      List<AddressRange> ranges, Address address, Function<AddressRange, Address> end) {
    int low = 0;
    int high = ranges.size();
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (end.apply(ranges.get(middle)).compareTo(address) < 0) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

  static Sentence hasPorts() {
    return HAS_PORTS;
  }

  static Sentence protocol(int number) {
    return in(Field.PROTOCOL, number, number);
  }

  Sentence isNeighbourDiscovery() {
    return family == Family.IPV4
        ? Sentence.NO
        : all(protocol(Packet.icmp(family)), in(Field.ICMP_TYPE, 133, 137));
  }
}
