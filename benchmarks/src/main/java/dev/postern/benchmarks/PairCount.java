package dev.postern.benchmarks;

import dev.postern.algebra.ClassSet;
import dev.postern.algebra.Region;
import dev.postern.plan.Classes;
import dev.postern.plan.Plan;
import dev.postern.reach.Reachability;
import java.util.IdentityHashMap;
import java.util.Map;

/** Reads all rows of a reachability and counts the pairs of endpoints in the cluster between which anything passes. */
final class PairCount {

  private PairCount() {}

  static long of(Reachability reachability) {
    Plan plan = reachability.plan();
    long[] before = membersBefore(plan.classes());
    // Rows share the sets of all who are open to everyone; each is counted once.
    Map<ClassSet, Long> known = new IdentityHashMap<>();
    long[] pairs = {0};
    reachability.rows().forEach(row -> {
      long sources = before[row.source() + 1] - before[row.source()];
      for (Region.Part part : row.allowed().parts()) {
        pairs[0] += sources
            * (part.peers().runs() < 8
                ? members(part.peers(), before)
                : known.computeIfAbsent(part.peers(), peers -> members(peers, before)));
      }
    });
    return pairs[0];
  }

  /** How many endpoints the classes before each class have; addresses outside count as none. */
  private static long[] membersBefore(Classes classes) {
    long[] before = new long[classes.size() + 1];
    for (int endpoint = 0; endpoint < classes.endpoints().size(); endpoint++) {
      before[classes.classOf(endpoint) + 1]++;
    }
    for (int number = 0; number < classes.size(); number++) {
      before[number + 1] += before[number];
    }
    return before;
  }

  private static long members(ClassSet set, long[] before) {
    long members = 0;
    for (int run = 0; run < set.runs(); run++) {
      members += before[set.runEnd(run)] - before[set.runFirst(run)];
    }
    return members;
  }
}
