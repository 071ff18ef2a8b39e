package dev.postern.solver;

import com.microsoft.z3.BoolExpr;

/** A formula of one {@link Logic}: equal where Z3 holds it to be the same term. It lasts as long as its logic. */
public final class Formula {

  final BoolExpr expression;

  Formula(BoolExpr expression) {
    this.expression = expression;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Formula formula && expression.equals(formula.expression);
  }

  @Override
  public int hashCode() {
    return expression.hashCode();
  }

  @Override
  public String toString() {
    return expression.toString();
  }
}
