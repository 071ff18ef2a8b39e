package dev.postern.benchmarks.traffic;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Prints the peak of resident memory and the processor time of {@code postern replay -} with a heap of 96 MB, which reads so many flows from
 * standard input; Linux only.
 */
public final class ReplayMemory {

  private ReplayMemory() {}

  /**
   * Measures.
   *
   * @param counts how many flows; 1, 10 and 50 million if none are given
   * @throws IOException if the command cannot be started
   * @throws InterruptedException never
   */
  public static void main(String... counts) throws IOException, InterruptedException {
    GeneratedFlows flows = new GeneratedFlows();
    Path manifests = Files.createTempFile("postern", ".yaml");
    Files.writeString(manifests, flows.manifests());
    System.out.printf("%12s %10s %10s  %s%n", "flows", "peak MB", "cpu s", "said");
    for (String count :
        counts.length == 0 ? new String[] {"1000000", "10000000", "50000000"} : counts) {
      Process replay = new ProcessBuilder(List.of(
              Path.of(System.getProperty("java.home"), "bin", "java").toString(),
              "-Xmx96m",
              "-XX:+UseSerialGC",
              "-cp",
              System.getProperty("java.class.path"),
              "dev.postern.cli.Postern",
              "replay",
              "-",
              "-f",
              manifests.toString()))
          .redirectErrorStream(true)
          .start();
      String[] measured = new String[2];
      try (OutputStream in = replay.getOutputStream()) {
        flows.write(GeneratedFlows.Form.CSV, Long.parseLong(count), in);
        measured[0] = peak(replay);
        measured[1] = replay
            .info()
            .totalCpuDuration()
            .map(cpu -> String.format(Locale.ROOT, "%.1f", cpu.toMillis() / 1000.0))
            .orElse("?");
      }
      List<String> said =
          new ArrayList<>(new String(replay.getInputStream().readAllBytes(), StandardCharsets.UTF_8)
              .lines()
              .filter(line -> line.contains(" flows: ") || line.contains("rror"))
              .toList());
      said.add("status " + replay.waitFor());
      System.out.printf(
          "%12s %10s %10s  %s%n", count, measured[0], measured[1], String.join("; ", said));
    }
    Files.delete(manifests);
  }

  /** In MB, as the kernel has it. */
  private static String peak(Process process) throws IOException {
    try (Stream<String> status = Files.lines(Path.of("/proc", process.pid() + "", "status"))) {
      Optional<String> line = status.filter(each -> each.startsWith("VmHWM:")).findFirst();
      return line.map(each -> each.replaceAll("\\D", ""))
          .map(kilobytes -> Long.toString(Long.parseLong(kilobytes) >> 10))
          .orElse("?");
    }
  }
}
