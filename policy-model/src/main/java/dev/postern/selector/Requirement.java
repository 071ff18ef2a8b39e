package dev.postern.selector;

import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;

/**
 * One condition on a label key (LabelSelectorRequirement of the API; a {@code matchLabels} entry is an {@code In} with one value).
 *
 * @param key the label key
 * @param operator what must hold
 * @param values sorted, without repeats; empty exactly for {@link Operator#EXISTS} and {@link Operator#DOES_NOT_EXIST}
 */
public record Requirement(String key, Operator operator, List<String> values)
    implements Comparable<Requirement> {

  /** The four operators of the API. */
  public enum Operator {
    IN("In"),
    NOT_IN("NotIn"),
    EXISTS("Exists"),
    DOES_NOT_EXIST("DoesNotExist");

    private final String api;

    Operator(String api) {
      this.api = api;
    }

    /** The word in a manifest. */
    public String api() {
      return api;
    }

    public boolean takesValues() {
      return this == IN || this == NOT_IN;
    }
  }

  /** @throws IllegalArgumentException if the operator takes values and has none, or the other way round */
  public Requirement {
    values = values.size() < 2 ? List.copyOf(values) : List.copyOf(new TreeSet<>(values));
    if (operator.takesValues() == values.isEmpty()) {
      throw new IllegalArgumentException(operator.api()
          + (values.isEmpty() ? " needs values" : " takes no values") + " (key " + key + ")");
    }
  }

  /** A {@code matchLabels} entry. */
  public static Requirement equal(String key, String value) {
    return new Requirement(key, Operator.IN, List.of(value));
  }

  /** {@code NotIn} and {@code DoesNotExist} hold for labels that lack the key. */
  public boolean matches(Labels labels) {
    Optional<String> value = labels.get(key);
    return switch (operator) {
      case IN -> value.isPresent() && names(value.get());
      case NOT_IN -> value.isEmpty() || !names(value.get());
      case EXISTS -> value.isPresent();
      case DOES_NOT_EXIST -> value.isEmpty();
    };
  }

  private boolean names(String value) {
    return Collections.binarySearch(values, value) >= 0;
  }

  @Override
  public int compareTo(Requirement other) {
    return toString().compareTo(other.toString());
  }

  /** As kubectl writes a selector: {@code app=web}, {@code app in (a,b)}, {@code app notin (a)}, {@code app}, {@code !app}. */
  @Override
  public String toString() {
    return switch (operator) {
      case IN ->
        values.size() == 1
            ? key + "=" + values.get(0)
            : key + " in (" + String.join(",", values) + ")";
      case NOT_IN -> key + " notin (" + String.join(",", values) + ")";
      case EXISTS -> key;
      case DOES_NOT_EXIST -> "!" + key;
    };
  }

  // What a record generates for these is linked at run time, which costs every start a millisecond.
  @Override
  public boolean equals(Object other) {
    return other instanceof Requirement that
        && key.equals(that.key)
        && operator == that.operator
        && values.equals(that.values);
  }

  @Override
  public int hashCode() {
    return (key.hashCode() * 31 + operator.ordinal()) * 31 + values.hashCode();
  }
}
