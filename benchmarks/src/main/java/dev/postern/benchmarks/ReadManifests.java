package dev.postern.benchmarks;

import dev.postern.manifest.Loaded;
import dev.postern.manifest.Manifests;
import dev.postern.manifest.Source;
import dev.postern.testing.shape.Shape;
import dev.postern.testing.text.ManifestText;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.AuxCounters;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** From bytes to a cluster: all of reading, validation and assembly, in megabytes a second. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Fork(
    value = 1,
    jvmArgsAppend = {"-Xmx3g", "-XX:+UseSerialGC"})
@Warmup(iterations = 3, time = 3)
@Measurement(iterations = 5, time = 3)
public class ReadManifests {

  /** What the documents hold. */
  @Param({"W1_TENANT_TEMPLATE", "W4_CIDR_EGRESS", "W6_ADMIN_TIERS"})
  public Shape shape = Shape.W1_TENANT_TEMPLATE;

  /** Its size; 1 is the published one. */
  @Param("0.2")
  public double scale = 0.2;

  private byte[] yaml = {};
  private byte[] json = {};

  /** Volume a second beside the runs a second. */
  @State(Scope.Thread)
  @AuxCounters(AuxCounters.Type.OPERATIONS)
  public static class Volume {
    public double megabytes;
  }

  /** Writes the manifests. */
  @Setup(Level.Trial)
  public void write() {
    yaml =
        ManifestText.yaml(shape.cluster(LoadedShape.SEED, scale)).getBytes(StandardCharsets.UTF_8);
    json =
        ManifestText.json(shape.cluster(LoadedShape.SEED, scale)).getBytes(StandardCharsets.UTF_8);
  }

  @Benchmark
  public Loaded yaml(Volume volume) {
    volume.megabytes += yaml.length / 1e6;
    return read("benchmark.yaml", yaml);
  }

  @Benchmark
  public Loaded json(Volume volume) {
    volume.megabytes += json.length / 1e6;
    return read("benchmark.json", json);
  }

  private static Loaded read(String name, byte[] text) {
    Loaded loaded = Manifests.read(Source.bytes(name, text));
    if (loaded.hasErrors()) {
      throw new IllegalStateException(loaded.diagnostics().get(0).toString());
    }
    return loaded;
  }
}
