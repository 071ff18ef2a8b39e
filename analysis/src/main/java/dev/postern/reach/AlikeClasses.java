package dev.postern.reach;

import dev.postern.algebra.ClassSet;
import dev.postern.algebra.Region;
import dev.postern.net.Family;
import dev.postern.plan.Plan;
import dev.postern.plan.Table;
import dev.postern.policy.Direction;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;

/** Which classes behave alike: they have the same tables, and no table of others tells them apart. */
final class AlikeClasses {

  private final Plan plan;

  AlikeClasses(Plan plan) {
    this.plan = plan;
  }

  /** Where consecutive outside classes differ as peers: at each number, whether some table treats it otherwise than the one before. */
  boolean[] cuts() {
    boolean[] cuts = new boolean[plan.classes().size() + 1];
    if (plan.classes().size() - plan.classes().inside() == Family.values().length) {
      // No policy cuts the address space, so that no table needs to be made for this.
      return cuts;
    }
    forEachRegion(region -> {
      for (Region.Part part : region.parts()) {
        for (int run = 0; run < part.peers().runs(); run++) {
          cuts[part.peers().runFirst(run)] = true;
          cuts[part.peers().runEnd(run)] = true;
        }
      }
    });
    return cuts;
  }

  /** Numbers these classes so that those that behave alike have the same number. */
  Map<Integer, Integer> numbers(ClassSet classes) {
    if (classes.isEmpty()) {
      return Map.of();
    }
    Map<Integer, List<Integer>> seen = new HashMap<>();
    classes.forEach(number -> {
      List<Integer> own = new ArrayList<>();
      own.add(plan.profile(number, Direction.INGRESS));
      own.add(plan.profile(number, Direction.EGRESS));
      seen.put(number, own);
    });
    int[] part = {0};
    forEachRegion(region -> region.parts().forEach(peers -> {
      int here = part[0]++;
      peers
          .peers()
          .intersect(classes)
          .forEach(number -> Objects.requireNonNull(seen.get(number)).add(here));
    }));
    Map<List<Integer>, Integer> known = new HashMap<>();
    Map<Integer, Integer> numbers = new HashMap<>();
    seen.forEach((number, signature) ->
        numbers.put(number, known.computeIfAbsent(signature, s -> known.size())));
    return numbers;
  }

  private void forEachRegion(Consumer<Region> action) {
    for (Direction direction : Direction.values()) {
      for (int profile = 0; profile < plan.profiles(direction); profile++) {
        Table table = plan.ofProfile(profile, direction);
        action.accept(table.allowed());
        if (table.possible() != table.allowed()) {
          action.accept(table.possible());
        }
      }
    }
  }
}
