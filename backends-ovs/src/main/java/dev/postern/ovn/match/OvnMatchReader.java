package dev.postern.ovn.match;

import dev.postern.ovn.match.grammar.OvnMatchLexer;
import dev.postern.ovn.match.grammar.OvnMatchParser;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.antlr.v4.runtime.BaseErrorListener;
import org.antlr.v4.runtime.CharStreams;
import org.antlr.v4.runtime.CommonTokenStream;
import org.antlr.v4.runtime.RecognitionException;
import org.antlr.v4.runtime.Recognizer;
import org.antlr.v4.runtime.Token;

/** Reads match expressions: the grammar finds the parts, {@link Comparisons} checks that they fit. */
public final class OvnMatchReader {

  /** How deep OVN nests parentheses (lib/expr.c). */
  private static final int MOST_DEPTH = 100;

  private final NamedSets names;

  public OvnMatchReader(NamedSets names) {
    this.names = names;
  }

  /** The number or address that a text is, as an address set's row holds them; empty if OVN would skip it. */
  public static Optional<Constant> constant(String text) {
    return Numbers.parse(text, new StringBuilder()).map(number -> number);
  }

  /**
   * Reads an expression.
   *
   * @throws MatchException if OVN rejects it; the message says what is wrong, the exception where
   */
  public OvnMatch read(String text) throws MatchException {
    FirstProblem problem = new FirstProblem();
    OvnMatchLexer lexer = new OvnMatchLexer(CharStreams.fromString(text));
    lexer.removeErrorListeners();
    lexer.addErrorListener(problem);
    OvnMatchParser parser = new OvnMatchParser(new CommonTokenStream(lexer));
    parser.removeErrorListeners();
    parser.addErrorListener(problem);
    OvnMatchParser.MatchContext tree;
    if (deepest(text) > MOST_DEPTH + 1) {
      throw new MatchException(1, "parentheses are nested too deeply");
    }
    tree = parser.match();
    if (problem.message.isPresent()) {
      throw new MatchException(problem.column, problem.message.get());
    }
    try {
      return new Expressions(new Comparisons(names)).expression(tree.expression(), 0);
    } catch (Rejected rejected) {
      throw new MatchException(rejected.column, String.valueOf(rejected.getMessage()));
    }
  }

  /** A bound on the nesting, so that a hostile text cannot exhaust the stack. */
  private static int deepest(String text) {
    int depth = 0;
    int deepest = 0;
    for (int i = 0; i < text.length(); i++) {
      depth += text.charAt(i) == '(' ? 1 : text.charAt(i) == ')' ? -1 : 0;
      deepest = Math.max(deepest, depth);
    }
    return deepest;
  }

  private static final class FirstProblem extends BaseErrorListener {
    private Optional<String> message = Optional.empty();
    private int column;

    @Override
    public void syntaxError(
        Recognizer<?, ?> recognizer,
        Object symbol,
        int line,
        int position,
        String text,
        RecognitionException exception) {
      if (message.isEmpty()) {
        message = Optional.of(text);
        column = symbol instanceof Token token ? token.getStartIndex() + 1 : position + 1;
      }
    }
  }

  /** What is rejected deep inside; {@link #read} makes a checked exception of it. */
  static final class Rejected extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private final int column;

    Rejected(Token at, String message) {
      super(message);
      this.column = at.getStartIndex() + 1;
    }
  }

  /** The tree as a {@link OvnMatch}. */
  private static final class Expressions {
    private final Comparisons comparisons;
    /** Whether an odd number of {@code !} stands around. */
    private boolean negated;

    Expressions(Comparisons comparisons) {
      this.comparisons = comparisons;
    }

    OvnMatch expression(OvnMatchParser.ExpressionContext tree, int depth) {
      if (tree instanceof OvnMatchParser.ConjunctionContext all) {
        return new OvnMatch.All(operands(all.operand(), depth));
      }
      if (tree instanceof OvnMatchParser.DisjunctionContext any) {
        return new OvnMatch.Any(operands(any.operand(), depth));
      }
      return operand(((OvnMatchParser.SingleContext) tree).operand(), depth);
    }

    private List<OvnMatch> operands(List<OvnMatchParser.OperandContext> trees, int depth) {
      List<OvnMatch> matches = new ArrayList<>(trees.size());
      trees.forEach(tree -> matches.add(operand(tree, depth)));
      return matches;
    }

    private OvnMatch operand(OvnMatchParser.OperandContext tree, int depth) {
      boolean not = tree.NOT() != null;
      if (not
          && (tree.primary() instanceof OvnMatchParser.FieldFirstContext
              || tree.primary() instanceof OvnMatchParser.ConstantFirstContext)) {
        throw new Rejected(
            tree.getStart(), "`!` needs parentheses around a comparison, as in !(a == 1)");
      }
      negated ^= not;
      OvnMatch match = primary(tree.primary(), depth);
      negated ^= not;
      return not ? new OvnMatch.Not(match) : match;
    }

    private OvnMatch primary(OvnMatchParser.PrimaryContext tree, int depth) {
      if (tree instanceof OvnMatchParser.ParenthesesContext inner) {
        if (depth >= MOST_DEPTH) {
          throw new Rejected(tree.getStart(), "parentheses are nested too deeply");
        }
        return expression(inner.expression(), depth + 1);
      }
      if (tree instanceof OvnMatchParser.FunctionContext function) {
        if (!function.ID().getText().equals("is_chassis_resident")) {
          throw new Rejected(
              tree.getStart(), "no function is called `" + function.ID().getText() + "`");
        }
        return new OvnMatch.Resident(comparisons.text(function.STRING().getSymbol()));
      }
      if (tree instanceof OvnMatchParser.FieldFirstContext first) {
        return comparisons.compare(
            first.field(), first.relation(), first.constants(), negated, false);
      }
      if (tree instanceof OvnMatchParser.ConstantFirstContext first) {
        return constantFirst(first);
      }
      if (tree instanceof OvnMatchParser.LoneContext lone) {
        return comparisons.lone(lone.field(), negated);
      }
      String digits = tree.getText();
      if (!digits.equals("0") && !digits.equals("1")) {
        throw new Rejected(tree.getStart(), "expected an operator after `" + digits + "`");
      }
      return new OvnMatch.Literal(digits.equals("1"));
    }

    private OvnMatch constantFirst(OvnMatchParser.ConstantFirstContext tree) {
      OvnMatch first =
          comparisons.compare(tree.field(), tree.relation(0), tree.constants(0), negated, true);
      if (tree.relation().size() == 1) {
        return first;
      }
      boolean up = isLess(tree.relation(0)) && isLess(tree.relation(1));
      boolean down = isMore(tree.relation(0)) && isMore(tree.relation(1));
      if (!up && !down) {
        throw new Rejected(
            tree.relation(1).getStart(), "a range is written `1 < field < 9` or `9 > field > 1`");
      }
      return new OvnMatch.All(List.of(
          first,
          comparisons.compare(tree.field(), tree.relation(1), tree.constants(1), negated, false)));
    }

    private static boolean isLess(OvnMatchParser.RelationContext relation) {
      return relation.LT() != null || relation.LE() != null;
    }

    private static boolean isMore(OvnMatchParser.RelationContext relation) {
      return relation.GT() != null || relation.GE() != null;
    }
  }
}
