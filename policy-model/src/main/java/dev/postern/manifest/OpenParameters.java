package dev.postern.manifest;

import java.util.regex.Pattern;

/** Finds the parameters of an OpenShift Template, {@code ${NAME}} and {@code ${{NAME}}}, which have no value before it is processed. */
final class OpenParameters {

  private static final Pattern PARAMETER =
      Pattern.compile("\\$\\{[A-Za-z0-9_]+\\}|\\$\\{\\{[A-Za-z0-9_]+\\}\\}");

  private OpenParameters() {}

  /** Whether an object of a Template is not known before the Template is processed. */
  static boolean areIn(YamlNode node) {
    if (node instanceof MapNode map) {
      for (int i = 0; i < map.size(); i++) {
        if (isIn(map.key(i)) || areIn(map.value(i))) {
          return true;
        }
      }
      return false;
    }
    return node instanceof ListNode list
        ? list.items().stream().anyMatch(OpenParameters::areIn)
        : node instanceof ScalarNode scalar && isIn(scalar.text());
  }

  /** The parameters of a text, one after the other. */
  static String in(String text) {
    StringBuilder found = new StringBuilder();
    if (text.indexOf('$') >= 0) {
      PARAMETER.matcher(text).results().forEach(each -> found.append(each.group()));
    }
    return found.toString();
  }

  private static boolean isIn(String text) {
    return text.indexOf('$') >= 0 && PARAMETER.matcher(text).find();
  }
}
