package dev.postern.mapdump;

import dev.postern.algebra.Region;
import dev.postern.lowering.PolicedPods;
import dev.postern.net.AddressRange;
import dev.postern.net.Family;
import dev.postern.plan.Classes;
import dev.postern.plan.Plan;
import dev.postern.policy.Direction;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Numbers the classes so that two have the same number if no group's table tells them apart. */
public final class Treatments {

  private final Classes classes;
  private final int[] numberOf;
  private final int count;

  private Treatments(Plan plan, PolicedPods policed) {
    this.classes = plan.classes();
    int[] refined = new int[classes.size()];
    int next = 1;
    for (Direction direction : Direction.values()) {
      for (PolicedPods.PodGroup group : policed.groups(direction)) {
        next = refine(refined, group.allowed(), next);
      }
    }
    this.numberOf = new int[refined.length];
    Map<Integer, Integer> numbers = new HashMap<>();
    for (int i = 0; i < refined.length; i++) {
      numberOf[i] = numbers.computeIfAbsent(refined[i], key -> numbers.size());
    }
    this.count = numbers.size();
  }

  /** Parts of a table get numbers of their own, from the next free one; who is in no part keeps his. Costs what the parts are long. */
  private static int refine(int[] refined, Region table, int free) {
    Map<Long, Integer> fresh = new HashMap<>();
    List<Region.Part> parts = table.parts();
    for (int part = 0; part < parts.size(); part++) {
      long own = (long) part << Integer.SIZE;
      parts
          .get(part)
          .peers()
          .forEach(peer -> refined[peer] =
              fresh.computeIfAbsent(own | refined[peer], key -> free + fresh.size()));
    }
    return free + fresh.size();
  }

  public static Treatments of(Plan plan, PolicedPods policed) {
    return new Treatments(plan, policed);
  }

  /** How many numbers there are. */
  public int count() {
    return count;
  }

  /** The number of a class, from 0. */
  public int of(int classNumber) {
    return numberOf[classNumber];
  }

  /** The whole address space of a family, pods and nodes not regarded: ascending runs of addresses outside the cluster. */
  public List<PrefixTable.Run> outside(Family family) {
    List<PrefixTable.Run> runs = new ArrayList<>();
    classes.outsiders().forEach(number -> {
      AddressRange range = classes.range(number);
      if (range.family() == family) {
        runs.add(new PrefixTable.Run(range, numberOf[number]));
      }
    });
    return runs;
  }
}
