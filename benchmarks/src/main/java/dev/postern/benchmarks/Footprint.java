package dev.postern.benchmarks;

import dev.postern.cluster.Cluster;
import dev.postern.plan.Plan;
import dev.postern.reach.Reachability;
import dev.postern.testing.shape.Shape;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.util.Arrays;

/** Prints what a planned cluster keeps in memory with all its tables, and the most that the heap held on the way. */
public final class Footprint {

  private Footprint() {}

  /** Measures the shapes named, or all. */
  public static void main(String[] names) {
    Shape[] shapes = Shape.values();
    System.out.printf("%-22s %12s %12s %12s%n", "shape", "cluster MB", "plan MB", "peak MB");
    for (Shape shape : shapes) {
      if (names.length > 0 && !Arrays.asList(names).contains(shape.name())) {
        continue;
      }
      long empty = used();
      Cluster cluster = shape.cluster(LoadedShape.SEED, 1);
      long before = used();
      resetPeak();
      Reachability reachability = Reachability.of(Plan.of(cluster));
      long pairs = PairCount.of(reachability);
      long peak = peak();
      long after = used();
      System.out.printf(
          "%-22s %12.1f %12.1f %12.1f   %d pairs%n",
          shape, (before - empty) / 1e6, (after - before) / 1e6, (peak - before) / 1e6, pairs);
      // Alive until here, so that what it keeps was counted.
      if (reachability.plan().cluster() != cluster) {
        throw new IllegalStateException("another cluster");
      }
    }
  }

  private static long used() {
    for (int i = 0; i < 3; i++) {
      System.gc();
    }
    return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
  }

  private static void resetPeak() {
    ManagementFactory.getMemoryPoolMXBeans().forEach(MemoryPoolMXBean::resetPeakUsage);
  }

  private static long peak() {
    return ManagementFactory.getMemoryPoolMXBeans().stream()
        .filter(pool -> pool.getType() == MemoryType.HEAP)
        .mapToLong(pool -> pool.getPeakUsage().getUsed())
        .sum();
  }
}
