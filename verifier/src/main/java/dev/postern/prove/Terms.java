package dev.postern.prove;

import com.microsoft.z3.BitVecExpr;
import com.microsoft.z3.BitVecNum;
import com.microsoft.z3.BoolExpr;
import com.microsoft.z3.Context;
import dev.postern.enforced.Packet;
import dev.postern.net.Address;
import dev.postern.net.AddressRange;
import dev.postern.net.AddressSet;
import dev.postern.net.Cidr;
import dev.postern.net.Family;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Function;

/** A packet of one family as bit-vectors, and the sentences about it that both policies and rules are made of. */
final class Terms {

  final Context context;
  final Family family;
  final BitVecExpr source;
  final BitVecExpr destination;
  final BitVecExpr protocol;
  final BitVecExpr sourcePort;
  final BitVecExpr destinationPort;
  final BitVecExpr icmpType;
  final BitVecExpr inInterface;
  final BitVecExpr outInterface;

  /** Where the packets are known to come from and to go to. */
  private final AddressSet from;

  private final AddressSet to;

  /**
   * Terms about some packets.
   *
   * @param from where they come from: sentences are decided by it where they can be
   * @param to where they go to
   */
  Terms(Context context, Family family, AddressSet from, AddressSet to) {
    this.context = context;
    this.from = from.in(family);
    this.to = to.in(family);
    this.family = family;
    this.source = context.mkBVConst("source", family.bits());
    this.destination = context.mkBVConst("destination", family.bits());
    this.protocol = context.mkBVConst("protocol", 8);
    this.sourcePort = context.mkBVConst("source_port", 16);
    this.destinationPort = context.mkBVConst("destination_port", 16);
    this.icmpType = context.mkBVConst("icmp_type", 8);
    this.inInterface = context.mkBVConst("in_interface", 16);
    this.outInterface = context.mkBVConst("out_interface", 16);
  }

  BoolExpr yes() {
    return context.mkTrue();
  }

  BoolExpr no() {
    return context.mkFalse();
  }

  BoolExpr not(BoolExpr term) {
    return term.isTrue() ? no() : term.isFalse() ? yes() : context.mkNot(term);
  }

  BoolExpr and(BoolExpr... terms) {
    return and(List.of(terms));
  }

  BoolExpr and(List<BoolExpr> terms) {
    List<BoolExpr> kept = new ArrayList<>(terms.size());
    for (BoolExpr term : terms) {
      if (term.isFalse()) {
        return term;
      }
      if (!term.isTrue()) {
        kept.add(term);
      }
    }
    return kept.isEmpty()
        ? yes()
        : kept.size() == 1 ? kept.get(0) : context.mkAnd(kept.toArray(BoolExpr[]::new));
  }

  BoolExpr or(BoolExpr... terms) {
    return or(List.of(terms));
  }

  BoolExpr or(List<BoolExpr> terms) {
    List<BoolExpr> kept = new ArrayList<>(terms.size());
    for (BoolExpr term : terms) {
      if (term.isTrue()) {
        return term;
      }
      if (!term.isFalse()) {
        kept.add(term);
      }
    }
    return kept.isEmpty()
        ? no()
        : kept.size() == 1 ? kept.get(0) : context.mkOr(kept.toArray(BoolExpr[]::new));
  }

  /** The source or destination is in the set. */
  BoolExpr in(boolean asSource, AddressSet set) {
    AddressSet within = asSource ? from : to;
    BitVecExpr address = asSource ? source : destination;
    if (within.equals(AddressSet.ALL.in(family))) {
      return in(address, set);
    }
    AddressSet common = near(set, within).intersect(within);
    return common.isEmpty() ? no() : common.equals(within) ? yes() : in(address, common);
  }

  /** The part of a set from the first to the last of some addresses, which is quickly found. */
  private static AddressSet near(AddressSet set, AddressSet within) {
    List<AddressRange> all = set.ranges();
    List<AddressRange> bounds = within.ranges();
    if (bounds.isEmpty() || all.isEmpty()) {
      return AddressSet.EMPTY;
    }
    int from = firstAfter(all, bounds.get(0).first(), AddressRange::last);
    Address last = bounds.get(bounds.size() - 1).last();
    int to = last.isLast() ? all.size() : firstAfter(all, last.next(), AddressRange::first);
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

  /** What is known of the addresses. */
  BoolExpr within() {
    return and(in(source, from), in(destination, to));
  }

  /** The address is in the set: range by range, a network by its leading bits. */
  private BoolExpr in(BitVecExpr address, AddressSet set) {
    List<BoolExpr> parts = new ArrayList<>();
    for (AddressRange range : set.ranges()) {
      if (range.family() == family) {
        parts.add(in(address, range));
      }
    }
    return or(parts);
  }

  private BoolExpr in(BitVecExpr address, AddressRange range) {
    List<Cidr> cidrs = range.cidrs();
    if (cidrs.size() == 1) {
      Cidr cidr = cidrs.get(0);
      if (cidr.prefix() == 0) {
        return yes();
      }
      if (cidr.prefix() == family.bits()) {
        return context.mkEq(address, constant(cidr.network()));
      }
      int low = family.bits() - cidr.prefix();
      BigInteger leading = number(cidr.network()).shiftRight(low);
      return context.mkEq(
          context.mkExtract(family.bits() - 1, low, address),
          context.mkBV(leading.toString(), cidr.prefix()));
    }
    BoolExpr from =
        range.first().isFirst() ? yes() : context.mkBVUGE(address, constant(range.first()));
    BoolExpr to = range.last().isLast() ? yes() : context.mkBVULE(address, constant(range.last()));
    return and(from, to);
  }

  private BitVecExpr constant(Address address) {
    return context.mkBV(number(address).toString(), family.bits());
  }

  private static BigInteger number(Address address) {
    return new BigInteger(1, address.bytes());
  }

  /** The address that a model gives. */
  Address address(BigInteger number) {
    return family == Family.IPV4
        ? Address.ipv4(number.longValueExact())
        : Address.ipv6(number.shiftRight(64).longValue(), number.longValue());
  }

  static BigInteger number(com.microsoft.z3.Expr<?> value) {
    return ((BitVecNum) value).getBigInteger();
  }

  BoolExpr protocol(int number) {
    return is(protocol, number);
  }

  BoolExpr is(BitVecExpr field, int number) {
    return context.mkEq(field, context.mkBV(number, field.getSortSize()));
  }

  BoolExpr anyOf(BitVecExpr field, Set<Integer> numbers) {
    return or(numbers.stream().sorted().map(number -> is(field, number)).toList());
  }

  BoolExpr hasPorts() {
    List<BoolExpr> parts = new ArrayList<>();
    for (int number = 0; number < 256; number++) {
      if (Packet.hasPorts(number)) {
        parts.add(protocol(number));
      }
    }
    return or(parts);
  }

  /** A port is in a range; nothing of whether the packet has ports. */
  BoolExpr between(BitVecExpr port, int first, int last) {
    if (first == last) {
      return is(port, first);
    }
    return and(
        first <= 1 ? yes() : context.mkBVUGE(port, context.mkBV(first, 16)),
        last >= 65535 ? yes() : context.mkBVULE(port, context.mkBV(last, 16)));
  }

  BoolExpr isNeighbourDiscovery() {
    return family == Family.IPV4
        ? no()
        : and(protocol(Packet.icmp(family)), anyOf(icmpType, Set.of(133, 134, 135, 136, 137)));
  }

  /** What makes bit-vectors a packet: ports from 1 on where there are ports, else 0. */
  BoolExpr isPacket() {
    BitVecExpr none = context.mkBV(0, 16);
    return and(
        context.mkEq(hasPorts(), not(context.mkEq(sourcePort, none))),
        context.mkEq(hasPorts(), not(context.mkEq(destinationPort, none))));
  }
}
