package dev.postern.anomaly;

import dev.postern.selector.Requirement;
import dev.postern.selector.Selector;
import java.util.HashSet;
import java.util.List;
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

  /** What the requirements of a selector on one key leave open; everything if it has none. */
  static LabelValues of(Selector selector, String key) {
    boolean absent = true;
    boolean present = true;
    boolean any = true;
    Set<String> admitted = new HashSet<>();
    Set<String> refused = new HashSet<>();
    for (Requirement requirement : selector.requirements()) {
      if (!requirement.key().equals(key)) {
        continue;
      }
      switch (requirement.operator()) {
        case IN -> {
          absent = false;
          if (any) {
            admitted.addAll(requirement.values());
            any = false;
          } else {
            admitted.retainAll(requirement.values());
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
    admitted.removeAll(refused);
    return new LabelValues(absent, false, admitted);
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
    List<Requirement> all = selector.requirements();
    if (all.size() < 2) {
      return Optional.empty();
    }
    for (Requirement first : all) {
      if (of(selector, first.key()).isEmpty()) {
        return Optional.of(
            all.stream().filter(each -> each.key().equals(first.key())).toList());
      }
    }
    return Optional.empty();
  }

  /** Whether all labels that meet a selector meet another. */
  static boolean implies(Selector selector, Selector other) {
    if (contradiction(selector).isPresent()) {
      return true;
    }
    for (Requirement requirement : other.requirements()) {
      String key = requirement.key();
      if (!of(selector, key).isWithin(of(other, key))) {
        return false;
      }
    }
    return true;
  }
}
