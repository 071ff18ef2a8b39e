package dev.postern.cli.artifact;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.cli.Run;
import dev.postern.cli.console.ExitStatus;
import dev.postern.testing.Engines;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The scripts of every target with tools that do nothing but write down that they were called: where a script refuses, none of them may have
 * been. With the tools themselves, that is tested beside each target.
 */
class ArtifactScriptsTest {

  private static final String SHOP = "../examples/shop";
  private static final String RUNNING = "../examples/running";

  /** All that scripts call and that could change a machine or a database. */
  private static final List<String> TOOLS = List.of(
      "iptables",
      "ip6tables",
      "iptables-save",
      "ip6tables-save",
      "iptables-restore",
      "ip6tables-restore",
      "ipset",
      "nft",
      "ovn-nbctl",
      "ovs-ofctl",
      "python3",
      "bpftool",
      "tc",
      "ip",
      "clang",
      "mount",
      "mountpoint");

  /** Of how many files of an artefact each is broken, about: a target may have one a pod. */
  private static final int MOST_FILES = 6;

  @TempDir
  private Path home;

  private Path calls;
  private Path pin;

  private record Ran(int status, String output) {}

  @BeforeEach
  void toolsThatDoNothing() throws IOException {
    calls = home.resolve("calls");
    pin = home.resolve("pins");
    Path tools = Files.createDirectory(home.resolve("tools"));
    for (String name : TOOLS) {
      Path tool =
          Files.writeString(tools.resolve(name), "#!/bin/sh\necho \"$0 $*\" >> '" + calls + "'\n");
      Files.setPosixFilePermissions(tool, PosixFilePermissions.fromString("rwxr-xr-x"));
    }
  }

  private Ran run(String... command) throws IOException {
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    Map<String, String> environment = builder.environment();
    environment.merge("PATH", home.resolve("tools").toString(), (path, own) -> own + ":" + path);
    environment.put("POSTERN_PIN", pin.toString());
    environment.put("TMPDIR", home.toString());
    Process process = builder.start();
    process.getOutputStream().close();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    try {
      assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new AssertionError(interrupted);
    }
    return new Ran(process.exitValue(), output);
  }

  private Path compiled(String target, String name, String... more) {
    Path out = home.resolve(name);
    List<String> arguments = new ArrayList<>(List.of(
        "compile",
        "--to",
        target,
        "--out",
        out.toString(),
        "-f",
        SHOP,
        "-f",
        RUNNING,
        "--ip-block-matches-pods=false"));
    arguments.addAll(List.of(more));
    Run run = Run.of(arguments.toArray(String[]::new));
    assertThat(run.status()).as(run.err()).isEqualTo(ExitStatus.YES);
    return out;
  }

  /** The whole artefact, and the change from other manifests where the target has changes. */
  private List<Path> artefacts(String target) {
    List<Path> all = new ArrayList<>(List.of(compiled(target, "whole")));
    if (!target.equals("ovs")) {
      all.add(compiled(target, "change", "--since", RUNNING));
    }
    return all;
  }

  private static List<Path> files(Path artefact, boolean scripts) throws IOException {
    try (Stream<Path> files = Files.list(artefact)) {
      return files
          .filter(file -> (file.endsWith("apply.sh") || file.endsWith("remove.sh")) == scripts)
          .filter(file -> !file.endsWith("artefact.sha256"))
          .sorted()
          .toList();
    }
  }

  private void nothingWasTouched(String what) throws IOException {
    assertThat(calls).as(what).doesNotExist();
    assertThat(pin).as(what).doesNotExist();
  }

  private void refuses(Path script, String says) throws IOException {
    Ran ran = run("sh", script.toString());
    assertThat(ran.status()).as(ran.output).isEqualTo(1);
    assertThat(ran.output).contains(says, "nothing was changed");
    nothingWasTouched(says);
  }

  @ParameterizedTest
  @ValueSource(strings = {"iptables", "nftables", "ovn", "ovs", "bpf", "cilium", "aws"})
  void aFileThatIsMissingCutOrAlteredStopsTheScriptBeforeItsFirstCommand(String target)
      throws IOException {
    int refused = 0;
    for (Path artefact : artefacts(target)) {
      Path apply = artefact.resolve("apply.sh");
      List<Path> files = files(artefact, false);
      String list = Files.readString(apply);
      assertThat(files)
          .isNotEmpty()
          .allMatch(file -> list.contains("  " + file.getFileName() + "\n"));
      for (int i = 0; i < files.size(); i += Math.max(1, files.size() / MOST_FILES)) {
        Path file = files.get(i);
        String name = file.getFileName().toString();
        byte[] text = Files.readAllBytes(file);
        Files.delete(file);
        refuses(apply, name + " is missing");
        for (int length : List.of(0, text.length / 2, text.length - 1)) {
          if (length >= 0 && length < text.length) {
            Files.write(file, Arrays.copyOf(text, length));
            refuses(apply, name + " has " + length + " bytes, not " + text.length);
            refused++;
          }
        }
        if (text.length > 0) {
          byte[] other = text.clone();
          other[text.length / 2] ^= 1;
          Files.write(file, other);
          refuses(apply, name + " is not what was compiled");
        }
        Files.write(file, text);
      }
    }
    assertThat(refused).isGreaterThanOrEqualTo(3);
  }

  /** Parts of names of directories that are words of the shell, of a tool or of a terminal. */
  private static final List<String> HOSTILE_PARTS = List.of(
      " ",
      "'",
      "\"",
      "$(touch canary)",
      "`touch canary`",
      ";touch canary;",
      "&&touch canary #",
      "|touch canary",
      "\n",
      "\ntouch canary\n",
      "\t",
      "-n",
      "--version",
      "*",
      "?",
      "[a]",
      "$HOME",
      "${work}",
      "\\",
      "\\033[31m",
      "\\c",
      "%s%n",
      "~",
      "{",
      "!",
      "=",
      "\u00fc",
      "\u65e5",
      "<",
      ">",
      "&");

  @ParameterizedTest
  @ValueSource(strings = {"iptables", "nftables", "ovn", "ovs", "bpf", "cilium", "aws"})
  void theNameOfTheDirectoryIsNoCommand(String target) throws IOException {
    Random random = new Random(target.hashCode());
    for (Path artefact : artefacts(target)) {
      for (Path script : files(artefact, true)) {
        String expected = called(artefact, script.getFileName().toString());
        for (int i = 0; i < 12; i++) {
          StringBuilder name = new StringBuilder();
          for (int part = 1 + random.nextInt(4); part > 0; part--) {
            name.append(HOSTILE_PARTS.get(random.nextInt(HOSTILE_PARTS.size())));
          }
          Path hostile = Files.move(artefact, home.resolve("in").resolve(name.toString()));
          assertThat(called(hostile, script.getFileName().toString()))
              .as("%s in %s", script.getFileName(), name)
              .isEqualTo(expected);
          try (Stream<Path> files = Files.walk(home)) {
            assertThat(files).noneMatch(file -> file.endsWith("canary"));
          }
          Files.move(hostile, artefact);
        }
      }
    }
  }

  /** What a script calls and says where it is run in its directory and from elsewhere, without the names of directories. */
  private String called(Path artefact, String script) throws IOException {
    Files.createDirectories(home.resolve("in"));
    StringBuilder all = new StringBuilder();
    for (List<String> command : List.of(
        List.of("sh", artefact.resolve(script).toString()),
        List.of("sh", "-c", "cd -- \"$1\" && exec ./\"$2\"", "sh", artefact.toString(), script))) {
      Files.deleteIfExists(calls);
      if (Files.exists(pin)) {
        try (Stream<Path> pins = Files.walk(pin)) {
          for (Path each : pins.sorted(Comparator.reverseOrder()).toList()) {
            Files.delete(each);
          }
        }
      }
      Ran ran = run(command.toArray(String[]::new));
      all.append(ran.status).append(ran.output);
      if (Files.exists(calls)) {
        all.append(Files.readString(calls));
      }
    }
    return all.toString().replace(artefact.toString(), "DIRECTORY").replaceAll("tmp\\.\\w+", "tmp");
  }

  @Test
  void aMessagePrintsTheNameOfADirectoryAsItIs() throws IOException {
    Path artefact = compiled("nftables", "x\\033[31m\\c y");
    Files.delete(artefact.resolve("ruleset.nft"));
    Ran ran = run("sh", artefact.resolve("apply.sh").toString());
    assertThat(ran.output)
        .contains("ruleset.nft is missing in " + artefact, "nothing was changed")
        .doesNotContain("\u001b");
  }

  @ParameterizedTest
  @ValueSource(strings = {"iptables", "nftables", "ovn", "ovs", "bpf", "cilium", "aws"})
  void aScriptThatIsCutOffCallsNothing(String target) throws IOException {
    for (Path artefact : artefacts(target)) {
      for (Path script : files(artefact, true)) {
        List<String> lines = Files.readAllLines(script);
        int step = Math.max(1, lines.size() / 12);
        for (int cut = 2; cut < lines.size(); cut += step) {
          Path file = Files.writeString(
              artefact.resolve("cut.sh"), String.join("\n", lines.subList(0, cut)) + "\n");
          assertThat(run("sh", file.toString()).status())
              .as("%s cut after line %d", script, cut)
              .isNotZero();
          nothingWasTouched(script + " cut after line " + cut);
        }
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"iptables", "nftables", "ovn", "ovs", "bpf", "cilium", "aws"})
  void aScriptThatIsCopiedAloneRefusesAndThroughLinksItFindsItsFiles(String target)
      throws IOException {
    for (Path artefact : artefacts(target)) {
      Path alone = Files.createDirectories(home.resolve("alone"));
      Path copy =
          Files.write(alone.resolve("copy.sh"), Files.readAllBytes(artefact.resolve("apply.sh")));
      refuses(copy, " is missing in " + alone.toRealPath());
    }
    Path link = Files.createSymbolicLink(home.resolve("link.sh"), home.resolve("whole/apply.sh"));
    Path second = Files.createSymbolicLink(home.resolve("second.sh"), link);
    assertThat(run("sh", second.toString()).output)
        .doesNotContain("missing", "artefact is not whole");
    assertThat(calls).isNotEmptyFile();
  }

  @ParameterizedTest
  @ValueSource(strings = {"iptables", "nftables", "ovn", "ovs", "bpf", "cilium", "aws"})
  void whileAnotherScriptHoldsTheLockNothingIsCalled(String target) throws IOException {
    String locks = Files.isWritable(Path.of("/run")) ? "/run" : home.toString();
    List<String> held =
        new ArrayList<>(List.of("postern-" + target + "-$(stat -L -c %i /proc/self/ns/net).lock"));
    if (List.of("bpf", "cilium", "aws").contains(target)) {
      held.add("postern-pins" + pin.toString().replace('/', '-') + ".lock");
    }
    for (Path artefact : artefacts(target)) {
      for (Path script : files(artefact, true)) {
        for (String name : held) {
          String lock = "\"" + locks + "/" + name + "\"";
          Ran ran = run(
              "sh",
              "-c",
              "exec 7>>" + lock + "; flock 7; echo somebody > " + lock + "; POSTERN_WAIT=0 sh "
                  + script + " 7>&-");
          assertThat(ran.status()).as(ran.output).isEqualTo(1);
          assertThat(ran.output).contains("nothing was changed: somebody holds " + locks);
          nothingWasTouched(script.toString());
        }
      }
    }
    if (held.size() > 1) {
      Files.deleteIfExists(Path.of(locks, held.get(1)));
    }
  }

  /** What a tool printed in part would read as "nothing of ours is there". */
  @ParameterizedTest
  @ValueSource(strings = {"iptables", "nftables", "ovn", "ovs", "bpf", "cilium", "aws"})
  void whatAToolPrintsIsNotLostOnAFullDisk(String target) throws IOException {
    Engines.require("mount", "umount");
    for (String tool : TOOLS) {
      Files.writeString(
          home.resolve("tools/" + tool),
          "#!/bin/sh\necho \"$0 $*\" >> '" + calls
              + "'\ncase \"$*\" in *restore* | *create*) cat > /dev/null ;; *) seq -f '# %099g' 400 ;; esac\n");
    }
    Path disk = Files.createDirectory(home.resolve("disk"));
    for (Path script : files(compiled(target, "whole"), true)) {
      if (run("sh", script.toString()).status() != 0) {
        continue;
      }
      assertThat(run("mount", "-t", "tmpfs", "-o", "size=20k", "none", disk.toString())
              .status())
          .isZero();
      try {
        Ran full = run("sh", "-c", "TMPDIR=" + disk + " sh " + script);
        if (Files.readString(script).contains("\n  output ")
            || Files.readString(script).contains("\noutput ")) {
          assertThat(full.status()).as(target + " " + full.output).isNotZero();
          assertThat(full.output).contains("has no room in");
        }
      } finally {
        run("umount", disk.toString());
      }
    }
  }
}
