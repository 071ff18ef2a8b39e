package dev.postern.prove;

import com.microsoft.z3.BitVecExpr;
import com.microsoft.z3.BoolExpr;
import com.microsoft.z3.Context;
import dev.postern.net.Address;
import dev.postern.net.AddressRange;
import dev.postern.net.Cidr;
import dev.postern.prove.Sentence.Field;
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
  private final BitVecExpr source;
  private final BitVecExpr destination;
  private final Map<Field, BitVecExpr> numbers = new EnumMap<>(Field.class);

  PlainEncoding(Context context, Packets packets) {
    super(context);
    this.packets = packets;
    this.source = context.mkBVConst("source", packets.family.bits());
    this.destination = context.mkBVConst("destination", packets.family.bits());
    for (Field field : Field.values()) {
      numbers.put(field, context.mkBVConst(field.name().toLowerCase(Locale.ROOT), field.bits));
    }
  }

  @Override
  BoolExpr given() {
    return context.mkAnd(in(source, packets.from.ranges()), in(destination, packets.to.ranges()));
  }

  @Override
  public BoolExpr address(Sentence.InAddresses in) {
    return in(in.source() ? source : destination, in.set().ranges());
  }

  private BoolExpr in(BitVecExpr address, List<AddressRange> ranges) {
    return context.mkOr(ranges.stream().map(range -> in(address, range)).toArray(BoolExpr[]::new));
  }

  /** Of a network the leading bits are told. */
  private BoolExpr in(BitVecExpr address, AddressRange range) {
    int bits = packets.family.bits();
    List<Cidr> cidrs = range.cidrs();
    if (cidrs.size() > 1 || cidrs.get(0).prefix() == 0 || cidrs.get(0).prefix() == bits) {
      return between(address, number(range.first()), number(range.last()));
    }
    Cidr cidr = cidrs.get(0);
    int low = bits - cidr.prefix();
    BigInteger leading = number(cidr.network()).shiftRight(low);
    return context.mkEq(
        context.mkExtract(bits - 1, low, address), context.mkBV(leading.toString(), cidr.prefix()));
  }

  private static BigInteger number(Address address) {
    return new BigInteger(1, address.bytes());
  }

  @Override
  public BoolExpr number(Sentence.InNumbers in) {
    BitVecExpr number = Objects.requireNonNull(numbers.get(in.field()));
    List<Integer> ranges = in.ranges();
    return context.mkOr(IntStream.range(0, ranges.size() / 2)
        .mapToObj(i -> between(
            number,
            BigInteger.valueOf(ranges.get(2 * i)),
            BigInteger.valueOf(ranges.get(2 * i + 1))))
        .toArray(BoolExpr[]::new));
  }

  @Override
  public BoolExpr same(Sentence.Same same) {
    return context.mkEq(source, destination);
  }
}
