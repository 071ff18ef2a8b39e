package dev.postern.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.postern.cli.console.ExitStatus;
import dev.postern.cli.console.InputBound;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Inputs that are larger than what is read of them, in every place where a command takes one. */
class BoundedInputTest {

  @TempDir
  private Path directory;

  /** A file of zeros, which takes no room on a disk. */
  private String sparse(String name, long bytes) throws IOException {
    Path file = directory.resolve(name);
    try (RandomAccessFile all = new RandomAccessFile(file.toFile(), "rw")) {
      all.setLength(bytes);
    }
    return file.toString();
  }

  private String manifest() throws IOException {
    return Files.writeString(directory.resolve("a.yaml"), """
            apiVersion: v1
            kind: Pod
            metadata: {name: a, namespace: s}
            spec: {containers: [{name: c, image: x}]}
            """).toString();
  }

  private static void isRefused(String file, String... arguments) {
    Run run = Run.of(arguments);
    assertThat(run.err())
        .as(String.join(" ", arguments))
        .contains(file, "error", "it is larger than ");
    assertThat(run.err().lines().count()).isEqualTo(1);
    assertThat(run.status()).isEqualTo(ExitStatus.BAD_INPUT);
    assertThat(run.out()).isEmpty();
  }

  @Test
  void whatPeopleWriteHasABound() throws IOException {
    String large = sparse("large", InputBound.WRITTEN.bytes() + 1);
    String pod = manifest();
    isRefused(large, "review", pod, pod, "--spec", large);
    isRefused(large, "test", large, "-f", pod);
    isRefused(large, "lint", "-f", pod, "--config", large);
    isRefused(large, "lint", "-f", pod, "--baseline", large);
    isRefused(large, "connectivity", "--context", "c", "--kubeconfig", large);
    sparse(".postern.yaml", InputBound.WRITTEN.bytes() + 1);
    isRefused(".postern.yaml", "lint", "-f", pod);
  }

  @Test
  void whatProgramsPrintHasABound() throws IOException {
    String large = sparse("large", InputBound.PRINTED.bytes() + 1);
    String pod = manifest();
    for (String flag : List.of("--iptables-save", "--nft", "--ovs-flows", "--ovn-nb")) {
      isRefused(large, "prove", "-f", pod, flag, large);
    }
    String rules =
        Files.writeString(directory.resolve("rules"), "table ip t {\n}\n").toString();
    isRefused(large, "prove", "-f", pod, "--nft", rules, "--routes", large);
  }

  @Test
  void aLineOfALogHasABound() throws IOException {
    String large = sparse("large", 1L << 25);
    String pod = manifest();
    for (List<String> command :
        List.of(List.of("replay", large), List.of("can", "--batch", large))) {
      List<String> all = new java.util.ArrayList<>(command);
      all.addAll(List.of("-f", pod));
      Run run = Run.of(all.toArray(String[]::new));
      assertThat(run.err()).contains(large + ": error: ", "its line 1 has more than ");
      assertThat(run.status()).isEqualTo(ExitStatus.BAD_INPUT);
    }
  }

  @Test
  void standardInputAndDevicesAreCountedAsTheyCome() throws IOException {
    byte[] three = {'a', 'b', 'c'};
    assertThat(new InputBound(3).text(new ByteArrayInputStream(three))).isEqualTo("abc");
    assertThatThrownBy(() -> new InputBound(2).of(new ByteArrayInputStream(three)))
        .isInstanceOf(InputBound.TooLarge.class)
        .hasMessageContaining("it is larger than 2 bytes");
    assertThatThrownBy(() -> new InputBound(2).of(Path.of("/dev/zero")))
        .isInstanceOf(InputBound.TooLarge.class);
    assertThatThrownBy(() -> new InputBound(9).text(new ByteArrayInputStream(new byte[] {-1})))
        .hasMessage("it is no UTF-8 text");
    char[] statement = new char[Math.toIntExact(InputBound.WRITTEN.bytes()) + 1];
    Arrays.fill(statement, '\n');
    Run run = Run.withInput(new String(statement), "test", "-", "-f", manifest());
    assertThat(run.err()).startsWith("<stdin>: error: ").contains("it is larger than 64 MiB");
    assertThat(run.status()).isEqualTo(ExitStatus.BAD_INPUT);
  }
}
