package dev.postern.nftables.reader;

import dev.postern.enforced.Condition;
import dev.postern.enforced.EnforcedRules.EnforcedRule;
import dev.postern.enforced.RuleAction;
import dev.postern.net.AddressSet;
import dev.postern.netfilter.reader.NodeFacts;
import dev.postern.netfilter.reader.PrintedAddresses;
import dev.postern.netfilter.reader.TcpFlags;
import dev.postern.nftables.reader.grammar.NftParser;
import dev.postern.nftables.reader.grammar.NftParser.ClauseContext;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.IntPredicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.antlr.v4.runtime.Token;

/** Turns the rules of one table, as they were parsed, into enforced ones: clauses from left to right (nft(8)). */
final class RuleParser {

  /** What a clause with such a word does is beyond us. */
  private static final Set<String> BEYOND = Set.of(
      "queue",
      "dnat",
      "snat",
      "masquerade",
      "redirect",
      "tproxy",
      "notrack",
      "dup",
      "fwd",
      "synproxy",
      "flow",
      "xt",
      "set",
      "vmap");

  /** What statements may set of a connection that no condition we understand looks at. */
  private static final Set<String> OF_CONNECTION = Set.of("event", "helper");

  private static final int TCP = 6;

  private static final List<String> MARK_SET = List.of("meta", "mark", "set");

  private static final Pattern MODULUS = Pattern.compile("\\bmod'?[ :](\\d+)");

  private final Ruleset ruleset;
  private final String prefix;
  private final NodeFacts node;
  private final ConditionParser matches;

  /** @param prefix what our names of the table's chains begin with */
  RuleParser(
      Ruleset ruleset, String prefix, Map<String, NamedSet> sets, String family, NodeFacts node) {
    this.ruleset = ruleset;
    this.node = node;
    this.prefix = prefix;
    this.matches = new ConditionParser(ruleset, sets, family, node);
  }

  /** One line may be several rules: a map of verdicts has one for each verdict. */
  List<EnforcedRule> read(NftParser.StatementContext statement) {
    return new Statement(statement).read();
  }

  /** One rule on its way. */
  private final class Statement {
    private final String text;
    private final NftParser.StatementContext statement;
    private final List<Condition> conditions = new ArrayList<>();
    private final List<EnforcedRule> rules = new ArrayList<>();

    Statement(NftParser.StatementContext statement) {
      this.statement = statement;
      this.text = ruleset.text(statement);
    }

    List<EnforcedRule> read() {
      List<ClauseContext> clauses = new ArrayList<>(statement.clause());
      if (clauses.size() > 1 && last(clauses).comment() != null) {
        clauses.remove(clauses.size() - 1);
      }
      for (int i = 0; i < clauses.size(); i++) {
        boolean known;
        try {
          known = clause(clauses.get(i), i == clauses.size() - 1);
        } catch (IllegalArgumentException e) {
          known = false;
        }
        if (!known && drops(clauses)) {
          int past = flags(clauses, i);
          known = past > i;
          i = known ? past - 1 : i;
        }
        if (!known) {
          int next = clauses.size();
          while (next > i + 1 && isStatement(clauses.get(next - 1))) {
            next--;
          }
          beyond(clauses.get(i).getStart(), clauses.get(next - 1).getStop());
          i = next - 1;
        }
      }
      if (rules.isEmpty()) {
        add(RuleAction.CONTINUE);
      }
      return rules;
    }

    /** Whether what the rule matches is dropped. */
    private static boolean drops(List<ClauseContext> clauses) {
      ClauseContext last = last(clauses);
      return last.exception == null
          && (last.reject() != null
              || last.verdict() != null && last.verdict().getText().equals("drop"));
    }

    /** Reads a match of TCP's flags that begins with a clause, and says which clause comes after it; the same one if it is none. */
    private int flags(List<ClauseContext> clauses, int from) {
      for (int to = clauses.size() - 1; to > from; to--) {
        String match =
            ruleset.text(clauses.get(from).getStart(), clauses.get(to - 1).getStop());
        Optional<IntPredicate> read = FlagsMatch.read(match);
        if (read.isPresent()) {
          conditions.add(new Condition.IpProtocol(Set.of(TCP)));
          conditions.add(TcpFlags.of(read.get(), match));
          return to;
        }
      }
      return from;
    }

    private static ClauseContext last(List<ClauseContext> clauses) {
      return clauses.get(clauses.size() - 1);
    }

    /** Whether it can be no part of a condition. */
    private static boolean isStatement(ClauseContext clause) {
      return clause.exception == null
          && (clause.verdict() != null
              || clause.reject() != null
              || clause.queue() != null
              || clause.harmless() != null
              || clause.markChange() != null
              || clause.counter() != null
              || clause.log() != null);
    }

    private void add(RuleAction action) {
      boolean remarked = rules.stream()
          .anyMatch(rule -> rule.action() instanceof RuleAction.SetMark
              || rule.action() instanceof RuleAction.MapMark
              || rule.action() instanceof RuleAction.UnknownMark);
      // The conditions would be asked again, of another mark.
      boolean again = remarked && conditions.stream().anyMatch(RuleParser::looksAtMark);
      rules.add(rule(condition(), again ? new RuleAction.Unknown(text) : action));
    }

    private Condition condition() {
      return conditions.size() == 1 ? conditions.get(0) : new Condition.All(conditions);
    }

    private EnforcedRule rule(Condition condition, RuleAction action) {
      return new EnforcedRule(condition, action, text, ruleset.origin(statement));
    }

    /** From one token to another nothing is understood. */
    private void beyond(Token from, Token to) {
      String strange = ruleset.text(from, to);
      List<String> words = ruleset.words(from, to);
      List<String> beyond = words.stream().filter(BEYOND::contains).toList();
      if (words.size() > 2 && words.subList(0, 3).equals(MARK_SET) && beyond.size() == 1) {
        add(new RuleAction.UnknownMark(-1));
      } else if (!beyond.isEmpty()) {
        add(new RuleAction.Unknown(strange));
      }
      conditions.add(new Condition.Unknown(strange));
    }

    /** Reads a condition or a statement; false if it is not understood. */
    private boolean clause(ClauseContext clause, boolean last) {
      if (clause.exception != null || clause.strange() != null) {
        return false;
      }
      if (clause.verdict() != null) {
        add(verdict(clause.verdict().children.stream()
            .map(word -> NamedSet.plain(word.getText()))
            .toList()));
      } else if (clause.reject() != null) {
        add(RuleAction.DROP);
      } else if (clause.queue() != null) {
        // What would follow is never reached, or a way to choose the queue that we do not know.
        return last && queue(clause.queue());
      } else if (clause.condition() != null) {
        // What would follow a map of verdicts is never reached.
        return (last || clause.condition().VMAP() == null) && condition(clause.condition());
      } else if (clause.markMatch() != null) {
        conditions.add(matches.mark(clause.markMatch()));
      } else if (clause.markChange() != null) {
        change(clause.markChange());
      } else if (clause.connectionMark() != null) {
        conditions.add(matches.connectionMark(clause.connectionMark()));
      } else if (clause.connectionLabel() != null) {
        conditions.add(new Condition.Unknown(ruleset.text(clause)));
      } else if (clause.fib() != null) {
        conditions.add(matches.route(clause.fib()));
      } else if (clause.spread() != null) {
        return last && spread(clause.spread());
      } else if (clause.harmless() != null) {
        return isHarmless(clause.harmless());
      }
      // A full set, or a limit beside the element, ends the rule.
      return clause.alteration() == null;
    }

    private boolean queue(NftParser.QueueContext queue) {
      List<String> flags = Stream.concat(
              queue.flag.stream().map(flag -> flag.getText()),
              queue.old.stream().map(Token::getText))
          .toList();
      boolean known = List.of("bypass", "fanout").containsAll(flags)
          && (queue.number == null || List.of("to", "num").contains(queue.to.getText()));
      if (!known) {
        return false;
      }
      String[] bounds = (queue.number == null ? "0" : queue.number.getText()).split("-", 2);
      add(new RuleAction.Queue(
          Integer.parseInt(bounds[0]),
          Integer.parseInt(bounds[bounds.length - 1]),
          flags.contains("bypass")));
      return true;
    }

    /** A packet that has no hop left is dropped where it is routed. */
    private boolean isHarmless(NftParser.HarmlessContext statement) {
      if (statement.about != null) {
        return OF_CONNECTION.contains(statement.about.getText());
      }
      if (statement.field == null) {
        return true;
      }
      return switch (statement.field.getText()) {
        case "dscp", "ecn", "flowlabel" -> true;
        case "ttl", "hoplimit" -> Integer.parseInt(statement.number.getText()) > 1;
        default -> false;
      };
    }

    /** Any of the verdicts may be the packet's; if all cases are there, one of them is. */
    private boolean spread(NftParser.SpreadContext spread) {
      NamedSet map = matches.set(spread.members());
      List<List<String>> verdicts = List.copyOf(map.keysByData().keySet());
      boolean all = isWhole(ruleset.text(spread), map);
      for (int i = 0; i < verdicts.size(); i++) {
        Condition chance = all && i == verdicts.size() - 1
            ? Condition.ALWAYS
            : new Condition.Unknown(
                ruleset.text(spread) + " says " + String.join(" ", verdicts.get(i)));
        List<Condition> each = new ArrayList<>(conditions);
        each.add(chance);
        rules.add(rule(new Condition.All(each), verdict(verdicts.get(i))));
      }
      return true;
    }

    /** Whether a map has a case for each number that comes out. */
    private static boolean isWhole(String text, NamedSet map) {
      Matcher mod = MODULUS.matcher(text);
      if (!mod.find()
          || text.contains("offset ")
          || text.contains("'offset'") && !text.contains("'offset':0")) {
        return false;
      }
      long numbers = 0;
      for (NamedSet.Element element : map.elements()) {
        String[] bounds = String.join(" ", element.key()).split("-", 2);
        numbers += Long.parseLong(bounds[bounds.length - 1]) - Long.parseLong(bounds[0]) + 1;
      }
      return numbers == Long.parseLong(mod.group(1));
    }

    private void change(NftParser.MarkChangeContext change) {
      if (!change.bits().isEmpty() && change.CT() != null) {
        throw new IllegalArgumentException("a connection's mark that is changed");
      }
      if (!change.bits().isEmpty()) {
        add(MarkBits.change(change.bits()));
      } else if (change.CT() != null) {
        add(
            node.connectionMarks()
                ? new RuleAction.UnknownMark(-1)
                : new RuleAction.SetMark(0, -1));
      } else if (change.mark != null) {
        add(new RuleAction.SetMark(MarkBits.number(change.mark.getText()), -1));
      } else {
        Key key = ConditionParser.key(change.key());
        if (!key.isAddress()) {
          throw new IllegalArgumentException("a map of " + key.name());
        }
        List<RuleAction.MapMark.Entry> entries = new ArrayList<>();
        for (NamedSet.Element element : matches.set(change.members()).elements()) {
          AddressSet addresses = PrintedAddresses.parse(String.join(" . ", element.key()));
          entries.add(new RuleAction.MapMark.Entry(
              addresses, MarkBits.number(String.join(" ", element.data())), -1));
        }
        conditions.add(key.dependency());
        add(new RuleAction.MapMark(key.isSource(), entries));
      }
    }

    private boolean condition(NftParser.ConditionContext match) {
      List<Key> keys = match.key().stream().map(ConditionParser::key).toList();
      if (keys.size() == 1 && keys.get(0).name().equals("ct status")) {
        conditions.add(matches.status(match));
        return true;
      }
      if (keys.size() == 1 && keys.get(0).isOwner()) {
        conditions.add(node.isOwned());
        return match.VMAP() == null;
      }
      int before = conditions.size();
      for (Key key : keys) {
        if (!key.dependency().equals(Condition.ALWAYS)) {
          conditions.add(key.dependency());
        }
      }
      if (match.VMAP() != null) {
        return vmap(keys, match);
      }
      try {
        conditions.add(matches.compared(keys, match));
        return true;
      } catch (IllegalArgumentException e) {
        conditions.subList(before, conditions.size()).clear();
        throw e;
      }
    }

    private boolean vmap(List<Key> keys, NftParser.ConditionContext match) {
      NamedSet map = matches.set(match.members());
      List<EnforcedRule> cases = new ArrayList<>();
      for (Map.Entry<List<String>, List<List<String>>> entry : map.keysByData().entrySet()) {
        List<Condition> all = new ArrayList<>(conditions);
        all.add(Key.oneOf(keys, entry.getValue()));
        cases.add(rule(new Condition.All(all), verdict(entry.getKey())));
      }
      rules.addAll(cases);
      if (rules.isEmpty()) {
        rules.add(rule(Condition.NEVER, RuleAction.CONTINUE));
      }
      return true;
    }
  }

  private RuleAction verdict(List<String> words) {
    String chain = words.size() == 2 ? prefix + words.get(1) : "";
    return switch (words.isEmpty() ? "" : words.get(0)) {
      case "accept" -> RuleAction.ACCEPT;
      case "drop" -> RuleAction.DROP;
      case "return" -> RuleAction.RETURN;
      case "continue" -> RuleAction.CONTINUE;
      case "jump" -> new RuleAction.Jump(chain);
      case "goto" -> new RuleAction.Goto(chain);
      default -> new RuleAction.Unknown(String.join(" ", words));
    };
  }

  private static boolean looksAtMark(Condition condition) {
    return condition instanceof Condition.Mark
        || condition instanceof Condition.Not not && looksAtMark(not.condition())
        || condition instanceof Condition.Any any
            && any.conditions().stream().anyMatch(RuleParser::looksAtMark);
  }
}
