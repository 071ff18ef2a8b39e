package dev.postern.manifest;

/** The grammar of names and labels (RFC 1123 and the API's own), by hand: a large cluster has millions of them. */
final class Syntax {

  private Syntax() {}

  private static boolean isLower(char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
  }

  private static boolean isAlphanumeric(char c) {
    return isLower(c) || (c >= 'A' && c <= 'Z');
  }

  /** A DNS label: 1 to 63 of {@code a-z0-9-}, a letter or digit at both ends. */
  static boolean isDnsLabel(String text) {
    return text.length() <= 63 && isDnsLabel(text, 0, text.length());
  }

  private static boolean isDnsLabel(String text, int from, int to) {
    if (from >= to || !isLower(text.charAt(from)) || !isLower(text.charAt(to - 1))) {
      return false;
    }
    for (int i = from; i < to; i++) {
      if (!isLower(text.charAt(i)) && text.charAt(i) != '-') {
        return false;
      }
    }
    return true;
  }

  /** A DNS subdomain: up to 253 characters of labels with dots between. */
  static boolean isDnsSubdomain(String text) {
    if (text.isEmpty() || text.length() > 253) {
      return false;
    }
    int from = 0;
    for (int dot = text.indexOf('.'); dot >= 0; dot = text.indexOf('.', from)) {
      if (!isDnsLabel(text, from, dot)) {
        return false;
      }
      from = dot + 1;
    }
    return isDnsLabel(text, from, text.length());
  }

  /** Letters, digits, {@code -_.:}: what a name can hold without being taken for something else in a message or question. */
  static boolean isWord(String text) {
    return !text.isEmpty()
        && text.chars().allMatch(c -> isAlphanumeric((char) c) || "-_.:".indexOf(c) >= 0);
  }

  /** A label value: up to 63 of {@code A-Za-z0-9-_.}, a letter or digit at both ends, or nothing. */
  static boolean isLabelValue(String text) {
    return text.isEmpty() || isQualifiedName(text);
  }

  private static boolean isQualifiedName(String text) {
    int length = text.length();
    if (length == 0
        || length > 63
        || !isAlphanumeric(text.charAt(0))
        || !isAlphanumeric(text.charAt(length - 1))) {
      return false;
    }
    for (int i = 1; i < length - 1; i++) {
      char c = text.charAt(i);
      if (!isAlphanumeric(c) && c != '-' && c != '_' && c != '.') {
        return false;
      }
    }
    return true;
  }

  /** A label key: a name like a value's, perhaps with a DNS subdomain and a slash before. */
  static boolean isLabelKey(String text) {
    int slash = text.indexOf('/');
    return slash < 0
        ? isQualifiedName(text)
        : isDnsSubdomain(text.substring(0, slash)) && isQualifiedName(text.substring(slash + 1));
  }

  /** A port's name: up to 15 of {@code a-z0-9-}, at least one letter, no {@code --}, no hyphen at an end (IANA_SVC_NAME). */
  static boolean isPortName(String text) {
    return text.length() <= 15
        && isDnsLabel(text)
        && !text.contains("--")
        && text.chars().anyMatch(c -> c >= 'a' && c <= 'z');
  }

  /** A peer's domain name: at least two labels, perhaps with {@code *.} before and a dot after. */
  static boolean isDomainName(String text) {
    String plain = text.startsWith("*.") ? text.substring(2) : text;
    plain = plain.endsWith(".") ? plain.substring(0, plain.length() - 1) : plain;
    String[] labels = plain.split("\\.", -1);
    if (labels.length < 2) {
      return false;
    }
    for (String label : labels) {
      boolean middle = label
          .chars()
          .allMatch(c -> (c < 128 && isAlphanumeric((char) c)) || c == '-' || c == '_');
      if (label.isEmpty()
          || !middle
          || !(isAlphanumeric(label.charAt(0)) || label.charAt(0) == '_')
          || !isAlphanumeric(label.charAt(label.length() - 1))) {
        return false;
      }
    }
    return true;
  }
}
