package dev.postern.testing.text;

import dev.postern.selector.Labels;
import dev.postern.selector.Requirement;
import dev.postern.selector.Selector;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Documents as ordered maps, lists, strings, numbers and booleans. */
final class Tree {

  private Tree() {}

  /** Keys and values in turn. */
  static Map<String, Object> map(Object... keysAndValues) {
    Map<String, Object> map = new LinkedHashMap<>();
    for (int i = 0; i < keysAndValues.length; i += 2) {
      map.put((String) keysAndValues[i], keysAndValues[i + 1]);
    }
    return map;
  }

  static Map<String, Object> document(
      String apiVersion, String kind, Map<String, Object> metadata) {
    return map("apiVersion", apiVersion, "kind", kind, "metadata", metadata);
  }

  /** {@code metadata}; an empty namespace for what lies in none. */
  static Map<String, Object> metadata(String namespace, String name, Labels labels) {
    Map<String, Object> metadata = map("name", name);
    if (!namespace.isEmpty()) {
      metadata.put("namespace", namespace);
    }
    if (labels.size() > 0) {
      metadata.put("labels", labels.asMap());
    }
    return metadata;
  }

  /** A LabelSelector: one value of a key as {@code matchLabels}, the rest as {@code matchExpressions}. */
  static Map<String, Object> selector(Selector selector) {
    Map<String, Object> labels = map();
    List<Object> expressions = new ArrayList<>();
    for (Requirement requirement : selector.requirements()) {
      boolean equal = requirement.operator() == Requirement.Operator.IN
          && requirement.values().size() == 1;
      if (equal && !labels.containsKey(requirement.key())) {
        labels.put(requirement.key(), requirement.values().get(0));
      } else {
        Map<String, Object> expression =
            map("key", requirement.key(), "operator", requirement.operator().api());
        if (requirement.operator().takesValues()) {
          expression.put("values", requirement.values());
        }
        expressions.add(expression);
      }
    }
    Map<String, Object> tree = map();
    putUnlessEmpty(tree, "matchLabels", labels);
    if (!expressions.isEmpty()) {
      tree.put("matchExpressions", expressions);
    }
    return tree;
  }

  static void putUnlessEmpty(Map<String, Object> into, String key, Map<String, Object> value) {
    if (!value.isEmpty()) {
      into.put(key, value);
    }
  }
}
