package dev.postern.suggestion;

import dev.postern.diagnostic.Printable;
import dev.postern.selector.Requirement;
import dev.postern.selector.Selector;
import java.util.List;

/** Lines of YAML in block style, as people write manifests. */
final class YamlLines {

  private final StringBuilder text = new StringBuilder();

  /** A comment, on as many lines as it has. */
  void comment(int indent, String words) {
    words.lines().forEach(line -> line(indent, "# " + Printable.line(line)));
  }

  void line(int indent, String content) {
    text.append(" ".repeat(indent)).append(content).append('\n');
  }

  /**
   * A selector as the value of a key.
   *
   * @param key the key with what stands before it, as {@code - podSelector}
   * @param indent where the line begins
   * @param below where the selector's own fields begin
   */
  void selector(int indent, String key, int below, Selector selector) {
    if (selector.isEverything()) {
      line(indent, key + ": {}");
      return;
    }
    line(indent, key + ":");
    line(below, "matchLabels:");
    for (Requirement requirement : selector.requirements()) {
      if (requirement.operator() != Requirement.Operator.IN
          || requirement.values().size() != 1) {
        throw new IllegalArgumentException("no label but a requirement: " + requirement);
      }
      line(
          below + 2,
          scalar(requirement.key()) + ": " + scalar(requirement.values().get(0)));
    }
  }

  /** {@code [Ingress, Egress]}. */
  static String list(List<String> words) {
    return "[" + String.join(", ", words) + "]";
  }

  /** A text that no reader of YAML 1.1 or 1.2 takes for anything else than text. */
  static String scalar(String value) {
    boolean plain = value.matches("[a-zA-Z][a-zA-Z0-9._/-]*")
        && !value.matches("(?i)y|n|yes|no|on|off|true|false|null|inf|nan");
    return plain ? value : "\"" + value.replace("\\", "\\\\").replace("\"", "\\\"") + "\"";
  }

  @Override
  public String toString() {
    return text.toString();
  }
}
