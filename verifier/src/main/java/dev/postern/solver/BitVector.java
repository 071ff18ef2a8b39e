package dev.postern.solver;

import com.microsoft.z3.BitVecSort;
import com.microsoft.z3.Expr;

/** A number that is not known, of so many bits; of one {@link Logic}, as long as which it lasts. */
public final class BitVector {

  final Expr<BitVecSort> expression;

  BitVector(Expr<BitVecSort> expression) {
    this.expression = expression;
  }

  int bits() {
    return expression.getSort().getSize();
  }
}
