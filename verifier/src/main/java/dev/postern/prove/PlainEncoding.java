package dev.postern.prove;

import dev.postern.net.AddressRange;
import dev.postern.net.Cidr;
import dev.postern.prove.Sentence.Field;
import dev.postern.solver.BitVector;
import dev.postern.solver.Formula;
import dev.postern.solver.Logic;
import java.math.BigInteger;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;

/** Each part of a packet as the bits that it has on the wire: what anybody can read, and another solver check. */
final class PlainEncoding extends SentenceEncoding {

  private final Packets packets;
  private final BitVector source;
  private final BitVector destination;
  private final Map<Field, BitVector> numbers = new EnumMap<>(Field.class);

  PlainEncoding(Logic logic, Packets packets) {
    super(logic);
    this.packets = packets;
    this.source = logic.vector("source", packets.family.bits());
    this.destination = logic.vector("destination", packets.family.bits());
    for (Field field : Field.values()) {
      numbers.put(field, logic.vector(field.name().toLowerCase(Locale.ROOT), field.bits));
    }
  }

  @Override
  Formula given() {
    return logic.and(in(source, packets.from.ranges()), in(destination, packets.to.ranges()));
  }

  @Override
  public Formula address(Sentence.InAddresses in) {
    return in(in.source() ? source : destination, in.set().ranges());
  }

  private Formula in(BitVector address, List<AddressRange> ranges) {
    return logic.or(ranges.stream().map(range -> in(address, range)).toList());
  }

  /** Of a network the leading bits are told. */
  private Formula in(BitVector address, AddressRange range) {
    int bits = packets.family.bits();
    List<Cidr> cidrs = range.cidrs();
    if (cidrs.size() > 1 || cidrs.get(0).prefix() == 0 || cidrs.get(0).prefix() == bits) {
      return logic.between(address, Logic.number(range.first()), Logic.number(range.last()));
    }
    Cidr cidr = cidrs.get(0);
    int low = bits - cidr.prefix();
    BigInteger leading = Logic.number(cidr.network()).shiftRight(low);
    return logic.startsWith(address, leading, cidr.prefix());
  }

  @Override
  public Formula number(Sentence.InNumbers in) {
    BitVector number = Objects.requireNonNull(numbers.get(in.field()));
    List<Integer> ranges = in.ranges();
    return logic.or(IntStream.range(0, ranges.size() / 2)
        .mapToObj(i -> logic.between(
            number,
            BigInteger.valueOf(ranges.get(2 * i)),
            BigInteger.valueOf(ranges.get(2 * i + 1))))
        .toList());
  }

  @Override
  public Formula same(Sentence.Same same) {
    return logic.same(source, destination);
  }
}
