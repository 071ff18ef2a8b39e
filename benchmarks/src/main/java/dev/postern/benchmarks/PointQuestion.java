package dev.postern.benchmarks;

import dev.postern.meaning.End;
import dev.postern.meaning.Flow;
import dev.postern.meaning.FlowVerdict;
import dev.postern.net.Address;
import dev.postern.net.Protocol;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** One verdict on a loaded cluster: half the questions stay in a namespace or nearby, a tenth goes outside. */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@State(Scope.Thread)
@Fork(
    value = 1,
    jvmArgsAppend = {"-Xmx4g", "-XX:+UseParallelGC"})
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
public class PointQuestion {

  private static final int QUESTIONS = 1 << 12;

  private final Flow[] flows = new Flow[QUESTIONS];
  private int next;

  /** Draws the questions. */
  @Setup(Level.Trial)
  public void draw(LoadedShape loaded) {
    SplittableRandom random = new SplittableRandom(LoadedShape.SEED);
    List<End.InPod> pods = loaded.plan.classes().endpoints();
    for (int i = 0; i < QUESTIONS; i++) {
      int source = random.nextInt(pods.size());
      int near = Math.floorMod(source + random.nextInt(-40, 41), pods.size());
      End destination = random.nextInt(10) == 0
          ? new End.Outside(Address.ipv4(random.nextLong(0x0B00_0000L, 0xE000_0000L)))
          : pods.get(random.nextBoolean() ? near : random.nextInt(pods.size()));
      flows[i] =
          new Flow(pods.get(source), destination, Protocol.TCP, 7000 + 10 * random.nextInt(64));
    }
  }

  /** Looks up both ends and judges. */
  @Benchmark
  public FlowVerdict verdict(LoadedShape loaded) {
    return loaded.reachability.verdict(flows[next++ & (QUESTIONS - 1)]);
  }
}
