package dev.postern.anomaly;

import dev.postern.selector.Requirement;
import dev.postern.selector.Selector;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Whether any labels at all can meet a selector. Exact: keys are independent, and a key has always one more value than those named. */
final class Satisfiable {

  private Satisfiable() {}

  /** Requirements on one key that cannot hold together; empty if some labels meet the selector. */
  static Optional<List<Requirement>> contradiction(Selector selector) {
    List<Requirement> all = selector.requirements();
    for (Requirement first : all) {
      int same = 0;
      for (Requirement each : all) {
        same += each.key().equals(first.key()) ? 1 : 0;
      }
      if (same < 2) {
        continue;
      }
      List<Requirement> ofKey = selector.requirements().stream()
          .filter(requirement -> requirement.key().equals(first.key()))
          .toList();
      if (!satisfiable(ofKey)) {
        return Optional.of(ofKey);
      }
    }
    return Optional.empty();
  }

  private static boolean satisfiable(List<Requirement> ofKey) {
    boolean mayLack = true;
    boolean mayHave = true;
    boolean anyValue = true;
    Set<String> values = new HashSet<>();
    List<String> refused = new ArrayList<>();
    for (Requirement requirement : ofKey) {
      switch (requirement.operator()) {
        case IN -> {
          mayLack = false;
          if (anyValue) {
            values.addAll(requirement.values());
            anyValue = false;
          } else {
            values.retainAll(requirement.values());
          }
        }
        case NOT_IN -> refused.addAll(requirement.values());
        case EXISTS -> mayLack = false;
        case DOES_NOT_EXIST -> mayHave = false;
      }
    }
    refused.forEach(values::remove);
    return mayLack || (mayHave && (anyValue || !values.isEmpty()));
  }
}
