package dev.postern.lint.rule;

import dev.postern.diagnostic.Diagnostic;
import dev.postern.diagnostic.Fix;
import dev.postern.diagnostic.Origin;
import dev.postern.diagnostic.TextEdit;
import dev.postern.manifest.Written;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Fixes for what reading found: a null list of peers, labels without {@code matchLabels}. */
public final class ReadingFixes {

  private static final Pattern NULL_PEERS =
      Pattern.compile("(from|to)[ ]*:[ ]*(null|Null|NULL|~)?[ ]*(#.*)?");
  private static final List<String> SELECTORS = List.of("podSelector", "namespaceSelector");

  private final LintInput input;
  private final Map<Origin, Fix> fixes = new HashMap<>();

  private ReadingFixes(LintInput input) {
    this.input = input;
    for (Written object : input.written()) {
      if (object.kind().equals("NetworkPolicy")) {
        object.field("spec").ifPresent(this::spec);
      }
    }
  }

  /** The findings, those with a fix that have one. */
  public static List<Diagnostic> on(List<Diagnostic> findings, LintInput input) {
    if (findings.isEmpty()) {
      return findings;
    }
    ReadingFixes fixes = new ReadingFixes(input);
    return findings.stream()
        .map(finding -> Optional.ofNullable(fixes.fixes.get(place(finding.origin())))
            .map(finding::fix)
            .orElse(finding))
        .toList();
  }

  /** A place without its way in the document: reading and looking may write the way otherwise. */
  private static Origin place(Origin origin) {
    return new Origin(origin.file(), origin.line(), origin.column(), "");
  }

  private void spec(Written spec) {
    selectors(spec);
    for (String direction : List.of("ingress", "egress")) {
      String list = direction.equals("ingress") ? "from" : "to";
      for (Written rule : spec.items(direction)) {
        if (rule.isNull(list)) {
          nullPeers(rule, list).ifPresent(fix -> fixes.put(place(rule.keyOrigin(list)), fix));
        }
        rule.items(list).forEach(this::selectors);
      }
    }
  }

  private void selectors(Written holder) {
    for (String field : SELECTORS) {
      holder.field(field).ifPresent(selector -> {
        List<String> keys = selector.keys();
        boolean labels = !keys.isEmpty()
            && keys.stream()
                .allMatch(key -> !key.startsWith("match") && selector.text(key).isPresent());
        if (labels) {
          matchLabels(selector, keys)
              .ifPresent(fix -> fixes.put(place(selector.keyOrigin(keys.get(0))), fix));
        }
      });
    }
  }

  private Optional<Fix> nullPeers(Written rule, String list) {
    Origin key = rule.keyOrigin(list);
    Optional<String> line = input.line(key);
    if (line.isEmpty()) {
      return Optional.empty();
    }
    int at = line.get().offsetByCodePoints(0, key.column() - 1);
    String before = line.get().substring(0, at);
    Matcher after = NULL_PEERS.matcher(line.get().substring(at));
    boolean first = before.strip().equals("-");
    if (!after.matches() || !(before.isBlank() || first)) {
      return Optional.empty();
    }
    boolean comment = after.group(3) != null;
    int written = comment ? after.start(3) : after.end();
    TextEdit edit;
    if (before.isBlank() && !comment) {
      edit = new TextEdit(key.file(), key.line(), 1, key.line() + 1, 1, "");
    } else {
      String rest = rule.keys().size() == 1 ? "{}" + (comment ? " " : "") : "";
      // Nothing stands after the dash then, not even the space.
      int begin =
          first && !comment && rest.isEmpty() ? before.stripTrailing().length() + 1 : key.column();
      edit = new TextEdit(key.file(), key.line(), begin, key.line(), key.column() + written, rest);
    }
    return Optional.of(new Fix(
        "remove the null `" + list + "`, which lets everyone pass as no `" + list + "` does",
        Fix.Safety.SAFE,
        List.of(edit)));
  }

  private Optional<Fix> matchLabels(Written selector, List<String> keys) {
    List<Origin> places = keys.stream().map(selector::keyOrigin).toList();
    Origin first = places.get(0);
    Optional<String> line = input.line(first);
    if (line.isEmpty()) {
      return Optional.empty();
    }
    String before = line.get().substring(0, line.get().offsetByCodePoints(0, first.column() - 1));
    boolean distinctLines = places.stream().map(Origin::line).distinct().count() == keys.size();
    List<TextEdit> edits = new ArrayList<>();
    if (before.isBlank() && distinctLines) {
      edits.add(TextEdit.insert(first, "matchLabels:\n" + " ".repeat(first.column() - 1) + "  "));
      places.stream().skip(1).forEach(place -> edits.add(TextEdit.insert(place, "  ")));
    } else if (before.endsWith("{")
        && places.stream().allMatch(place -> place.line() == first.line())) {
      edits.add(TextEdit.insert(first, "matchLabels: {"));
      Optional<Origin> end = end(selector, keys.get(keys.size() - 1), line.get());
      if (end.isEmpty() || end.get().line() != first.line()) {
        return Optional.empty();
      }
      edits.add(TextEdit.insert(end.get(), "}"));
    }
    return edits.isEmpty()
        ? Optional.empty()
        : Optional.of(new Fix(
            "put the labels under `matchLabels`, so that the policy can be read",
            Fix.Safety.SAFE,
            edits));
  }

  /** The place after a scalar on the same line. */
  private static Optional<Origin> end(Written selector, String key, String line) {
    return selector.field(key).flatMap(value -> {
      Origin origin = value.origin();
      int from = line.offsetByCodePoints(0, Math.min(origin.column() - 1, line.length()));
      String text = value.text().orElse("");
      boolean quoted = line.startsWith("\"", from) || line.startsWith("'", from);
      int length = text.codePointCount(0, text.length()) + (quoted ? 2 : 0);
      boolean asWritten = line.startsWith(text, from + (quoted ? 1 : 0));
      return asWritten
          ? Optional.of(
              new Origin(origin.file(), origin.line(), origin.column() + length, origin.path()))
          : Optional.empty();
    });
  }
}
