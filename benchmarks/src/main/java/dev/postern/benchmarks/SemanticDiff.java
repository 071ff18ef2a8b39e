package dev.postern.benchmarks;

import dev.postern.diff.Difference;
import dev.postern.meaning.Options;
import dev.postern.openworld.OpenDifference;
import dev.postern.plan.Plan;
import dev.postern.solver.Limits;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Warmup;

/** From two clusters in memory, of which some policies differ, to the rows of what the edits open and close. */
@BenchmarkMode(Mode.SampleTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Fork(
    value = 1,
    jvmArgsAppend = {"-Xmx4g", "-XX:+UseParallelGC"})
@Warmup(iterations = 3, time = 3)
@Measurement(iterations = 5, time = 3)
public class SemanticDiff {

  /** For the pods that are there, narrowed to what may matter. */
  @Benchmark
  public Difference edited(EditedShape shape) {
    return Difference.between(shape.before, shape.after, Options.DEFAULT);
  }

  /** The same by planning both as a whole, as it is done where pods, namespaces or nodes differ, too. */
  @Benchmark
  public Difference wholePlans(EditedShape shape) {
    return Difference.between(Plan.of(shape.before), Plan.of(shape.after));
  }

  /** For all pods that there could ever be, by Z3. */
  @Benchmark
  public OpenDifference open(EditedShape shape) {
    return OpenDifference.between(shape.before, shape.after, Options.DEFAULT, Limits.DEFAULT);
  }
}
