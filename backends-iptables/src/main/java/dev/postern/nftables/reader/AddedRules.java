package dev.postern.nftables.reader;

import dev.postern.net.AddressSet;
import dev.postern.netfilter.reader.NodeFacts;
import dev.postern.nftables.reader.grammar.NftParser;
import dev.postern.nftables.reader.grammar.NftParser.ClauseContext;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.regex.Pattern;

/**
 * Whether {@code nft} takes rules that a file adds. Of rules in force it is enough to understand those that a packet meets, but one rule
 * that nft does not take makes it refuse the whole file (nft(8), "-f").
 */
public final class AddedRules {

  private static final Pattern REJECT = Pattern.compile(
      "reject( with ("
          + "tcp reset|icmp (type )?(net|host|prot|port)-unreachable|icmp (type )?(net|host|admin)-prohibited"
          + "|icmpx (type )?(no-route|(host|port)-unreachable|admin-prohibited)"
          + "|icmpv6 (type )?(no-route|(addr|port)-unreachable|admin-prohibited|policy-fail|reject-route)))?");

  private static final Pattern LOG = Pattern.compile(
      "log( prefix \"[^\"]{0,127}\")?( level (emerg|alert|crit|err|warn|notice|info|debug|audit))?");

  private static final Pattern COUNTER = Pattern.compile("counter( packets [0-9]+ bytes [0-9]+)?");

  private final Ruleset ruleset;
  private final List<NftParser.StatementContext> statements = new ArrayList<>();
  private final Map<String, NamedSet> sets = new HashMap<>();

  private AddedRules(String file, String table, String members, List<String> rules) {
    ruleset = new Ruleset(
        file,
        "table " + table + " {\n" + members + "chain added {\n" + String.join("\n", rules)
            + "\n}\n}\n");
  }

  /**
   * The first rule that is not understood to its last word.
   *
   * @param file for messages
   * @param table family and name
   * @param members the sets and maps that the table has then, as {@code nft list ruleset} prints them
   * @param rules a line each
   * @return its place in the list; empty if all are understood
   */
  public static OptionalInt firstNotUnderstood(
      String file, String table, String members, List<String> rules) {
    return new AddedRules(file, table, members, rules).first(NftablesReader.family(table), rules);
  }

  private OptionalInt first(String family, List<String> rules) {
    int[] first = {-1};
    ruleset.forEach(item -> {
      item.table().definition().forEach(this::define);
      RuleParser parser = new RuleParser(
          ruleset, "", sets, family, new NodeFacts(AddressSet.EMPTY, false, NodeFacts.ANYTHING));
      for (int i = 0; i < statements.size() && first[0] < 0; i++) {
        NftParser.StatementContext statement = statements.get(i);
        if (!isWhole(statement) || !parser.understands(statement)) {
          first[0] = i;
        }
      }
    });
    // A line that is no statement stands for something else in a chain.
    return first[0] >= 0 || statements.size() == rules.size()
        ? first[0] < 0 ? OptionalInt.empty() : OptionalInt.of(first[0])
        : OptionalInt.of(0);
  }

  private void define(NftParser.DefinitionContext definition) {
    if (definition.chain() != null) {
      definition.chain().line().stream()
          .filter(line -> line.statement() != null)
          .forEach(line -> statements.add(line.statement()));
    } else if (definition.set() != null) {
      List<NamedSet.Element> elements = definition.set().attribute().stream()
          .filter(attribute -> attribute.block() != null)
          .flatMap(attribute -> ruleset.members(attribute.block()).stream())
          .toList();
      sets.put(NamedSet.plain(definition.set().name().getText()), NamedSet.of(elements));
    }
  }

  /** Whether its clauses may follow each other, and say no more than we know: behind what ends a rule there is nothing but a comment. */
  private boolean isWhole(NftParser.StatementContext statement) {
    List<ClauseContext> clauses = statement.clause();
    for (int i = 0; i < clauses.size(); i++) {
      ClauseContext clause = clauses.get(i);
      boolean last = i == clauses.size() - 1
          || i == clauses.size() - 2 && clauses.get(i + 1).comment() != null;
      boolean ends = clause.verdict() != null
          || clause.reject() != null
          || clause.queue() != null
          || clause.condition() != null && clause.condition().VMAP() != null;
      if (clause.exception != null || ends && !last || !isKnown(clause)) {
        return false;
      }
    }
    return true;
  }

  private boolean isKnown(ClauseContext clause) {
    String text = ruleset.text(clause);
    if (clause.reject() != null) {
      return REJECT.matcher(text).matches();
    }
    if (clause.log() != null) {
      return LOG.matcher(text).matches();
    }
    if (clause.counter() != null) {
      return COUNTER.matcher(text).matches();
    }
    // These name objects that would have to be there, or values that are not looked at.
    return clause.harmless() == null
        || clause.harmless().TRACE() != null && text.matches("meta nftrace set [01]");
  }
}
