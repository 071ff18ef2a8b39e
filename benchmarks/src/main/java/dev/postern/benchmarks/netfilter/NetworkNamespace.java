package dev.postern.benchmarks.netfilter;

import dev.postern.backend.Artifact;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Map;
import java.util.stream.Stream;

/** A network namespace of its own, to which artefacts are applied by their scripts. */
final class NetworkNamespace implements AutoCloseable {

  private final Path directory;
  private final String name = "ptn-load-" + ProcessHandle.current().pid();

  NetworkNamespace() throws IOException, InterruptedException {
    directory = Files.createTempDirectory("postern-load");
    run("ip", "netns", "add", name);
  }

  /** Writes an artefact's files and runs its apply.sh; the seconds that the script took. */
  double apply(Artifact artifact) throws IOException, InterruptedException {
    empty();
    for (Map.Entry<String, String> file : artifact.files().entrySet()) {
      Files.writeString(directory.resolve(file.getKey()), file.getValue());
    }
    long start = System.nanoTime();
    run("ip", "netns", "exec", name, "sh", directory.resolve("apply.sh").toString());
    return (System.nanoTime() - start) / 1e9;
  }

  private void empty() throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }

  private static void run(String... command) throws IOException, InterruptedException {
    Process process = new ProcessBuilder(command).inheritIO().start();
    if (process.waitFor() != 0) {
      throw new IOException(String.join(" ", command) + " failed");
    }
  }

  @Override
  public void close() throws IOException {
    try {
      run("ip", "netns", "del", name);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    empty();
    Files.delete(directory);
  }
}
