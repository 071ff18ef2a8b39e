package dev.postern.page;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Manifests without Secrets, which no page may hold: it is made to be passed on. Of a document that is a Secret each line is emptied, so that
 * every other line keeps its number. Whatever else a manifest holds stays.
 */
public final class WithoutSecrets {

  private static final Pattern KIND = Pattern.compile("^[\"']?kind[\"']?\\s*:.*");
  private static final Pattern SECRET =
      Pattern.compile("^[\"']?kind[\"']?\\s*:\\s*[\"']?Secret(List)?[\"']?\\s*(#.*)?$");
  private static final Pattern ANYWHERE =
      Pattern.compile("[\"']?\\bkind\\b[\"']?\\s*:\\s*[\"']?Secret(List)?\\b");

  private WithoutSecrets() {}

  /** The text without them; empty if one is part of something else, such as a list, and cannot be taken out of it. */
  public static Optional<String> of(String text) {
    if (!ANYWHERE.matcher(text).find()) {
      return Optional.of(text);
    }
    List<String> kept = new ArrayList<>();
    List<String> document = new ArrayList<>();
    for (String line : text.split("\n", -1)) {
      if (line.equals("---")
          || line.startsWith("--- ")
          || line.startsWith("---\t")
          || line.equals("---\r")) {
        finish(document, kept);
        kept.add(line);
      } else {
        document.add(line);
      }
    }
    finish(document, kept);
    String rest = String.join("\n", kept);
    return ANYWHERE.matcher(rest).find() ? Optional.empty() : Optional.of(rest);
  }

  private static void finish(List<String> document, List<String> kept) {
    List<String> kinds = document.stream()
        .map(line -> line.endsWith("\r") ? line.substring(0, line.length() - 1) : line)
        .filter(line -> KIND.matcher(line).matches())
        .toList();
    boolean secret = !kinds.isEmpty() && kinds.stream().allMatch(SECRET.asMatchPredicate());
    document.forEach(line -> kept.add(secret ? "" : line));
    document.clear();
  }
}
