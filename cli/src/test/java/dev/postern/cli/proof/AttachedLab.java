package dev.postern.cli.proof;

import dev.postern.backend.Artifact;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** A network namespace with interfaces, Postern's program attached to one of them, and pins of its own. */
final class AttachedLab implements AutoCloseable {

  /** The interface that programs are attached to. */
  static final String ATTACHED = "pod0";

  private final Path directory;
  private final String namespace = "plive" + ProcessHandle.current().pid();
  private final String pin =
      "/sys/fs/bpf/postern-live-" + ProcessHandle.current().pid();
  private final List<String> enter = List.of("nsenter", "--net=/run/netns/" + namespace);

  AttachedLab(Path directory) throws IOException {
    this.directory = directory;
    run("ip", "netns", "add", namespace);
    inside("ip", "link", "add", ATTACHED, "type", "veth", "peer", "name", "peer0");
    inside("ip", "link", "add", "pod1", "type", "veth", "peer", "name", "peer1");
    for (String link : List.of(ATTACHED, "pod1", "peer0", "peer1")) {
      inside("ip", "link", "set", link, "up");
    }
  }

  ThisMachine machine() {
    return new ThisMachine(enter);
  }

  void apply(Artifact artifact, String... interfaces) throws IOException {
    inside(script(artifact, "sh", interfaces));
  }

  private String[] script(Artifact artifact, String shell, String... interfaces)
      throws IOException {
    Path here = Files.createTempDirectory(directory, "artefact");
    for (Map.Entry<String, String> file : artifact.files().entrySet()) {
      Files.writeString(here.resolve(file.getKey()), file.getValue());
    }
    List<String> command =
        new ArrayList<>(List.of(shell, here.resolve("apply.sh").toString()));
    command.addAll(List.of(interfaces));
    return command.toArray(String[]::new);
  }

  /** Applies with tools of which one call does its work and kills the script; says whether it came to that call. */
  boolean kill(Artifact artifact, int call) throws IOException {
    Path tools = Files.createTempDirectory(directory, "tools");
    Path count = Files.writeString(tools.resolve("count"), "");
    for (String name : List.of("bpftool", "mv", "rm")) {
      String real = run("sh", "-c", "command -v " + name).strip();
      Path tool = Files.writeString(
          tools.resolve(name),
          "#!/bin/sh\n" + real + " \"$@\"\nstatus=$?\nn=$(wc -c < " + count + ")\nprintf x >> "
              + count + "\n[ $n -ne " + call + " ] || kill -9 $PPID\nexit $status\n");
      Files.setPosixFilePermissions(tool, PosixFilePermissions.fromString("rwxr-xr-x"));
    }
    String line = String.join(" ", script(artifact, "sh"));
    inside(
        "sh",
        "-c",
        "PATH=" + tools + ":$PATH " + line + " || [ $(wc -c < " + count + ") -gt " + call + " ]");
    return Files.size(count) > call;
  }

  /** Attaches a program of somebody else, under the name of one of ours, before it. */
  void foreign(String hook) throws IOException {
    Path source = Files.writeString(directory.resolve("foreign.c"), """
        __attribute__((section("tc"), used)) int to_pod(void *packet) { return 0; }
        char _license[] __attribute__((section("license"), used)) = "GPL";
        """);
    String object = directory.resolve("foreign.o").toString();
    run("clang", "-O2", "-g", "-target", "bpf", "-c", source.toString(), "-o", object);
    String words = "tc filter add dev %s %s protocol all prio 7 handle 1 bpf direct-action";
    inside("sh", "-c", words.formatted(ATTACHED, hook) + " object-file " + object + " section tc");
  }

  /** What the attached program makes of a packet: whether it passes. */
  boolean passes(String hook, byte[] packet) throws IOException {
    String filters = inside("tc", "filter", "show", "dev", ATTACHED, hook);
    String id = filters.replaceAll("(?s).* id ([0-9]+) .*", "$1");
    Path file = Files.write(directory.resolve("packet"), packet);
    String answer = run("bpftool", "prog", "run", "id", id, "data_in", file.toString());
    if (!answer.contains("Return value: ")) {
      throw new AssertionError(answer);
    }
    return !answer.contains("Return value: 2,");
  }

  String inside(String... command) throws IOException {
    List<String> all = new ArrayList<>(enter);
    all.addAll(Arrays.asList(command));
    return run(all.toArray(String[]::new));
  }

  private String run(String... command) throws IOException {
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().put("POSTERN_PIN", pin);
    Process process = builder.start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    try {
      if (!process.waitFor(60, TimeUnit.SECONDS) || process.exitValue() != 0) {
        throw new AssertionError(Arrays.toString(command) + " failed:\n" + output);
      }
    } catch (InterruptedException interrupted) {
      process.destroy();
      Thread.currentThread().interrupt();
      throw new AssertionError(Arrays.toString(command) + " was interrupted", interrupted);
    }
    return output;
  }

  @Override
  public void close() throws IOException {
    run("ip", "netns", "del", namespace);
    run("rm", "-rf", pin);
  }
}
