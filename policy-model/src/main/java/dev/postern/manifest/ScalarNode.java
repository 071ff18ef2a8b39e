package dev.postern.manifest;

/**
 * A single value.
 *
 * @param text as written, without quotes
 * @param kind what Kubernetes takes it for
 */
record ScalarNode(String text, Kind kind, int line, int column) implements YamlNode {

  enum Kind {
    STRING,
    NULL,
    BOOLEAN,
    INTEGER,
    FLOAT
  }

  @Override
  public String describe() {
    return switch (kind) {
      case STRING -> "the string `" + shortened() + "`";
      case NULL -> "null";
      case BOOLEAN -> "the boolean `" + text + "`";
      case INTEGER, FLOAT -> "the number `" + shortened() + "`";
    };
  }

  private String shortened() {
    return text.length() <= 40 ? text : text.substring(0, 39) + "…";
  }
}
