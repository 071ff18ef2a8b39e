package dev.postern.nftables.reader;

import dev.postern.enforced.Condition;
import dev.postern.net.Family;
import dev.postern.netfilter.reader.Connections;
import dev.postern.netfilter.reader.NodeFacts;
import dev.postern.nftables.reader.grammar.NftLexer;
import dev.postern.nftables.reader.grammar.NftParser;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.antlr.v4.runtime.ParserRuleContext;
import org.antlr.v4.runtime.tree.ParseTree;

/**
 * Turns the clauses of rules of one table that match packets into conditions (nft(8), expressions). A clause that it does not understand
 * is an {@link IllegalArgumentException}.
 */
final class ConditionParser {

  private static final Set<String> NOT_FORWARDED =
      Set.of("anycast", "blackhole", "unreachable", "prohibit", "unspec", "throw");

  private final Ruleset ruleset;
  private final Map<String, NamedSet> sets;
  private final String family;
  private final NodeFacts node;
  private final Map<String, Condition> known = new HashMap<>();

  /** A parser that looks names up in these sets. */
  ConditionParser(Ruleset ruleset, Map<String, NamedSet> sets, String family, NodeFacts node) {
    this.ruleset = ruleset;
    this.sets = sets;
    this.family = family;
    this.node = node;
  }

  Condition mark(NftParser.MarkMatchContext match) {
    int mask = match.mask == null ? -1 : MarkBits.number(match.mask.getText());
    boolean negated = negated(match.operator());
    List<Condition> any = new ArrayList<>();
    for (List<String> value : values(match.values())) {
      any.add(new Condition.Mark(MarkBits.number(String.join(" . ", value)), mask));
    }
    Condition condition = Condition.any(any.toArray(Condition[]::new));
    return negated ? new Condition.Not(condition) : condition;
  }

  /** A connection's mark is 0 unless something marks connections. */
  Condition connectionMark(NftParser.ConnectionMarkContext match) {
    if (node.connectionMarks()) {
      throw new IllegalArgumentException("a connection's mark that rules set");
    }
    boolean zero = values(match.values()).stream()
        .anyMatch(value -> MarkBits.number(String.join(" ", value)) == 0);
    boolean holds = zero != negated(match.operator());
    return Connections.having(holds ? Condition.ALWAYS : Condition.NEVER);
  }

  /**
   * Local addresses are the node's own. That no route leads back to a source is false of packets that bear the address of who sent them
   * and come in where its answers leave: the assumption under which everything is judged.
   */
  Condition route(NftParser.FibContext match) {
    String about = match.fibKey(0).getText();
    if (match.values() == null) {
      // Without a route the interface's number is 0.
      boolean none = match.number == null
          ? match.found.getType() == NftLexer.MISSING
          : !negated(match.operator());
      if (!about.equals("saddr")
          || match.number != null && !match.number.getText().equals("0")) {
        throw new IllegalArgumentException("routes to a destination");
      }
      return none ? Condition.NEVER : Condition.ALWAYS;
    }
    boolean plain = match.fibKey().stream()
        .skip(1)
        .noneMatch(key -> key.getText().endsWith("addr") || key.getText().startsWith("oif"));
    if (!plain) {
      throw new IllegalArgumentException("a type of address");
    }
    List<Condition> any = new ArrayList<>();
    for (List<String> type : values(match.values())) {
      any.add(ofType(String.join(" ", type), about.equals("saddr")));
    }
    Condition condition = Condition.any(any.toArray(Condition[]::new));
    return negated(match.operator()) ? new Condition.Not(condition) : condition;
  }

  /** The types that a forwarded packet can show: what leads nowhere, or to the node itself as an anycast address does, is not forwarded. */
  private Condition ofType(String type, boolean source) {
    return switch (type) {
      case "local" -> isLocal(source);
      case "multicast" -> NodeFacts.isAmong(NodeFacts.MULTICAST, source);
      case "broadcast" -> NodeFacts.isAmong(NodeFacts.BROADCAST, source);
      case "unicast" -> {
        if (source) {
          throw new IllegalArgumentException("routes to a source");
        }
        yield new Condition.Not(Condition.any(
            isLocal(false),
            NodeFacts.isAmong(NodeFacts.MULTICAST.union(NodeFacts.BROADCAST), false)));
      }
      default -> {
        if (source || !NOT_FORWARDED.contains(type)) {
          throw new IllegalArgumentException("a type of address");
        }
        yield Condition.NEVER;
      }
    };
  }

  private Condition isLocal(boolean source) {
    return switch (family) {
      case "ip" -> node.isLocal(source, Family.IPV4);
      case "ip6" -> node.isLocal(source, Family.IPV6);
      default ->
        Condition.any(node.isLocal(source, Family.IPV4), node.isLocal(source, Family.IPV6));
    };
  }

  Condition status(NftParser.ConditionContext match) {
    // With an operator it is about all that a connection's status holds, beside this.
    if (match.VMAP() != null
        || match.operator() != null
        || !values(match.values()).equals(List.of(List.of("dnat")))) {
      throw new IllegalArgumentException("a status of a connection");
    }
    return Connections.having(node.isTranslated());
  }

  Condition compared(List<Key> keys, NftParser.ConditionContext match) {
    NftParser.ValuesContext values = match.values();
    int operator =
        match.operator() == null ? NftLexer.EQ : match.operator().getStart().getType();
    if (operator != NftLexer.EQ && operator != NftLexer.NE) {
      int number = Integer.parseInt(values.getText());
      return keys.get(0)
          .oneOf(List.of(
              switch (operator) {
                case NftLexer.LT -> "0-" + (number - 1);
                case NftLexer.LE -> "0-" + number;
                case NftLexer.GT -> number + 1 + "-65535";
                default -> number + "-65535";
              }));
    }
    if (match.operator() != null && values.value().size() > 1) {
      throw new IllegalArgumentException("several bits that are there at once");
    }
    boolean named = values.members() != null && values.members().REF() != null;
    Condition condition = named
        ? known.computeIfAbsent(
            keys + values.getText(), key -> Key.oneOf(keys, keysOf(set(values.members()))))
        : Key.oneOf(keys, values(values));
    return operator == NftLexer.NE ? Connections.not(condition) : condition;
  }

  /** A value, several between braces, or several with commas; each a list with a text a dimension. */
  private List<List<String>> values(NftParser.ValuesContext values) {
    if (values.members() != null) {
      return keysOf(set(values.members()));
    }
    return values.value().stream()
        .map(value -> value.scalar().stream()
            .map(scalar -> NamedSet.plain(scalar.getText()))
            .toList())
        .toList();
  }

  private static boolean negated(NftParser.OperatorContext operator) {
    if (operator == null || operator.EQ() != null) {
      return false;
    }
    if (operator.NE() == null) {
      throw new IllegalArgumentException("an order of marks");
    }
    return true;
  }

  NamedSet set(NftParser.MembersContext members) {
    if (members.block() != null) {
      return NamedSet.of(ruleset.members(members.block()));
    }
    String name = members.REF().getText();
    NamedSet set = sets.get(name.substring(1));
    if (set == null) {
      throw new IllegalArgumentException("no set " + name);
    }
    if (set.changing()) {
      throw new IllegalArgumentException("the members of " + name + " change");
    }
    return set;
  }

  static Key key(ParserRuleContext key) {
    List<String> words = key.children.stream().map(ParseTree::getText).toList();
    return Key.of(words.get(0), words.size() > 1 ? words.get(1) : "")
        .orElseThrow(() -> new IllegalArgumentException("key " + words));
  }

  private static List<List<String>> keysOf(NamedSet set) {
    return set.elements().stream().map(NamedSet.Element::key).toList();
  }
}
