package dev.postern.anomaly;

import dev.postern.selector.Requirement;
import dev.postern.selector.Requirement.Operator;
import dev.postern.selector.Selector;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What requirements leave open for one label. Exact: keys are independent, and a key has always one more value than those named.
 *
 * @param absent whether the label may be absent
 * @param others whether {@code values} are those it may not have, and it may have any other
 * @param values the values it may have, or may not
 */
record LabelValues(boolean absent, boolean others, Set<String> values) {

  /** Nothing is asked of the label. */
  private static final LabelValues ANY = new LabelValues(true, true, Set.of());

  /** What the requirements of a selector on one key leave open; everything if it has none. */
  static LabelValues of(Selector selector, String key) {
    return together(selector.requirements().stream()
        .filter(requirement -> requirement.key().equals(key))
        .toList());
  }

  /** What requirements on one key leave open together. */
  private static LabelValues together(List<Requirement> requirements) {
    boolean absent = true;
    boolean present = true;
    boolean any = true;
    Set<String> admitted = new HashSet<>();
    Set<String> refused = new HashSet<>();
    for (Requirement requirement : requirements) {
      switch (requirement.operator()) {
        case IN -> {
          absent = false;
          if (any) {
            admitted.addAll(requirement.values());
            any = false;
          } else {
            admitted.retainAll(Set.copyOf(requirement.values()));
          }
        }
        case NOT_IN -> refused.addAll(requirement.values());
        case EXISTS -> absent = false;
        case DOES_NOT_EXIST -> present = false;
      }
    }
    if (!present) {
      return new LabelValues(absent, false, Set.of());
    }
    if (any) {
      return new LabelValues(absent, true, refused);
    }
    refused.forEach(admitted::remove);
    return new LabelValues(absent, false, admitted);
  }

  /** The requirements of a selector by their keys, in its order; each selector is walked once, since it may have thousands. */
  private static Map<String, List<Requirement>> byKey(Selector selector) {
    Map<String, List<Requirement>> found = new LinkedHashMap<>();
    for (Requirement requirement : selector.requirements()) {
      found.computeIfAbsent(requirement.key(), unused -> new ArrayList<>(1)).add(requirement);
    }
    return found;
  }

  boolean isEmpty() {
    return !absent && !others && values.isEmpty();
  }

  boolean admits(String value) {
    return others != values.contains(value);
  }

  /** Whether all that this leaves open, the other does too. */
  boolean isWithin(LabelValues other) {
    if (absent && !other.absent) {
      return false;
    }
    return others
        ? other.others && values.containsAll(other.values)
        : values.stream().allMatch(other::admits);
  }

  /** Requirements of a selector on one key that cannot hold together; empty if some labels meet it. */
  static Optional<List<Requirement>> contradiction(Selector selector) {
    return selector.requirements().size() < 2
        ? Optional.empty()
        : byKey(selector).values().stream()
            .filter(requirements -> together(requirements).isEmpty())
            .map(List::copyOf)
            .findFirst();
  }

  /** Whether all labels that meet a selector meet another. */
  static boolean implies(Selector selector, Selector other) {
    return other.isEverything()
        || selector.equals(other)
        || isWithin(selector, other)
        || contradiction(selector).isPresent();
  }

  /** Whether of each key one selector leaves open no more than another. */
  private static boolean isWithin(Selector selector, Selector other) {
    if (selector.requirements().size() == 1 && other.requirements().size() == 1) {
      Requirement own = selector.requirements().get(0);
      Requirement wanted = other.requirements().get(0);
      if (!own.key().equals(wanted.key())) {
        return ANY.isWithin(together(other.requirements()));
      }
      if (own.operator() == Operator.IN && wanted.operator() == Operator.IN) {
        return wanted.values().containsAll(own.values());
      }
    }
    Map<String, List<Requirement>> own = byKey(selector);
    return byKey(other).entrySet().stream().allMatch(wanted -> {
      List<Requirement> here = own.getOrDefault(wanted.getKey(), List.of());
      return (here.isEmpty() ? ANY : together(here)).isWithin(together(wanted.getValue()));
    });
  }
}
