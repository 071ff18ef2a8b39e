package dev.postern.benchmarks;

import dev.postern.plan.Plan;
import dev.postern.reach.Reachability;
import dev.postern.reach.Row;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** From a cluster in memory to every row of who reaches whom, exact, with ports and addresses. */
@BenchmarkMode(Mode.SampleTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Fork(
    value = 1,
    jvmArgsAppend = {"-Xmx4g", "-XX:+UseParallelGC"})
@Warmup(iterations = 3, time = 3)
@Measurement(iterations = 5, time = 3)
@State(Scope.Benchmark)
public class AllPairs {

  private int next;

  /** All of it: classes, rules, tables, rows. */
  @Benchmark
  public long everything(LoadedShape loaded) {
    return PairCount.of(Reachability.of(Plan.of(loaded.cluster)));
  }

  /** Classes and rules alone; tables are made when first asked for. */
  @Benchmark
  public Plan plan(LoadedShape loaded) {
    return Plan.of(loaded.cluster);
  }

  /** The rows of a cluster that is planned and has its tables. */
  @Benchmark
  public long rows(LoadedShape loaded) {
    return PairCount.of(loaded.reachability);
  }

  /** One row of a planned cluster: what can this pod reach. */
  @Benchmark
  public Row oneRow(LoadedShape loaded) {
    next = (next + 97) % loaded.plan.classes().inside();
    return loaded.reachability.row(next);
  }
}
