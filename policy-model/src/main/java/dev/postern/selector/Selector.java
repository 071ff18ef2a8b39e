package dev.postern.selector;

import java.util.Arrays;
import java.util.List;
import java.util.TreeSet;

/**
 * A label selector: all its requirements must hold (LabelSelector of the API). Without requirements it matches everything.
 *
 * @param requirements sorted, without repeats
 */
public record Selector(List<Requirement> requirements) {

  /** {@code {}}: matches all labels, also none. */
  public static final Selector EVERYTHING = new Selector(List.of());

  public Selector {
    requirements = requirements.size() < 2
        ? List.copyOf(requirements)
        : List.copyOf(new TreeSet<>(requirements));
  }

  public static Selector of(Requirement... requirements) {
    return new Selector(Arrays.asList(requirements));
  }

  /** {@code matchLabels} with one entry. */
  public static Selector equal(String key, String value) {
    return of(Requirement.equal(key, value));
  }

  public boolean isEverything() {
    return requirements.isEmpty();
  }

  public boolean matches(Labels labels) {
    for (Requirement requirement : requirements) {
      if (!requirement.matches(labels)) {
        return false;
      }
    }
    return true;
  }

  /** As kubectl writes it, {@code app=web,tier in (a,b)}; {@code {}} for everything. */
  @Override
  public String toString() {
    return requirements.isEmpty()
        ? "{}"
        : String.join(",", requirements.stream().map(Requirement::toString).toList());
  }

  // What a record generates for these is linked at run time, which costs every start a millisecond.
  @Override
  public boolean equals(Object other) {
    return other instanceof Selector selector && requirements.equals(selector.requirements);
  }

  @Override
  public int hashCode() {
    return requirements.hashCode();
  }
}
