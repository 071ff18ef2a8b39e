package dev.postern.benchmarks;

import dev.postern.meaning.End;
import dev.postern.net.Traffic;
import dev.postern.openworld.OpenOutcome;
import dev.postern.openworld.OpenWorld;
import dev.postern.openworld.Role;
import dev.postern.policy.NamespaceSelection;
import dev.postern.selector.Selector;
import dev.postern.solver.Limits;
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
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** Could any pod that is or comes in one namespace reach a pod of another? Namespaces, pods and ports drawn at random. */
@BenchmarkMode(Mode.SampleTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(
    value = 1,
    jvmArgsAppend = {"-Xmx4g", "-XX:+UseSerialGC"})
@Warmup(iterations = 2, time = 5)
@Measurement(iterations = 3, time = 5)
@State(org.openjdk.jmh.annotations.Scope.Benchmark)
public class OpenWorldQuestion {

  private final SplittableRandom random = new SplittableRandom(LoadedShape.SEED);
  private OpenWorld world = OpenWorld.of(new LoadedShape().plan);
  private List<String> namespaces = List.of();
  private List<End.InPod> pods = List.of();

  /** Plans and asks once. */
  @Setup(Level.Trial)
  public void load(LoadedShape loaded) {
    world = OpenWorld.of(loaded.plan);
    namespaces = List.copyOf(loaded.cluster.namespaces().keySet());
    pods = loaded.plan.classes().endpoints();
    question();
  }

  /** A proof of "never", or a pod that shows how. */
  @Benchmark
  public OpenOutcome question() {
    String namespace = namespaces.get(random.nextInt(namespaces.size()));
    OpenOutcome outcome = world.ask(
        new Role.AnyPod(new NamespaceSelection.Named(namespace), Selector.EVERYTHING),
        new Role.Existing(List.of(pods.get(random.nextInt(pods.size())))),
        Traffic.tcp(1 + random.nextInt(65535)),
        Limits.DEFAULT);
    if (outcome instanceof OpenOutcome.Undecided undecided) {
      throw new IllegalStateException(undecided.reason());
    }
    return outcome;
  }
}
