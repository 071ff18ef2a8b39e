package dev.postern.suggestion;

import dev.postern.diagnostic.Origin;
import dev.postern.diagnostic.TextEdit;
import dev.postern.manifest.Written;
import dev.postern.policy.Direction;
import dev.postern.policy.Policy;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Edits that write the rules of a suggested NetworkPolicy into one in block style. */
final class PolicyEdits {

  private static final String TYPES = "policyTypes";

  private final BlockText text;
  private final Written spec;
  private final String file;
  private final List<TextEdit> edits = new ArrayList<>();
  /** Fields that the policy does not have yet, for the end of its spec. */
  private final StringBuilder fields = new StringBuilder();

  PolicyEdits(BlockText text, Written spec, String file) {
    this.text = text;
    this.spec = spec;
    this.file = file;
  }

  /** The edits; empty if the text is not laid out as they need it. */
  Optional<List<TextEdit>> of(SuggestedPolicy suggested, Policy existing) {
    List<String> keys = spec.keys();
    if (keys.isEmpty()) {
      return Optional.empty();
    }
    Origin first = spec.keyOrigin(keys.get(0));
    int column = first.column();
    boolean block = keys.stream()
        .map(spec::keyOrigin)
        .allMatch(key -> key.column() == column && text.begins(key.line(), key.column()));
    if (!block) {
      return Optional.empty();
    }
    boolean done = true;
    for (Direction direction : suggested.policy().isolates().stream().sorted().toList()) {
      List<SuggestedRule> rules = suggested.rules(direction);
      done = done && (rules.isEmpty() || rules(direction, rules, column, existing.namespace()));
      boolean follows = existing.typesDefaulted() && !rules.isEmpty();
      done =
          done && (existing.isolates().contains(direction) || follows || type(direction, column));
    }
    if (!fields.isEmpty()) {
      int last = keys.stream()
          .map(spec::keyOrigin)
          .mapToInt(key -> text.end(key.line(), column - 1, true))
          .max()
          .orElseThrow();
      after(last, fields.toString());
    }
    return done ? Optional.of(List.copyOf(edits)) : Optional.empty();
  }

  /** Writes lines after a line. */
  private void after(int line, String lines) {
    int column = text.after(line);
    edits.add(new TextEdit(
        file, line, column, line, column, "\n" + lines.substring(0, lines.length() - 1)));
  }

  private boolean rules(
      Direction direction, List<SuggestedRule> rules, int column, String namespace) {
    List<Written> items = spec.items(direction.field());
    if (!spec.mentions(direction.field())) {
      fields
          .append(" ".repeat(column - 1))
          .append(direction.field())
          .append(":\n")
          .append(PolicyText.rules(rules, column + 1, namespace));
      return true;
    }
    Origin key = spec.keyOrigin(direction.field());
    if (spec.isEmptyList(direction.field())) {
      String line = text.line(key.line());
      int at = line.indexOf("[]", key.column() - 1 + direction.field().length());
      if (at < 0) {
        return false;
      }
      int from = line.codePointCount(0, at) + 1;
      // The blank before the list goes, too.
      int blank = line.charAt(at - 1) == ' ' ? 1 : 0;
      edits.add(new TextEdit(file, key.line(), from - blank, key.line(), from + 2, ""));
      after(key.line(), PolicyText.rules(rules, column + 1, namespace));
      return true;
    }
    if (items.isEmpty()) {
      return false;
    }
    Origin item = items.get(items.size() - 1).origin();
    Optional<Integer> dash = text.dash(item.line(), item.column());
    if (dash.isEmpty()) {
      return false;
    }
    after(
        text.end(item.line(), dash.get() - 1, false),
        PolicyText.rules(rules, dash.get() - 1, namespace));
    return true;
  }

  private boolean type(Direction direction, int column) {
    String word = PolicyText.type(direction);
    List<Written> items = spec.items(TYPES);
    if (!spec.mentions(TYPES)) {
      // Without it a policy isolates ingress, and egress if it has rules for it.
      fields.append(" ".repeat(column - 1)).append(TYPES + ": [Ingress, Egress]\n");
      return true;
    }
    if (items.isEmpty()) {
      return false;
    }
    Origin last = items.get(items.size() - 1).origin();
    Optional<Integer> dash = text.dash(last.line(), last.column());
    if (dash.isPresent()) {
      after(last.line(), " ".repeat(dash.get() - 1) + "- " + word + "\n");
      return true;
    }
    String line = text.line(last.line());
    int close = line.indexOf(']', last.column() - 1);
    if (close < 0) {
      return false;
    }
    int at = line.codePointCount(0, close) + 1;
    edits.add(new TextEdit(file, last.line(), at, last.line(), at, ", " + word));
    return true;
  }
}
