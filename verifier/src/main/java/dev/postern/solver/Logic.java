package dev.postern.solver;

import com.microsoft.z3.BitVecExpr;
import com.microsoft.z3.BitVecSort;
import com.microsoft.z3.BoolExpr;
import com.microsoft.z3.Context;
import com.microsoft.z3.Expr;
import com.microsoft.z3.Params;
import com.microsoft.z3.Solver;
import dev.postern.net.Address;
import dev.postern.net.AddressRange;
import dev.postern.net.AddressSet;
import dev.postern.net.Family;
import dev.postern.net.PortSet;
import dev.postern.tier.BooleanAlgebra;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;

/**
 * Formulas over bit-vectors, with what is already known folded away before Z3 sees it: {@link #yes} and {@link #no} are no part of another,
 * and each is one object. All terms of one logic belong together, and last as long as the {@link Engine} that it is of. Not for use by
 * several threads.
 */
public final class Logic implements BooleanAlgebra<Formula> {

  private final Context context;
  private final Formula yes;
  private final Formula no;

  Logic(Context context) {
    this.context = context;
    this.yes = new Formula(context.mkTrue());
    this.no = new Formula(context.mkFalse());
  }

  void close() {
    context.close();
  }

  /** Makes a check that is going on in another thread end undecided. May be called from any thread. */
  public void interrupt() {
    context.interrupt();
  }

  @Override
  public Formula yes() {
    return yes;
  }

  @Override
  public Formula no() {
    return no;
  }

  /** Yes or no. */
  public Formula of(boolean value) {
    return value ? yes : no;
  }

  /** What may hold or not. */
  public Formula flag(String name) {
    return new Formula(context.mkBoolConst(name));
  }

  /** A number that is not known. */
  public BitVector vector(String name, int bits) {
    return new BitVector(context.mkBVConst(name, bits));
  }

  @Override
  public Formula not(Formula formula) {
    return formula == yes
        ? no
        : formula == no ? yes : new Formula(context.mkNot(formula.expression));
  }

  /** All hold. */
  public Formula and(List<Formula> formulas) {
    List<Formula> open = new ArrayList<>(formulas.size());
    for (Formula formula : formulas) {
      if (formula == no) {
        return no;
      }
      if (formula != yes) {
        open.add(formula);
      }
    }
    return open.isEmpty()
        ? yes
        : open.size() == 1 ? open.get(0) : new Formula(context.mkAnd(expressions(open)));
  }

  /** All hold. */
  public Formula and(Formula... formulas) {
    return and(List.of(formulas));
  }

  /** One holds at least. */
  public Formula or(List<Formula> formulas) {
    List<Formula> open = new ArrayList<>(formulas.size());
    for (Formula formula : formulas) {
      if (formula == yes) {
        return yes;
      }
      if (formula != no) {
        open.add(formula);
      }
    }
    return open.isEmpty()
        ? no
        : open.size() == 1 ? open.get(0) : new Formula(context.mkOr(expressions(open)));
  }

  @Override
  public Formula and(Formula one, Formula other) {
    return and(List.of(one, other));
  }

  @Override
  public Formula or(Formula one, Formula other) {
    return or(List.of(one, other));
  }

  @Override
  public Formula any(List<Formula> formulas) {
    return or(formulas);
  }

  private static BoolExpr[] expressions(List<Formula> formulas) {
    return formulas.stream().map(formula -> formula.expression).toArray(BoolExpr[]::new);
  }

  /** A number has a value. */
  public Formula equal(BitVector vector, int value) {
    return equal(vector, BigInteger.valueOf(value));
  }

  private Formula equal(BitVector vector, BigInteger value) {
    return new Formula(context.mkEq(vector.expression, number(value, vector.bits())));
  }

  /** Two numbers of as many bits are the same. */
  public Formula same(BitVector one, BitVector other) {
    return new Formula(context.mkEq(one.expression, other.expression));
  }

  /** A number is less than a bound. */
  public Formula below(BitVector vector, int bound) {
    return new Formula(
        context.mkBVULT(vector.expression, number(BigInteger.valueOf(bound), vector.bits())));
  }

  /** A number is one from the first to the last. */
  public Formula between(BitVector vector, BigInteger first, BigInteger last) {
    if (first.equals(last)) {
      return equal(vector, first);
    }
    int bits = vector.bits();
    boolean toTheEnd = last.equals(BigInteger.ONE.shiftLeft(bits).subtract(BigInteger.ONE));
    return and(
        first.signum() == 0
            ? yes
            : new Formula(context.mkBVUGE(vector.expression, number(first, bits))),
        toTheEnd ? yes : new Formula(context.mkBVULE(vector.expression, number(last, bits))));
  }

  /** The first bits of a number are these. */
  public Formula startsWith(BitVector vector, BigInteger leading, int bits) {
    int all = vector.bits();
    BitVecExpr first = context.mkExtract(all - 1, all - bits, vector.expression);
    return new Formula(context.mkEq(first, number(leading, bits)));
  }

  private Expr<BitVecSort> number(BigInteger value, int bits) {
    return context.mkBV(value.toString(), bits);
  }

  /** A port is one of these. */
  public Formula in(BitVector vector, PortSet ports) {
    return or(ports.intervals().stream()
        .map(interval -> between(
            vector, BigInteger.valueOf(interval.first()), BigInteger.valueOf(interval.last())))
        .toList());
  }

  /** An address of this family, as a number of its 32 or 128 bits, is in the set. */
  public Formula in(BitVector vector, Family family, AddressSet addresses) {
    List<Formula> ranges = new ArrayList<>();
    for (AddressRange range : addresses.in(family).ranges()) {
      ranges.add(between(vector, number(range.first()), number(range.last())));
    }
    return or(ranges);
  }

  /** An address as a number. */
  public static BigInteger number(Address address) {
    return new BigInteger(1, address.bytes());
  }

  /** A number as an address. */
  public static Address address(Family family, BigInteger number) {
    return family == Family.IPV4
        ? Address.ipv4(number.longValue())
        : Address.ipv6(number.shiftRight(64).longValue(), number.longValue());
  }

  /** A solver that keeps to limits, query by query. */
  public FormulaSolver solver(Limits limits) {
    Solver solver = context.mkSolver("QF_BV");
    Params params = context.mkParams();
    params.add("timeout", limits.milliseconds());
    params.add("rlimit", limits.steps());
    solver.setParameters(params);
    return new FormulaSolver(solver);
  }

  /**
   * A solver for very many small queries that build on each other. It keeps to the steps; the time is for the caller to watch, since a timer
   * a query costs more than the query.
   */
  public FormulaSolver quickSolver(Limits limits) {
    Solver solver = context.mkSimpleSolver();
    if (limits.steps() > 0) {
      Params params = context.mkParams();
      params.add("rlimit", limits.steps());
      solver.setParameters(params);
    }
    return new FormulaSolver(solver);
  }
}
