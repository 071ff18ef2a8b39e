package dev.postern.mapdump;

import dev.postern.algebra.Region;
import dev.postern.net.AddressRange;
import dev.postern.net.Family;
import dev.postern.plan.Classes;
import dev.postern.plan.Plan;
import dev.postern.policy.Direction;
import dev.postern.target.Policed;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Numbers the classes so that two have the same number if no group's table tells them apart. */
public final class Treatments {

  private final Classes classes;
  private final int[] numberOf;
  private final int count;

  private Treatments(Plan plan, Policed policed) {
    this.classes = plan.classes();
    List<Region> tables = new ArrayList<>();
    for (Direction direction : Direction.values()) {
      policed.groups(direction).forEach(group -> tables.add(group.allowed()));
    }
    int[][] columns = new int[classes.size()][tables.size()];
    for (int table = 0; table < tables.size(); table++) {
      List<Region.Part> parts = tables.get(table).parts();
      for (int part = 0; part < parts.size(); part++) {
        int row = table;
        int value = part + 1;
        parts.get(part).peers().forEach(peer -> columns[peer][row] = value);
      }
    }
    this.numberOf = new int[classes.size()];
    Map<List<Integer>, Integer> numbers = new HashMap<>();
    for (int i = 0; i < numberOf.length; i++) {
      List<Integer> column = Arrays.stream(columns[i]).boxed().toList();
      numberOf[i] = numbers.computeIfAbsent(column, key -> numbers.size());
    }
    this.count = numbers.size();
  }

  public static Treatments of(Plan plan, Policed policed) {
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
