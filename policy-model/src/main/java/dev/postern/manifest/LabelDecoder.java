package dev.postern.manifest;

import dev.postern.diagnostic.Code;
import dev.postern.diagnostic.Nearest;
import dev.postern.selector.Labels;
import dev.postern.selector.Requirement;
import dev.postern.selector.Requirement.Operator;
import dev.postern.selector.Selector;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Decodes labels and label selectors, as strict as the API server. Equal strings of one reading become one string. */
final class LabelDecoder {

  private static final String KEY_RULE =
      "up to 63 letters, digits, `-`, `_`, `.`, perhaps after a domain and a `/`";
  private static final String VALUE_RULE =
      "up to 63 letters, digits, `-`, `_`, `.`, with a letter or digit at both ends";

  private final Map<String, String> strings = new HashMap<>();
  private final Map<Labels, Labels> known = new HashMap<>();

  private String intern(String text) {
    return strings.computeIfAbsent(text, t -> t);
  }

  /** The labels in a map field; none if it is missing. */
  Labels labels(Cursor object, String field) {
    Optional<Cursor> map = object.field(field);
    if (map.isEmpty()) {
      return Labels.NONE;
    }
    Labels labels = Labels.of(pairs(map.get()));
    return known.computeIfAbsent(labels, l -> l);
  }

  /** The entries of a map of strings; a null value is the empty string, as in the API. */
  private Map<String, String> pairs(Cursor object) {
    Map<String, String> pairs = new HashMap<>();
    if (object.node() instanceof MapNode map) {
      for (int i = 0; i < map.size(); i++) {
        if (map.value(i) instanceof ScalarNode scalar) {
          String value = scalar.kind() == ScalarNode.Kind.NULL ? "" : scalar.text();
          if (!Syntax.isLabelKey(map.key(i))) {
            object.report(Code.BAD_LABEL.at(object.keyOrigin(i), map.key(i), "key", KEY_RULE));
          }
          if (!Syntax.isLabelValue(value)) {
            object.report(Code.BAD_LABEL.at(object.keyOrigin(i), value, "value", VALUE_RULE));
          }
          pairs.put(intern(map.key(i)), intern(value));
        }
      }
    }
    return pairs;
  }

  /** A selector at a place; a null field never gets here, since missing is not empty. */
  Selector selector(Cursor selector) {
    List<Requirement> requirements = new ArrayList<>();
    selector
        .field("matchLabels")
        .ifPresent(labels ->
            pairs(labels).forEach((key, value) -> requirements.add(Requirement.equal(key, value))));
    for (Cursor expression : selector.items("matchExpressions")) {
      expression(expression).ifPresent(requirements::add);
    }
    return requirements.isEmpty() ? Selector.EVERYTHING : new Selector(requirements);
  }

  /** The selector in a Service or ReplicationController: a bare map of labels. */
  Selector mapSelector(Cursor map) {
    List<Requirement> requirements = new ArrayList<>();
    pairs(map).forEach((key, value) -> requirements.add(Requirement.equal(key, value)));
    return new Selector(requirements);
  }

  private Optional<Requirement> expression(Cursor expression) {
    Optional<String> key = expression.string("key");
    Optional<String> word = expression.string("operator");
    List<String> values = new ArrayList<>();
    for (Cursor value : expression.items("values")) {
      value.string().ifPresent(text -> {
        if (!Syntax.isLabelValue(text)) {
          value.report(Code.BAD_LABEL, "", text, "value", VALUE_RULE);
        }
        values.add(intern(text));
      });
    }
    if (key.isEmpty() || word.isEmpty()) {
      String missing = key.isEmpty() ? "key" : "operator";
      expression.report(
          Code.MISSING_FIELD,
          "write `{key: …, operator: In, values: […]}`",
          expression.label(),
          missing);
      return Optional.empty();
    }
    if (!Syntax.isLabelKey(key.get())) {
      expression.field("key").orElseThrow().report(Code.BAD_LABEL, "", key.get(), "key", KEY_RULE);
    }
    Optional<Operator> operator = operator(expression, word.get());
    if (operator.isEmpty()) {
      return Optional.empty();
    }
    if (operator.get().takesValues() == values.isEmpty()) {
      boolean missing = values.isEmpty();
      String hint = missing
          ? "write `values: […]`, or the operator `"
              + (operator.get() == Operator.IN ? "Exists" : "DoesNotExist") + "`"
          : "remove `values`, or write the operator `"
              + (operator.get() == Operator.EXISTS ? "In" : "NotIn") + "`";
      expression.report(
          Code.SELECTOR_VALUES, hint, word.get(), missing ? "needs values" : "takes no values");
      return Optional.empty();
    }
    return Optional.of(new Requirement(intern(key.get()), operator.get(), values));
  }

  private static Optional<Operator> operator(Cursor expression, String word) {
    Optional<Operator> operator =
        Arrays.stream(Operator.values()).filter(o -> o.api().equals(word)).findFirst();
    if (operator.isEmpty()) {
      List<String> words = Arrays.stream(Operator.values()).map(Operator::api).toList();
      expression
          .field("operator")
          .orElseThrow()
          .report(Code.NOT_ALLOWED, oneOf(word, words), word, "operator");
    }
    return operator;
  }

  /** A hint for a word that must be one of a few. */
  static String oneOf(String word, List<String> words) {
    return Nearest.to(word, words)
        .map(near -> "did you mean `" + near + "`?")
        .orElse("write one of " + String.join(", ", words));
  }
}
