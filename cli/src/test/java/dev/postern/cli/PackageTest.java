package dev.postern.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** What {@code ./package} writes, unpacked where there is no JDK, no Maven and no tree. */
@EnabledOnOs(OS.LINUX)
class PackageTest {

  private static final Path JDK = Path.of(System.getProperty("java.home"));

  @TempDir
  private Path directory;

  private record Call(int status, String out) {}

  private Call call(Path where, String path, String... command)
      throws IOException, InterruptedException {
    Path out = directory.resolve("out");
    ProcessBuilder builder = new ProcessBuilder(command)
        .directory(where.toFile())
        .redirectErrorStream(true)
        .redirectOutput(out.toFile());
    builder.environment().clear();
    builder.environment().put("PATH", path);
    Process process = builder.start();
    assertThat(process.waitFor(10, TimeUnit.MINUTES)).isTrue();
    return new Call(process.exitValue(), Files.readString(out));
  }

  /** The jars of this class path, as {@code ./postern} would have them: modules of this build are directories here. */
  private Path jars() throws IOException, InterruptedException {
    Path jars = Files.createDirectory(directory.resolve("jars"));
    for (String entry : System.getProperty("java.class.path").split(File.pathSeparator)) {
      Path path = Path.of(entry);
      if (Files.isRegularFile(path)) {
        Files.copy(path, jars.resolve(path.getFileName()));
      } else if (path.endsWith("classes") && Files.isDirectory(path)) {
        String module = path.getParent().getParent().getFileName().toString();
        Call made = call(
            directory,
            "",
            JDK.resolve("bin/jar").toString(),
            "--create",
            "--file",
            jars.resolve(module + "-0.jar").toString(),
            "-C",
            path.toString(),
            ".");
        assertThat(made.status()).as(made.out()).isZero();
      }
    }
    return jars;
  }

  private Path packaged(Path jars, String out) throws IOException, InterruptedException {
    Call made = call(
        Path.of("..").toAbsolutePath().normalize(),
        JDK.resolve("bin") + ":/usr/bin:/bin",
        "bash",
        "package",
        directory.resolve(out).toString(),
        jars.toString());
    assertThat(made.status()).as(made.out()).isZero();
    try (Stream<Path> files = Files.list(directory.resolve(out))) {
      return files
          .filter(file -> file.toString().endsWith(".tar.gz"))
          .findFirst()
          .orElseThrow();
    }
  }

  /** A directory that holds links to these programs and nothing else. */
  private String onlyPrograms(String... names) throws IOException {
    Path programs = Files.createDirectory(directory.resolve("programs"));
    for (String name : names) {
      Files.createSymbolicLink(programs.resolve(name), Path.of("/usr/bin", name));
    }
    return programs.toString();
  }

  @Test
  void anArchiveAnswersAndProvesWhereThereIsNoJdkAndIsTheSameBytesTwice() throws Exception {
    assumeTrue(
        Files.isDirectory(JDK.resolve("jmods")), "this JDK has no jmods to link a runtime of");
    Path jars = jars();
    Path archive = packaged(jars, "one");

    assertThat(archive).hasSameBinaryContentAs(packaged(jars, "two"));
    assertThat(call(
                archive.getParent(),
                "/usr/bin:/bin",
                "sha256sum",
                "--check",
                archive.getFileName() + ".sha256")
            .status())
        .isZero();

    Path empty = Files.createDirectory(directory.resolve("empty"));
    assertThat(call(empty, "/usr/bin:/bin", "tar", "-xzf", archive.toString()).status())
        .isZero();
    Path home;
    try (Stream<Path> unpacked = Files.list(empty)) {
      home = unpacked.findFirst().orElseThrow();
    }
    String path = onlyPrograms("readlink");
    String postern = home.resolve("bin/postern").toString();

    Call can = call(
        home,
        path,
        postern,
        "can",
        "shop/frontend",
        "reach",
        "shop/db",
        "on",
        "5432",
        "-f",
        "share/examples/shop");
    assertThat(can.status()).as(can.out()).isZero();
    assertThat(can.out()).startsWith("allowed: shop/frontend -> shop/db on tcp/5432\n");

    List<String> prove =
        new ArrayList<>(List.of(postern, "prove", "-f", "share/examples/node/cluster.yaml"));
    prove.addAll(List.of("--iptables-save", "share/examples/node/iptables-save.txt"));
    prove.addAll(List.of("--ipset-save", "share/examples/node/ipset-save.txt"));
    Call proof = call(home, path, prove.toArray(String[]::new));
    assertThat(proof.status()).as(proof.out()).isZero();
    assertThat(proof.out()).startsWith("proved").doesNotContain("Z3 did not run");

    assertThat(Files.readString(home.resolve("share/completions/postern.bash")))
        .contains("_complete_postern");
    assertThat(home.resolve("LICENSE")).exists();
  }
}
