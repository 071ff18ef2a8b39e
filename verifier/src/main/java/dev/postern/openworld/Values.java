package dev.postern.openworld;

import dev.postern.selector.Requirement;
import dev.postern.selector.Requirement.Operator;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * The values that a label may have: some, or all but some; and whether it may be absent. Equal meaning is an equal value.
 *
 * @param named the values it may have, or those it may not
 * @param others whether it may have every value that is not named
 * @param absent whether it may be absent
 */
record Values(SortedSet<String> named, boolean others, boolean absent) {

  static final Values ANY = new Values(new TreeSet<>(), true, true);

  static Values of(Requirement requirement) {
    SortedSet<String> named = new TreeSet<>(requirement.values());
    return switch (requirement.operator()) {
      case IN -> new Values(named, false, false);
      case NOT_IN -> new Values(named, true, true);
      case EXISTS -> new Values(named, true, false);
      case DOES_NOT_EXIST -> new Values(named, false, true);
    };
  }

  private boolean has(String value) {
    return named.contains(value) != others;
  }

  Values intersect(Values that) {
    return combine(that, others && that.others, absent && that.absent, false);
  }

  Values union(Values that) {
    return combine(that, others || that.others, absent || that.absent, true);
  }

  private Values combine(Values that, boolean bothOthers, boolean bothAbsent, boolean either) {
    SortedSet<String> all = new TreeSet<>(named);
    all.addAll(that.named);
    all.removeIf(value ->
        (either ? has(value) || that.has(value) : has(value) && that.has(value)) == bothOthers);
    return new Values(all, bothOthers, bothAbsent);
  }

  /** The requirements on a key that say just this; empty where requirements, which must all hold, cannot say it, or nothing meets it. */
  Optional<List<Requirement>> requirements(String key) {
    List<String> values = List.copyOf(named);
    List<Requirement> all = new ArrayList<>();
    if (others) {
      if (!absent) {
        all.add(new Requirement(key, Operator.EXISTS, List.of()));
      }
      if (!values.isEmpty()) {
        all.add(new Requirement(key, Operator.NOT_IN, values));
      }
      return Optional.of(all);
    }
    if (absent == values.isEmpty()) {
      all.add(
          absent
              ? new Requirement(key, Operator.DOES_NOT_EXIST, List.of())
              : new Requirement(key, Operator.IN, values));
      return Optional.of(all);
    }
    return Optional.empty();
  }
}
