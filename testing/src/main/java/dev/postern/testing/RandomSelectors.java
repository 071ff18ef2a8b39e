package dev.postern.testing;

import dev.postern.cluster.Namespace;
import dev.postern.selector.Labels;
import dev.postern.selector.Requirement;
import dev.postern.selector.Requirement.Operator;
import dev.postern.selector.Selector;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Labels and selectors over so few keys and values that most selectors match some things and not others.
 *
 * @param keys label keys
 * @param values label values, as often as they shall come
 */
record RandomSelectors(List<String> keys, List<String> values) {

  static final RandomSelectors PODS =
      new RandomSelectors(List.of("app", "tier", "release"), List.of("a", "a", "b", "b", "c"));
  static final RandomSelectors NAMESPACES =
      new RandomSelectors(List.of("team", "env"), List.of("a", "b"));
  static final RandomSelectors NODES =
      new RandomSelectors(List.of("zone", "pool"), List.of("a", "b"));

  Labels labels(SeededRandom dice) {
    Map<String, String> labels = new HashMap<>();
    for (String key : keys) {
      if (dice.percent(70)) {
        labels.put(key, dice.percent(5) ? "" : dice.pick(values));
      }
    }
    return Labels.of(labels);
  }

  /** Any selector: often everything or one label, at times of several requirements that may contradict each other. */
  Selector selector(SeededRandom dice) {
    int requirements = dice.pick(0, 0, 0, 1, 1, 1, 1, 1, 2, 3);
    List<Requirement> chosen = new ArrayList<>();
    for (int i = 0; i < requirements; i++) {
      // The same key again makes pairs such as `app=a,app=b` or `app,!app`.
      String key = i > 0 && dice.percent(30)
          ? chosen.get(0).key()
          : dice.percent(5) ? "unused" : dice.pick(keys);
      chosen.add(requirement(dice, key, values));
    }
    return new Selector(chosen);
  }

  /** What a Service can say: a value for one key or more. */
  Selector equalities(SeededRandom dice) {
    return new Selector(dice.some(dice.pick(1, 1, 2), keys).stream()
        .map(key -> Requirement.equal(key, dice.pick(values)))
        .toList());
  }

  /** A selector of namespaces: at times by name. */
  static Selector ofNamespaces(SeededRandom dice, List<String> names) {
    if (dice.percent(25)) {
      return Selector.of(requirement(dice, Namespace.NAME_LABEL, names));
    }
    return NAMESPACES.selector(dice);
  }

  private static Requirement requirement(SeededRandom dice, String key, List<String> values) {
    Operator operator = dice.percent(50) ? Operator.IN : dice.pick(List.of(Operator.values()));
    if (!operator.takesValues()) {
      return new Requirement(key, operator, List.of());
    }
    int count = dice.pick(1, 1, 1, 2, 3);
    return new Requirement(
        key,
        operator,
        dice.percent(5)
            ? List.of("", values.get(0))
            : dice.some(count, values.stream().distinct().toList()));
  }
}
