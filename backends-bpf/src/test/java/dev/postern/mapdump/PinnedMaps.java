package dev.postern.mapdump;

import dev.postern.backend.Artifact;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/** An artefact's maps in the kernel, made by its own scripts under a pin of this test's own. */
public final class PinnedMaps implements AutoCloseable {

  private final Path directory;
  private final Path pin;

  public PinnedMaps(Path directory) {
    this.directory = directory;
    this.pin = Path.of("/sys/fs/bpf/postern-maps-" + ProcessHandle.current().pid());
  }

  public void apply(Artifact artifact) throws IOException {
    for (Map.Entry<String, String> file : artifact.files().entrySet()) {
      Files.writeString(directory.resolve(file.getKey()), file.getValue());
    }
    run("sh", directory.resolve("apply.sh").toString());
  }

  /** Applies a delta to maps that an artefact filled. */
  public void change(Artifact delta) throws IOException {
    Path here = Files.createTempDirectory(directory, "delta");
    for (Map.Entry<String, String> file : delta.files().entrySet()) {
      Files.writeString(here.resolve(file.getKey()), file.getValue());
    }
    run("sh", here.resolve("apply.sh").toString());
  }

  /** What {@code bpftool map dump -j} prints of each pinned map, by the pin's name. */
  public SortedMap<String, String> dumps() throws IOException {
    SortedMap<String, String> dumps = new TreeMap<>();
    for (String name : run("ls", pin.toString()).split("\n")) {
      if (name.startsWith("at-") || name.startsWith("of-")) {
        continue;
      }
      dumps.put(
          name, run("bpftool", "-j", "map", "dump", "pinned", pin.resolve(name).toString()));
    }
    return dumps;
  }

  @Override
  public void close() throws IOException {
    if (Files.exists(directory.resolve("remove.sh"))) {
      run("sh", directory.resolve("remove.sh").toString());
    }
    if (Files.exists(pin)) {
      throw new AssertionError("remove.sh left something in " + pin);
    }
  }

  private String run(String... command) throws IOException {
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().put("POSTERN_PIN", pin.toString());
    Process process = builder.start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    try {
      if (!process.waitFor(60, TimeUnit.SECONDS) || process.exitValue() != 0) {
        throw new AssertionError(List.of(command) + " failed:\n" + output);
      }
    } catch (InterruptedException interrupted) {
      process.destroy();
      Thread.currentThread().interrupt();
      throw new AssertionError(List.of(command) + " was interrupted", interrupted);
    }
    return output;
  }
}
