package dev.postern.ovn.match;

import dev.postern.ovn.match.OvnMatch.Compare;
import dev.postern.ovn.match.OvnMatch.Operator;
import dev.postern.ovn.match.OvnMatchReader.Rejected;
import dev.postern.ovn.match.Symbol.Level;
import dev.postern.ovn.match.grammar.OvnMatchParser;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.antlr.v4.runtime.Token;
import org.antlr.v4.runtime.tree.TerminalNode;

/** Makes comparisons and rejects those that OVN does: unknown names, types and widths that do not fit, nominal fields in the negative. */
final class Comparisons {

  private static final Constant.Number ZERO =
      new Constant.Number(BigInteger.ZERO, BigInteger.ZERO, false, 0, false);

  private final NamedSets names;

  Comparisons(NamedSets names) {
    this.names = names;
  }

  private record Field(Symbol symbol, int low, int bits, Token at) {}

  private record Constants(List<Constant> values, boolean braces, boolean text, Token at) {}

  /** A field by itself: whether its one bit is set. */
  OvnMatch lone(OvnMatchParser.FieldContext tree, boolean negated) {
    Field field = field(tree);
    if (field.bits == 0) {
      throw new Rejected(
          tree.getStop(), "expected a comparison after `" + field.symbol.name() + "`");
    }
    if (field.bits > 1 && !negated) {
      throw new Rejected(
          tree.getStart(),
          "`" + field.symbol.name() + "` has " + field.bits + " bits: compare it, as in `!= 0`");
    }
    return checked(
        field, Operator.NE, new Constants(List.of(ZERO), false, false, field.at), negated);
  }

  /** A comparison; {@code turned} if the constants stand first. */
  OvnMatch compare(
      OvnMatchParser.FieldContext fieldTree,
      OvnMatchParser.RelationContext relationTree,
      OvnMatchParser.ConstantsContext constantsTree,
      boolean negated,
      boolean turned) {
    Field field = field(fieldTree);
    Operator relation = relation(relationTree);
    return checked(field, turned ? relation.turned() : relation, constants(constantsTree), negated);
  }

  private static Operator relation(OvnMatchParser.RelationContext tree) {
    return switch (tree.getText()) {
      case "==" -> Operator.EQ;
      case "!=" -> Operator.NE;
      case "<" -> Operator.LT;
      case "<=" -> Operator.LE;
      case ">" -> Operator.GT;
      default -> Operator.GE;
    };
  }

  private OvnMatch checked(Field field, Operator relation, Constants constants, boolean negated) {
    Symbol symbol = field.symbol;
    if (constants.text != symbol.isText() && !constants.values.isEmpty()) {
      throw new Rejected(
          constants.at,
          "`" + symbol.name() + "` is compared with " + (symbol.isText() ? "text" : "numbers"));
    }
    for (Constant constant : constants.values) {
      if (constant instanceof Constant.Number number && number.width() > symbol.width()) {
        throw new Rejected(
            constants.at,
            "a constant of " + number.width() + " bits does not fit `" + symbol.name() + "` of "
                + symbol.width());
      }
    }
    if (relation != Operator.EQ && relation != Operator.NE) {
      ordered(symbol, constants);
    }
    if (symbol.level() == Level.NOMINAL) {
      nominal(field, relation, constants, negated);
    }
    return new Compare(symbol, field.low, field.bits, relation, constants.values);
  }

  private static void ordered(Symbol symbol, Constants constants) {
    if (constants.braces) {
      throw new Rejected(constants.at, "a set is compared with == or != only");
    }
    if (symbol.level() != Level.ORDINAL) {
      throw new Rejected(constants.at, "`" + symbol.name() + "` is compared with == or != only");
    }
    if (constants.values.isEmpty()) {
      throw new Rejected(constants.at, "an empty set is compared with == or != only");
    }
    if (constants.values.get(0) instanceof Constant.Number number && number.masked()) {
      throw new Rejected(constants.at, "a constant with a mask is compared with == or != only");
    }
  }

  private static void nominal(
      Field field, Operator relation, Constants constants, boolean negated) {
    String name = field.symbol.name();
    if (field.symbol.isPredicate()) {
      for (Constant constant : constants.values) {
        boolean set =
            constant instanceof Constant.Number number && number.value().testBit(0);
        if (!(set ^ relation == Operator.NE ^ negated)) {
          throw new Rejected(
              field.at, "OpenFlow cannot say `not " + name + "`: test it in the positive");
        }
      }
    } else if (relation != (negated ? Operator.NE : Operator.EQ)) {
      throw new Rejected(
          field.at, "OpenFlow cannot say that `" + name + "` differs: test it for equality");
    }
  }

  private static Field field(OvnMatchParser.FieldContext tree) {
    Token at = tree.getStart();
    String name = tree.ID().getText();
    Symbol symbol =
        Symbols.of(name).orElseThrow(() -> new Rejected(at, "no field is called `" + name + "`"));
    if (tree.INTEGER().isEmpty()) {
      return new Field(symbol, 0, symbol.width(), at);
    }
    if (symbol.isText()) {
      throw new Rejected(at, "`" + name + "` is text and has no bits");
    }
    int low = bit(tree.INTEGER(0));
    int high = tree.INTEGER().size() > 1 ? bit(tree.INTEGER(1)) : low;
    if (low > high || high >= symbol.width()) {
      throw new Rejected(
          tree.INTEGER(0).getSymbol(),
          "no bits " + low + " to " + high + " of `" + name + "`, which has " + symbol.width());
    }
    if (symbol.level() == Level.NOMINAL && high - low + 1 != symbol.width()) {
      throw new Rejected(at, "OpenFlow cannot tell the bits of `" + name + "` apart");
    }
    return new Field(symbol, low, high - low + 1, at);
  }

  private static int bit(TerminalNode node) {
    Constant.Number number = number(node.getSymbol());
    if (!number.decimal() || number.value().bitLength() > 31) {
      throw new Rejected(node.getSymbol(), "expected the number of a bit");
    }
    return number.value().intValue();
  }

  private Constants constants(OvnMatchParser.ConstantsContext tree) {
    List<OvnMatchParser.ConstantContext> parts = tree instanceof OvnMatchParser.OneContext one
        ? List.of(one.constant())
        : ((OvnMatchParser.SeveralContext) tree).constant();
    List<Constant> values = new ArrayList<>();
    boolean text = false;
    for (OvnMatchParser.ConstantContext part : parts) {
      boolean isText = part.STRING() != null || part.PORT_GROUP() != null;
      if (!values.isEmpty() && isText != text) {
        throw new Rejected(part.getStart(), "a set holds " + (text ? "text" : "numbers") + " only");
      }
      text = isText;
      values.addAll(constant(part));
    }
    return new Constants(
        values, tree instanceof OvnMatchParser.SeveralContext, text, tree.getStart());
  }

  private List<Constant> constant(OvnMatchParser.ConstantContext tree) {
    Token token = tree.getStart();
    String name = token.getText().substring(1);
    if (tree.ADDRESS_SET() != null) {
      return names
          .addressSet(name)
          .orElseThrow(() -> new Rejected(token, "no address set is called `" + name + "`"));
    }
    if (tree.PORT_GROUP() != null) {
      return names
          .portGroup(name)
          .orElseThrow(() -> new Rejected(token, "no port group is called `" + name + "`"));
    }
    return List.of(tree.STRING() != null ? new Constant.Text(text(token)) : number(token));
  }

  private static Constant.Number number(Token token) {
    StringBuilder why = new StringBuilder();
    Optional<Constant.Number> number = Numbers.parse(token.getText(), why);
    return number.orElseThrow(() -> new Rejected(token, why.toString()));
  }

  /** What a quoted string says, as JSON writes it. */
  String text(Token token) {
    String quoted = token.getText();
    StringBuilder text = new StringBuilder();
    for (int i = 1; i < quoted.length() - 1; i++) {
      char c = quoted.charAt(i);
      if (c != '\\') {
        text.append(c);
        continue;
      }
      char escaped = quoted.charAt(++i);
      int plain = "\"\\/bfnrt".indexOf(escaped);
      if (plain >= 0) {
        text.append("\"\\/\b\f\n\r\t".charAt(plain));
      } else if (escaped == 'u' && quoted.substring(i + 1).matches("(?s)[0-9a-fA-F]{4}.*")) {
        text.append((char) Integer.parseInt(quoted.substring(i + 1, i + 5), 16));
        i += 4;
      } else {
        throw new Rejected(token, "`\\" + escaped + "` is no escape of JSON");
      }
    }
    return text.toString();
  }
}
