package dev.postern.bpf;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.postern.backend.Artifact;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Artefacts in the running kernel, under a directory of pins of their own. */
final class Kernel implements AutoCloseable {

  private static final Pattern RETURNED = Pattern.compile("Return value: (\\d+)");
  private static final long PASSES = 0xFFFF_FFFFL;
  private static final long DROPPED = 2;

  private final Path directory;
  private final String pin =
      "/sys/fs/bpf/postern-test-" + ProcessHandle.current().pid();

  Kernel(Path directory) {
    this.directory = directory;
  }

  String pin() {
    return pin;
  }

  void apply(Artifact artifact, String... interfaces) throws IOException {
    for (Map.Entry<String, String> file : artifact.files().entrySet()) {
      Files.writeString(directory.resolve(file.getKey()), file.getValue());
    }
    List<String> command =
        new ArrayList<>(List.of("sh", directory.resolve("apply.sh").toString()));
    command.addAll(List.of(interfaces));
    run(command);
  }

  /** Applies a delta. */
  void change(Artifact delta) throws IOException {
    Path here = Files.createTempDirectory(directory, "delta");
    for (Map.Entry<String, String> file : delta.files().entrySet()) {
      Files.writeString(here.resolve(file.getKey()), file.getValue());
    }
    run(List.of("sh", here.resolve("apply.sh").toString()));
  }

  /** What the program counted since it was loaded: passed, denied, unreadable, fragments without a first. */
  List<Long> counters() throws IOException {
    List<Long> counters = new ArrayList<>();
    for (JsonNode entry : new ObjectMapper().readTree(dump("maps/counters"))) {
      long sum = 0;
      for (JsonNode cpu : entry.get("values")) {
        for (int i = 0; i < 8; i++) {
          sum += Long.decode(cpu.get("value").get(i).asText()) << 8 * i;
        }
      }
      counters.add(sum);
    }
    return counters;
  }

  /** What a pinned map holds. */
  String dump(String map) throws IOException {
    return run(List.of("bpftool", "-j", "map", "dump", "pinned", pin + "/" + map));
  }

  /** What the program makes of each packet: whether it passes. */
  List<Boolean> verdicts(String program, List<byte[]> packets) throws IOException {
    StringBuilder batch = new StringBuilder();
    for (int i = 0; i < packets.size(); i++) {
      Path file = Files.write(directory.resolve("packet-" + program + "-" + i), packets.get(i));
      batch
          .append("prog run pinned ")
          .append(pin)
          .append("/prog/")
          .append(program)
          .append(" data_in ")
          .append(file)
          .append('\n');
    }
    Path lines = Files.writeString(directory.resolve("packets.batch"), batch);
    Matcher returned = RETURNED.matcher(run(List.of("bpftool", "batch", "file", lines.toString())));
    List<Boolean> verdicts = new ArrayList<>();
    while (returned.find()) {
      long value = Long.parseLong(returned.group(1));
      if (value != PASSES && value != DROPPED) {
        throw new AssertionError("the program returned " + value);
      }
      verdicts.add(value == PASSES);
    }
    if (verdicts.size() != packets.size()) {
      throw new AssertionError(packets.size() + " packets, " + verdicts.size() + " verdicts");
    }
    return verdicts;
  }

  String run(List<String> command) throws IOException {
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().put("POSTERN_PIN", pin);
    Process process = builder.start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    try {
      if (!process.waitFor(60, TimeUnit.SECONDS) || process.exitValue() != 0) {
        throw new AssertionError(command + " failed:\n" + output);
      }
    } catch (InterruptedException interrupted) {
      process.destroy();
      Thread.currentThread().interrupt();
      throw new AssertionError(command + " was interrupted", interrupted);
    }
    return output;
  }

  @Override
  public void close() throws IOException {
    Path script = directory.resolve("remove.sh");
    if (Files.exists(script)) {
      run(List.of("sh", script.toString()));
    }
  }
}
