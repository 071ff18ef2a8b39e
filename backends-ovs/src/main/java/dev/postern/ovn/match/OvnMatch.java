package dev.postern.ovn.match;

import java.util.List;

/** What a match expression says, with names resolved, predicates still by name and nothing simplified. */
public sealed interface OvnMatch {

  /** All of them hold. */
  record All(List<OvnMatch> matches) implements OvnMatch {
    public All {
      matches = List.copyOf(matches);
    }
  }

  /** At least one holds. */
  record Any(List<OvnMatch> matches) implements OvnMatch {
    public Any {
      matches = List.copyOf(matches);
    }
  }

  /** It does not hold. */
  record Not(OvnMatch match) implements OvnMatch {}

  /** {@code 0} or {@code 1}. */
  record Literal(boolean value) implements OvnMatch {}

  /**
   * A field against constants: {@code ==} holds for one of them, {@code !=} for none.
   *
   * @param symbol the field
   * @param low the lowest bit that is compared; 0 for a whole field
   * @param bits how many bits
   * @param relation how
   * @param constants with what; exactly one unless the relation is {@code ==} or {@code !=}
   */
  record Compare(Symbol symbol, int low, int bits, Operator relation, List<Constant> constants)
      implements OvnMatch {
    public Compare {
      constants = List.copyOf(constants);
    }

    /** Whether it is about all bits of the field. */
    public boolean whole() {
      return low == 0 && bits == symbol.width();
    }
  }

  /** {@code is_chassis_resident("port")}. */
  record Resident(String port) implements OvnMatch {}

  /** How a field and a constant compare. */
  enum Operator {
    EQ,
    NE,
    LT,
    LE,
    GT,
    GE;

    /** What holds where this does not. */
    public Operator inverted() {
      return switch (this) {
        case EQ -> NE;
        case NE -> EQ;
        case LT -> GE;
        case LE -> GT;
        case GT -> LE;
        case GE -> LT;
      };
    }

    /** The same with the sides exchanged. */
    Operator turned() {
      return switch (this) {
        case EQ -> EQ;
        case NE -> NE;
        case LT -> GT;
        case LE -> GE;
        case GT -> LT;
        case GE -> LE;
      };
    }
  }
}
