package dev.postern.cli.selection;

import dev.postern.cli.input.Glob;
import dev.postern.diagnostic.Severity;
import dev.postern.lint.mark.RuleName;
import dev.postern.lint.rule.RuleOption;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What settings say about rules.
 *
 * @param rules which
 * @param on whether they are to be reported at all
 * @param severity how bad; empty for as bad as the catalogue says
 * @param paths only in these files; everywhere if there are none
 * @param exclude not in these files
 * @param options what is set about it; only of one rule
 */
public record RuleSetting(
    RuleName rules,
    boolean on,
    Optional<Severity> severity,
    List<Glob> paths,
    List<Glob> exclude,
    Map<RuleOption<?>, List<String>> options) {

  public RuleSetting {
    paths = List.copyOf(paths);
    exclude = List.copyOf(exclude);
    options = Map.copyOf(options);
  }
}
