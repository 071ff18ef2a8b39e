package dev.postern.nftables.reader;

import dev.postern.nftables.reader.grammar.NftLexer;
import dev.postern.nftables.reader.grammar.NftParser;
import java.util.Set;

/** What iptables-nft writes into its tables: rules alone, that look nothing up in a set and compare no address with a range. */
final class IptablesTables {

  private static final Set<String> ADDRESSES = Set.of("saddr", "daddr");

  private IptablesTables() {}

  /** Whether a table holds what iptables-nft does not write. */
  static boolean holdOthers(Ruleset ruleset, NftParser.TableContext table) {
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
