package dev.postern.openworld;

import dev.postern.selector.Requirement;
import dev.postern.selector.Selector;
import dev.postern.solver.BitVector;
import dev.postern.solver.Formula;
import dev.postern.solver.FormulaModel;
import dev.postern.solver.Logic;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.SortedSet;

/** Labels that are not known: for each key that matters a number, 0 absent, 1 a value that nobody names, 2… the values named. */
final class SymbolicLabels {

  private static final int ABSENT = 0;
  private static final int OTHER = 1;
  private static final int FIRST_NAMED = 2;

  private final Logic logic;
  private final SortedMap<String, SortedSet<String>> vocabulary;
  private final Map<String, BitVector> values = new LinkedHashMap<>();
  private final List<Formula> ranges = new ArrayList<>();

  SymbolicLabels(Logic logic, String name, SortedMap<String, SortedSet<String>> vocabulary) {
    this.logic = logic;
    this.vocabulary = vocabulary;
    vocabulary.forEach((key, named) -> {
      int count = FIRST_NAMED + named.size();
      int bits = Math.max(1, 32 - Integer.numberOfLeadingZeros(count - 1));
      BitVector value = logic.vector(name + "." + key, bits);
      values.put(key, value);
      if (count < 1 << bits) {
        ranges.add(logic.below(value, count));
      }
    });
  }

  /** That each number is one of its key's. */
  Formula wellFormed() {
    return logic.and(ranges);
  }

  Formula matches(Selector selector) {
    return logic.and(selector.requirements().stream().map(this::matches).toList());
  }

  private Formula matches(Requirement requirement) {
    BitVector value = values.get(requirement.key());
    Formula absent = logic.equal(value, ABSENT);
    return switch (requirement.operator()) {
      case IN -> isOneOf(requirement);
      case NOT_IN -> logic.not(isOneOf(requirement));
      case EXISTS -> logic.not(absent);
      case DOES_NOT_EXIST -> absent;
    };
  }

  private Formula isOneOf(Requirement requirement) {
    return logic.or(requirement.values().stream()
        .map(value -> equal(requirement.key(), value))
        .toList());
  }

  Formula equal(String key, String value) {
    int place = List.copyOf(vocabulary.get(key)).indexOf(value);
    if (place < 0) {
      throw new IllegalArgumentException("not told apart: " + key + "=" + value);
    }
    return logic.equal(values.get(key), FIRST_NAMED + place);
  }

  Formula isOther(String key) {
    return logic.equal(values.get(key), OTHER);
  }

  /** That a key has the same value, or none, in both, which are of one vocabulary. */
  Formula same(SymbolicLabels other, String key) {
    return logic.same(values.get(key), other.values.get(key));
  }

  /** That all keys have. */
  Formula same(SymbolicLabels other) {
    return logic.and(values.keySet().stream().map(key -> same(other, key)).toList());
  }

  /** For each key the wish that it be absent, to find a witness with few labels; after that the wish that no value be made up. */
  List<Formula> wishes() {
    List<Formula> wishes = new ArrayList<>();
    values.values().forEach(value -> wishes.add(logic.equal(value, ABSENT)));
    values.values().forEach(value -> wishes.add(logic.not(logic.equal(value, OTHER))));
    return wishes;
  }

  /** The labels in a model; a value that nobody names is made up. */
  Map<String, String> read(FormulaModel model) {
    Map<String, String> labels = new LinkedHashMap<>();
    values.forEach((key, value) -> {
      int number = model.value(value);
      if (number == OTHER) {
        labels.put(key, fresh(vocabulary.get(key)));
      } else if (number != ABSENT) {
        labels.put(key, List.copyOf(vocabulary.get(key)).get(number - FIRST_NAMED));
      }
    });
    return labels;
  }

  static String fresh(SortedSet<String> taken) {
    String value = "other";
    for (int i = 2; taken.contains(value); i++) {
      value = "other-" + i;
    }
    return value;
  }
}
