package dev.postern.nftables.reader;

import dev.postern.nftables.reader.grammar.NftLexer;
import dev.postern.nftables.reader.grammar.NftParser;
import java.util.HashSet;
import java.util.Set;

/** What iptables-nft writes into its tables: rules alone, that look nothing up in a set and compare no address with a range. */
final class IptablesTables {

  private static final Set<String> ADDRESSES = Set.of("saddr", "daddr");

  /** Tables that iptables-nft makes: nft's plain output leaves out those conditions that only iptables knows. */
  private static final Set<String> NAMES = Set.of("filter", "mangle", "raw", "security", "nat");

  private static final Set<String> BUILT_IN =
      Set.of("PREROUTING", "INPUT", "FORWARD", "OUTPUT", "POSTROUTING");

  private IptablesTables() {}

  /**
   * The tables that iptables-nft made, as far as their names and chains show it.
   *
   * @param alsoOfNft whether those in which {@code nft} put something besides
   */
  static Set<String> in(Ruleset ruleset, boolean alsoOfNft) {
    Set<String> found = new HashSet<>();
    ruleset.forEach(item -> {
      NftParser.TableContext table = item.table();
      if (table == null || !alsoOfNft && holdOthers(ruleset, table)) {
        return;
      }
      String name = NftablesReader.name(table);
      boolean chains = table.definition().stream()
          .filter(definition -> definition.chain() != null)
          .anyMatch(definition -> BUILT_IN.contains(definition.chain().name().getText()));
      if (chains
          && Set.of("ip", "ip6").contains(NftablesReader.family(name))
          && hasNameOfOne(name)) {
        found.add(name);
      }
    });
    return found;
  }

  /** Whether iptables-nft has a table of this name, whatever its family. */
  static boolean hasNameOfOne(String table) {
    return NAMES.contains(table.substring(table.indexOf(' ') + 1));
  }

  /** Whether a table holds what iptables-nft does not write. */
  private static boolean holdOthers(Ruleset ruleset, NftParser.TableContext table) {
    return table.definition().stream()
        .anyMatch(definition -> definition.set() != null
            || definition.chain() != null
                && definition.chain().line().stream()
                    .map(NftParser.LineContext::statement)
                    .anyMatch(rule -> rule != null && isOfNft(ruleset, rule)));
  }

  private static boolean isOfNft(Ruleset ruleset, NftParser.StatementContext rule) {
    return rule.clause().stream().anyMatch(clause -> {
      boolean looksUp = ruleset.types(clause.getStart(), clause.getStop()).stream()
          .anyMatch(type -> type == NftLexer.REF || type == NftLexer.OPEN);
      NftParser.ConditionContext condition = clause.condition();
      boolean range = condition != null
          && condition.key().stream()
              .anyMatch(key -> ADDRESSES.contains(key.getStop().getText()))
          && condition.getText().indexOf('-') >= 0;
      return looksUp || range;
    });
  }
}
