package dev.postern.benchmarks;

import dev.postern.anomaly.Anomalies;
import dev.postern.anomaly.Finding;
import dev.postern.plan.Plan;
import java.util.List;
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

/** Exact redundancy and every other anomaly, with who covers what. */
@BenchmarkMode(Mode.SampleTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Fork(
    value = 1,
    jvmArgsAppend = {"-Xmx4g", "-XX:+UseParallelGC"})
@Warmup(iterations = 3, time = 3)
@Measurement(iterations = 5, time = 3)
@State(Scope.Benchmark)
public class FindAnomalies {

  /** From a planned cluster. */
  @Benchmark
  public List<Finding> planned(LoadedShape loaded) {
    return Anomalies.of(loaded.plan);
  }

  /** From a cluster in memory. */
  @Benchmark
  public List<Finding> everything(LoadedShape loaded) {
    return Anomalies.of(Plan.of(loaded.cluster));
  }
}
