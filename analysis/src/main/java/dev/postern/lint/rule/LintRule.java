package dev.postern.lint.rule;

import dev.postern.diagnostic.Code;
import dev.postern.diagnostic.Diagnostic;
import java.util.List;
import java.util.function.Consumer;

/**
 * One thing that lint looks for. An implementation is public, has a constructor without arguments, keeps no state, and is annotated with
 * {@code @AutoService(LintRule.class)}, which is all that it takes to be found; its page is {@code docs/diagnostics/<id>.md}.
 */
public interface LintRule {

  /** The code of its findings: of no other rule. */
  Code code();

  /** What it finds, in a few words: the title of its page. */
  String title();

  /** Says what it finds. */
  void check(LintInput input, Consumer<Diagnostic> found);

  /** What a team may set about it; the same objects at every call. */
  default List<RuleOption<?>> options() {
    return List.of();
  }

  /** Its page, from the root of the repository. */
  default String page() {
    return "docs/diagnostics/" + code().id() + ".md";
  }
}
