package dev.postern.solver;

import com.microsoft.z3.BitVecNum;
import com.microsoft.z3.Model;
import java.math.BigInteger;

/** Values under which formulas hold together; whatever they leave open is 0 and false. It lasts as long as its logic. */
public final class FormulaModel {

  private final Model model;

  FormulaModel(Model model) {
    this.model = model;
  }

  /** The value of a number, without sign. */
  public BigInteger number(BitVector vector) {
    return ((BitVecNum) model.eval(vector.expression, true)).getBigInteger();
  }

  /**
   * The value of a small number.
   *
   * @throws ArithmeticException if it is no {@code int}
   */
  public int value(BitVector vector) {
    return number(vector).intValueExact();
  }

  /** Whether a formula holds. */
  public boolean holds(Formula formula) {
    return model.eval(formula.expression, true).isTrue();
  }
}
