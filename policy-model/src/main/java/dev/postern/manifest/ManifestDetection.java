package dev.postern.manifest;

import dev.postern.manifest.PassedOver.SkipReason;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Tells manifests from the other YAML and JSON that lies beside them, by their text: a manifest that cannot be parsed is a finding and not
 * some other file. A document is a manifest if it has two of the fields that all objects have at the top, however wrong the rest is.
 */
final class ManifestDetection {

  private static final Set<String> FIELDS =
      Set.of("apiVersion", "kind", "metadata", "spec", "items");

  private static final int ENOUGH = 2;

  /**
   * Template actions where YAML has no use for braces: as a line, or in a value without quotes. A parameter of OpenShift's ({@code ${{X}}})
   * is none.
   */
  private static final Pattern ACTION =
      Pattern.compile("[^'\"#]*?((?!(?<=\\$)\\{\\{\\w+\\}\\})\\{\\{|\\{%).*");

  /** Names are templated in quotes too. */
  private static final Pattern TEMPLATED_NAME =
      Pattern.compile("\\s*(name|namespace):\\s*['\"].*\\{\\{.*");

  private static final Pattern BLOCK_SCALAR = Pattern.compile(".*[:-]\\s+[|>][-+0-9]*\\s*(#.*)?");

  /** A tag or an anchor before a document's content. */
  private static final Pattern PROPERTY = Pattern.compile("[!&]\\S*\\s*");

  /** Where YAML 1.1 ends a line. */
  private static final String BREAKS = "\n\r\u0085\u2028\u2029";

  private ManifestDetection() {}

  /** Why a text found in a directory is not to be read; empty if it is, as it is if it has no content at all. */
  static Optional<SkipReason> unlikeManifest(String text) {
    if ((text.contains("{{") || text.contains("{%")) && isTemplate(text)) {
      return Optional.of(SkipReason.TEMPLATE);
    }
    // In UTF-16 every other character would be none.
    return isManifest(text.replace("\0", ""))
        ? Optional.empty()
        : Optional.of(SkipReason.NO_MANIFEST);
  }

  private static boolean isTemplate(String text) {
    int block = -1;
    for (String line : (Iterable<String>) text.lines()::iterator) {
      int indent = indent(line);
      if (block >= 0 && (line.isBlank() || indent > block)) {
        continue;
      }
      block = -1;
      if (line.contains("{{") || line.contains("{%")) {
        if (ACTION.matcher(line).matches() && !isFlow(line)
            || TEMPLATED_NAME.matcher(line).matches()) {
          return true;
        }
      }
      if (BLOCK_SCALAR.matcher(line).matches()) {
        block = indent;
      }
    }
    return false;
  }

  /** {@code {{a: b}: c}} is YAML of a kind, though no manifest; JSON puts a quote or a brace after a brace. */
  private static boolean isFlow(String line) {
    int at = line.indexOf("{{");
    return at >= 0 && at + 2 < line.length() && line.charAt(at + 2) == '"' && !line.contains("}}");
  }

  private static boolean isManifest(String text) {
    Set<String> seen = new HashSet<>();
    boolean content = false;
    int top = -1;
    int position = 0;
    while (position < text.length()) {
      int end = endOfLine(text, position);
      String line = text.substring(position, end);
      position = end + 1;
      if (line.startsWith("---")) {
        seen.clear();
        top = -1;
        line = line.substring(3);
      }
      String bare = line.strip();
      if (bare.isEmpty() || bare.startsWith("#") || bare.startsWith("%")) {
        continue;
      }
      content = true;
      if (top < 0) {
        String value = withoutProperties(bare);
        if (value.isEmpty()) {
          continue;
        }
        top = indent(line);
        if (value.startsWith("{")) {
          if (hasFields(text.substring(end - line.length() + line.indexOf(value)))) {
            return true;
          }
          // The rest of a flow document has no field of its own at the start of a line.
          top = Integer.MAX_VALUE;
        }
      }
      if (indent(line) == top) {
        key(bare).filter(FIELDS::contains).ifPresent(seen::add);
        if (seen.size() >= ENOUGH) {
          return true;
        }
      }
    }
    return !content;
  }

  private static int endOfLine(String text, int from) {
    int end = from;
    while (end < text.length() && BREAKS.indexOf(text.charAt(end)) < 0) {
      end++;
    }
    return end;
  }

  private static String withoutProperties(String content) {
    String rest = content;
    for (Matcher property = PROPERTY.matcher(rest);
        property.lookingAt();
        property = PROPERTY.matcher(rest)) {
      rest = rest.substring(property.end());
    }
    return rest.startsWith("#") ? "" : rest;
  }

  private static Optional<String> key(String line) {
    if (line.startsWith("? ")) {
      return key(line.substring(1) + ":");
    }
    int colon = line.indexOf(':');
    if (colon < 0) {
      return Optional.empty();
    }
    String key = line.substring(0, colon).strip();
    boolean quoted = key.length() > 1 && (key.startsWith("\"") || key.startsWith("'"));
    return Optional.of(quoted ? key.substring(1, key.length() - 1) : key);
  }

  /** Whether a text that begins with a brace has enough fields at the first level of one of its values. */
  private static boolean hasFields(String text) {
    Set<String> seen = new HashSet<>();
    int depth = 0;
    StringBuilder word = new StringBuilder();
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '"' || c == '\'') {
        int end = closing(text, i);
        word.setLength(0);
        word.append(text, i + 1, end);
        i = end;
      } else if (c == '{' || c == '[') {
        depth++;
        word.setLength(0);
      } else if (c == '}' || c == ']') {
        if (--depth == 0) {
          // A stream of JSON has one value after the other.
          seen.clear();
        }
      } else if (c == ',') {
        word.setLength(0);
      } else if (c == ':' && depth == 1) {
        if (FIELDS.contains(word.toString().strip())
            && seen.add(word.toString().strip())
            && seen.size() >= ENOUGH) {
          return true;
        }
        word.setLength(0);
      } else {
        word.append(c);
      }
    }
    return false;
  }

  private static int closing(String text, int quote) {
    char c = text.charAt(quote);
    for (int i = quote + 1; i < text.length(); i++) {
      if (c == '"' && text.charAt(i) == '\\') {
        i++;
      } else if (text.charAt(i) == c) {
        return i;
      }
    }
    return text.length() - 1;
  }

  private static int indent(String line) {
    int indent = 0;
    while (indent < line.length() && line.charAt(indent) == ' ') {
      indent++;
    }
    return indent;
  }
}
