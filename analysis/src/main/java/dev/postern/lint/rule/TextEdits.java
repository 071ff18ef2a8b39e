package dev.postern.lint.rule;

import dev.postern.diagnostic.Fix;
import dev.postern.diagnostic.Origin;
import dev.postern.diagnostic.TextEdit;
import dev.postern.manifest.Written;
import java.util.List;
import java.util.Optional;

/** Edits that several rules offer. Each keeps every character that it need not change; where the text is not laid out as expected, there is none. */
final class TextEdits {

  private TextEdits() {}

  /** Makes a list's entry a part of the entry before it. */
  static Optional<Fix> joinPeers(LintInput input, Origin entry) {
    return withoutDash(input, entry, "make the two peers one, which both selectors must match");
  }

  /** Makes a rule a part of the rule before it. */
  static Optional<Fix> joinRules(LintInput input, Origin rule) {
    return withoutDash(input, rule, "make the two rules one: those ports for those peers");
  }

  /** Writes a field before the first of an object, as it means already. */
  static Optional<Fix> firstField(LintInput input, Written object, String field) {
    if (object.keys().isEmpty()) {
      return Optional.empty();
    }
    Origin first = object.keyOrigin(object.keys().get(0));
    return input.line(first).map(line -> {
      int[] points = line.codePoints().toArray();
      int at = first.column() - 1;
      boolean ownLine = new String(points, 0, Math.min(at, points.length)).isBlank();
      String after = ownLine ? "\n" + " ".repeat(at) : ", ";
      return new Fix(
          "write `" + field + "`", Fix.Safety.SAFE, List.of(TextEdit.insert(first, field + after)));
    });
  }

  /** Writes a space for the dash before an entry of a list in block style. */
  private static Optional<Fix> withoutDash(LintInput input, Origin entry, String title) {
    return input.line(entry).flatMap(line -> {
      int[] points = line.codePoints().toArray();
      int at = Math.min(entry.column() - 1, points.length) - 1;
      while (at >= 0 && points[at] == ' ') {
        at--;
      }
      boolean dash = at >= 0 && points[at] == '-' && line.substring(0, at).isBlank();
      return dash
          ? Optional.of(new Fix(
              title,
              Fix.Safety.WHEN_ASKED,
              List.of(new TextEdit(entry.file(), entry.line(), at + 1, entry.line(), at + 2, " "))))
          : Optional.empty();
    });
  }
}
