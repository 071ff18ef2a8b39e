package dev.postern.openflow.reader;

import dev.postern.enforced.Condition;
import dev.postern.net.AddressSet;
import dev.postern.net.Family;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What is left of a condition where packets of one family alone are asked about. */
final class FamilyConditions {

  private FamilyConditions() {}

  static Condition of(Condition condition, Optional<Family> only) {
    return only.isEmpty() ? condition : of(condition, AddressSet.all(only.get()));
  }

  private static Condition of(Condition condition, AddressSet family) {
    if (condition instanceof Condition.SourceAddress source) {
      return of(condition, source.addresses(), family);
    }
    if (condition instanceof Condition.DestinationAddress destination) {
      return of(condition, destination.addresses(), family);
    }
    if (condition instanceof Condition.All all) {
      List<Condition> parts = new ArrayList<>();
      all.conditions().forEach(part -> parts.add(of(part, family)));
      parts.removeIf(Condition.ALWAYS::equals);
      return parts.contains(Condition.NEVER)
          ? Condition.NEVER
          : Condition.all(parts.toArray(Condition[]::new));
    }
    return condition;
  }

  private static Condition of(Condition condition, AddressSet asked, AddressSet family) {
    return asked.containsAll(family)
        ? Condition.ALWAYS
        : asked.intersect(family).isEmpty() ? Condition.NEVER : condition;
  }
}
