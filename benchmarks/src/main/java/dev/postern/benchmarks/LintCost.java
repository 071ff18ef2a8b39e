package dev.postern.benchmarks;

import com.sun.management.OperatingSystemMXBean;
import dev.postern.diagnostic.Diagnostic;
import dev.postern.lint.Lint;
import dev.postern.lint.rule.LintInput;
import dev.postern.lint.rule.LintOptions;
import dev.postern.manifest.Loaded;
import dev.postern.manifest.Manifests;
import dev.postern.manifest.ReadOptions;
import dev.postern.manifest.Source;
import dev.postern.testing.shape.Shape;
import dev.postern.testing.text.ManifestText;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntSupplier;

/** Prints the processor time, of all threads, that 10,000 documents take to be read, and to be read and linted by every rule. */
public final class LintCost {

  private static final int DOCUMENTS = 10_000;
  private static final int WARM_UP = 6;
  private static final int ROUNDS = 8;

  private static final OperatingSystemMXBean SYSTEM =
      ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);

  private LintCost() {}

  /** Measures the shapes named, or three; {@code --write <dir>} before them writes their documents into files instead. */
  public static void main(String[] arguments) throws IOException {
    boolean write = arguments.length > 1 && arguments[0].equals("--write");
    String[] names = write ? Arrays.copyOfRange(arguments, 2, arguments.length) : arguments;
    List<Shape> shapes = names.length == 0
        ? List.of(Shape.W1_TENANT_TEMPLATE, Shape.W3_MICROSERVICES, Shape.W6_ADMIN_TIERS)
        : Arrays.stream(names).map(Shape::valueOf).toList();
    if (write) {
      for (Shape shape : shapes) {
        Files.write(Path.of(arguments[1], shape + ".yaml"), documents(shape));
      }
      return;
    }
    System.out.printf(
        "%-22s %10s %9s %9s %6s %9s%n",
        "shape", "documents", "read ms", "lint ms", "ratio", "findings");
    for (Shape shape : shapes) {
      byte[] text = documents(shape);
      int[] counts = new int[2];
      IntSupplier read = () -> read(text, ReadOptions.DEFAULT).read().values().stream()
          .mapToInt(Integer::intValue)
          .sum();
      IntSupplier lint = () -> lint(text).size();
      for (int i = 0; i < WARM_UP; i++) {
        counts[0] = read.getAsInt();
        counts[1] = lint.getAsInt();
      }
      double reading = Double.MAX_VALUE;
      double linting = Double.MAX_VALUE;
      for (int i = 0; i < ROUNDS; i++) {
        reading = Math.min(reading, milliseconds(read));
        linting = Math.min(linting, milliseconds(lint));
      }
      System.out.printf(
          "%-22s %10d %9.0f %9.0f %6.2f %9d%n",
          shape, counts[0], reading, linting, linting / reading, counts[1]);
    }
  }

  private static double milliseconds(IntSupplier work) {
    System.gc();
    long before = SYSTEM.getProcessCpuTime();
    int result = work.getAsInt();
    long took = SYSTEM.getProcessCpuTime() - before;
    if (result < 0) {
      throw new IllegalStateException("a count is negative: " + result);
    }
    return took / 1e6;
  }

  /** As many documents of a shape as near as its sizes come. */
  private static byte[] documents(Shape shape) {
    double scale = 0.05;
    String text = ManifestText.yaml(shape.cluster(LoadedShape.SEED, scale));
    for (int i = 0; i < 3; i++) {
      scale *= (double) DOCUMENTS / count(text);
      text = ManifestText.yaml(shape.cluster(LoadedShape.SEED, scale));
    }
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static int count(String text) {
    return text.split("(?m)^---").length;
  }

  private static Loaded read(byte[] text, ReadOptions options) {
    return Manifests.read(List.of(Source.bytes("benchmark.yaml", text)), options);
  }

  private static List<Diagnostic> lint(byte[] text) {
    Loaded loaded = read(text, ReadOptions.DEFAULT.withKeepWritten(true));
    LintInput input = LintInput.of(loaded, LintOptions.DEFAULT);
    Lint.ofReading(loaded, input);
    return Lint.of(input);
  }
}
