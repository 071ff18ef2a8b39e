package dev.postern.mapdump;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.backend.Reading;
import dev.postern.backend.Scope;
import dev.postern.plan.Plan;
import dev.postern.prove.Proof;
import dev.postern.prove.Prover;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * Holds what {@code prove} says of broken maps against a judge that shares nothing with the readers: where the judge sees a packet are treated
 * otherwise than the policies say, nothing may be proved.
 */
public final class MutantTally {

  /** The clusters' seeds start here, so that others can be tried: {@code -Dmutants.first=}. */
  public static final int FIRST = Integer.getInteger("mutants.first", 0);

  private static final int UNREADABLE = Proof.Verdict.values().length;

  private final String target;
  private final Map<MapMutants.Kind, int[][]> counts = new EnumMap<>(MapMutants.Kind.class);
  private final List<String> wrong = new ArrayList<>();

  public MutantTally(String target) {
    this.target = target;
  }

  /**
   * Counts a mutant.
   *
   * @param difference a packet that is treated otherwise than the policies say, by the judge
   * @param seed of its cluster
   */
  public void add(
      int seed,
      MapMutants.Kind kind,
      Plan plan,
      Reading reading,
      Optional<String> difference,
      String changed) {
    int outcome = UNREADABLE;
    if (reading.problems().isEmpty()) {
      Proof.Verdict verdict =
          Prover.prove(plan, Scope.CLUSTER, reading.rules(), reading.contract()).verdict();
      outcome = verdict.ordinal();
      if (verdict == Proof.Verdict.PROVED && difference.isPresent()) {
        wrong.add(
            "cluster " + seed + ", " + kind + " is proved: " + difference.get() + "\n" + changed);
      }
    }
    counts
        .computeIfAbsent(kind, key -> new int[2][UNREADABLE + 1])[difference.isPresent() ? 0 : 1][
        outcome]++;
  }

  /**
   * Prints the counts and asserts that nothing was proved wrongly.
   *
   * @param effective how many mutants at least the judge has to have seen an effect of
   */
  public void check(int effective) {
    int effects = 0;
    for (Map.Entry<MapMutants.Kind, int[][]> each : counts.entrySet()) {
      int[] seen = each.getValue()[0];
      int[] unseen = each.getValue()[1];
      System.out.println(target + " mutants, seeds from " + FIRST + ", " + each.getKey()
          + ": of those with an effect " + words(seen) + "; of the others " + words(unseen));
      for (int count : seen) {
        effects += count;
      }
    }
    assertThat(wrong).as("seeds from %d", FIRST).isEmpty();
    assertThat(counts).containsKey(MapMutants.Kind.NOTHING);
    int[][] unbroken = counts.getOrDefault(MapMutants.Kind.NOTHING, new int[2][UNREADABLE + 1]);
    assertThat(unbroken[0]).as("the judge on what is not broken").containsOnly(0);
    assertThat(unbroken[1][Proof.Verdict.PROVED.ordinal()])
        .as("what is not broken is proved")
        .isPositive()
        .isEqualTo(IntStream.of(unbroken[1]).sum());
    assertThat(effects).as("mutants with an effect").isGreaterThanOrEqualTo(effective);
  }

  private static String words(int[] count) {
    return count[Proof.Verdict.DIFFERS.ordinal()] + " refuted, "
        + count[Proof.Verdict.UNKNOWN.ordinal()] + " unknown, " + count[UNREADABLE]
        + " not readable, " + count[Proof.Verdict.PROVED.ordinal()] + " proved";
  }

  /** The entries that are in one dump and not in the other. */
  public static String changed(Map<String, String> before, Map<String, String> after) {
    StringBuilder text = new StringBuilder();
    after.forEach((file, dump) -> {
      List<String> old = new ArrayList<>(before.getOrDefault(file, "").lines().toList());
      List<String> now = new ArrayList<>(dump.lines().toList());
      List<String> common = List.copyOf(old);
      old.removeAll(now);
      now.removeAll(common);
      if (!old.isEmpty() || !now.isEmpty()) {
        text.append(file)
            .append(": ")
            .append(old)
            .append(" became ")
            .append(now)
            .append('\n');
      }
    });
    return text.toString();
  }
}
