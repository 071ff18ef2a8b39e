package dev.postern.openworld;

import com.microsoft.z3.BitVecExpr;
import com.microsoft.z3.BitVecSort;
import com.microsoft.z3.BoolExpr;
import com.microsoft.z3.Context;
import com.microsoft.z3.Expr;
import dev.postern.net.Address;
import dev.postern.net.AddressRange;
import dev.postern.net.AddressSet;
import dev.postern.net.Family;
import dev.postern.net.PortSet;
import dev.postern.tier.BooleanAlgebra;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;

/** Formulas over bit-vectors, with what is already known folded away before Z3 sees it. */
final class Logic implements BooleanAlgebra<BoolExpr> {

  private final Context context;
  private final BoolExpr yes;
  private final BoolExpr no;

  Logic(Context context) {
    this.context = context;
    this.yes = context.mkTrue();
    this.no = context.mkFalse();
  }

  @Override
  public BoolExpr yes() {
    return yes;
  }

  @Override
  public BoolExpr no() {
    return no;
  }

  BoolExpr of(boolean value) {
    return value ? yes : no;
  }

  BoolExpr flag(String name) {
    return context.mkBoolConst(name);
  }

  BitVecExpr vector(String name, int bits) {
    return context.mkBVConst(name, bits);
  }

  @Override
  public BoolExpr not(BoolExpr expression) {
    return expression == yes ? no : expression == no ? yes : context.mkNot(expression);
  }

  BoolExpr and(List<BoolExpr> expressions) {
    List<BoolExpr> open = new ArrayList<>(expressions.size());
    for (BoolExpr expression : expressions) {
      if (expression == no) {
        return no;
      }
      if (expression != yes) {
        open.add(expression);
      }
    }
    return open.isEmpty()
        ? yes
        : open.size() == 1 ? open.get(0) : context.mkAnd(open.toArray(BoolExpr[]::new));
  }

  BoolExpr and(BoolExpr... expressions) {
    return and(List.of(expressions));
  }

  BoolExpr or(List<BoolExpr> expressions) {
    List<BoolExpr> open = new ArrayList<>(expressions.size());
    for (BoolExpr expression : expressions) {
      if (expression == yes) {
        return yes;
      }
      if (expression != no) {
        open.add(expression);
      }
    }
    return open.isEmpty()
        ? no
        : open.size() == 1 ? open.get(0) : context.mkOr(open.toArray(BoolExpr[]::new));
  }

  BoolExpr or(BoolExpr... expressions) {
    return or(List.of(expressions));
  }

  @Override
  public BoolExpr and(BoolExpr one, BoolExpr other) {
    return and(List.of(one, other));
  }

  @Override
  public BoolExpr or(BoolExpr one, BoolExpr other) {
    return or(List.of(one, other));
  }

  @Override
  public BoolExpr any(List<BoolExpr> expressions) {
    return or(expressions);
  }

  BoolExpr equal(Expr<BitVecSort> vector, int value) {
    return context.mkEq(
        vector, number(BigInteger.valueOf(value), vector.getSort().getSize()));
  }

  BoolExpr same(Expr<BitVecSort> one, Expr<BitVecSort> other) {
    return context.mkEq(one, other);
  }

  BoolExpr below(Expr<BitVecSort> vector, int bound) {
    return context.mkBVULT(
        vector, number(BigInteger.valueOf(bound), vector.getSort().getSize()));
  }

  private Expr<BitVecSort> number(BigInteger value, int bits) {
    return context.mkBV(value.toString(), bits);
  }

  BoolExpr in(Expr<BitVecSort> vector, PortSet ports) {
    return or(ports.intervals().stream()
        .map(interval -> between(
            vector, BigInteger.valueOf(interval.first()), BigInteger.valueOf(interval.last())))
        .toList());
  }

  /** Whether an address of this family, as a vector of its 32 or 128 bits, is in the set. */
  BoolExpr in(Expr<BitVecSort> vector, Family family, AddressSet addresses) {
    List<BoolExpr> ranges = new ArrayList<>();
    for (AddressRange range : addresses.in(family).ranges()) {
      ranges.add(
          range.equals(AddressRange.all(family))
              ? yes
              : between(vector, number(range.first()), number(range.last())));
    }
    return or(ranges);
  }

  private BoolExpr between(Expr<BitVecSort> vector, BigInteger first, BigInteger last) {
    int bits = vector.getSort().getSize();
    return first.equals(last)
        ? context.mkEq(vector, number(first, bits))
        : context.mkAnd(
            context.mkBVUGE(vector, number(first, bits)),
            context.mkBVULE(vector, number(last, bits)));
  }

  static BigInteger number(Address address) {
    return new BigInteger(1, address.bytes());
  }

  static Address address(Family family, BigInteger number) {
    return family == Family.IPV4
        ? Address.ipv4(number.longValue())
        : Address.ipv6(number.shiftRight(64).longValue(), number.longValue());
  }
}
