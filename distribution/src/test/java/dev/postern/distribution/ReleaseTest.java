package dev.postern.distribution;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** A release as it would be made, signed by a key of its own, and the next one held against it. */
@EnabledOnOs(OS.LINUX)
class ReleaseTest {

  private static final String RELEASED = "0.0.1";
  private static final String ADDRESS = "dev/postern/net/Address.java";

  @TempDir
  private static Path workspace;

  private static Path keys;
  private static ReleaseTree tree;

  @BeforeAll
  static void aReleaseIsDeployed() throws Exception {
    String next = StagedRepository.required().version();
    keys = Files.createDirectory(workspace.resolve("keys"));
    keys.toFile().setReadable(false, false);
    keys.toFile().setReadable(true, true);
    FreshProject.Call key = gpg(
        "--batch",
        "--passphrase",
        "",
        "--quick-generate-key",
        "A test <test@postern.dev>",
        "ed25519",
        "sign",
        "never");
    assertThat(key.status()).as(key.out()).isZero();
    tree = ReleaseTree.of(workspace);
    tree.version(next, RELEASED);
    FreshProject.Call deployed = tree.project()
        .maven(
            "deploy",
            "-Prelease,sign",
            "-pl",
            ReleaseTree.MODULE + ",bom",
            "-DskipTests",
            "-Dmaven.javadoc.skip=true",
            "-Dmaven.install.skip=true",
            "-Dgpg.homedir=" + keys,
            "-DaltDeploymentRepository=released::" + tree.repository().toUri());
    assertThat(deployed.status()).as(deployed.out()).isZero();
    tree.version(RELEASED, next);
  }

  @AfterAll
  static void theKeysAgentEnds() throws Exception {
    FreshProject.Call.of(
        workspace, List.of("gpgconf", "--homedir", keys.toString(), "--kill", "gpg-agent"));
  }

  private static FreshProject.Call gpg(String... arguments)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of("gpg", "--homedir", keys.toString()));
    command.addAll(Arrays.asList(arguments));
    return FreshProject.Call.of(workspace, command);
  }

  @Test
  void everyFileHasASignatureThatHoldsForItAndForNoOther() throws Exception {
    List<Path> files = released();
    assertThat(files.stream().map(file -> file.getFileName().toString()))
        .containsExactlyInAnyOrder(
            ReleaseTree.MODULE + "-" + RELEASED + ".jar",
            ReleaseTree.MODULE + "-" + RELEASED + "-sources.jar",
            ReleaseTree.MODULE + "-" + RELEASED + ".pom",
            "bom-" + RELEASED + ".pom");
    for (Path file : files) {
      assertThat(gpg("--verify", file + ".asc", file.toString()).status())
          .as("%s", file)
          .isZero();
    }
    assertThat(gpg("--verify", files.get(0) + ".asc", files.get(1).toString()).status())
        .as("another file under this signature")
        .isNotZero();
  }

  private static List<Path> released() throws IOException {
    try (Stream<Path> files = Files.walk(tree.repository())) {
      return files
          .filter(file -> file.toString().matches(".*\\.(jar|pom)"))
          .sorted()
          .toList();
    }
  }

  @Test
  void whatTheNextReleaseTakesAwayFailsItsBuildAndWhatItAddsDoesNot() throws Exception {
    tree.edit(ADDRESS, "  public boolean isFirst() {", """
          public Address same() {
            return this;
          }

          public boolean isFirst() {""");
    FreshProject.Call more = compared();
    assertThat(more.status()).as(more.out()).isZero();

    tree.edit(ADDRESS, "public Address same()", "Address same()");
    tree.edit(ADDRESS, "public boolean isLast()", "boolean isLast()");
    FreshProject.Call less = compared();
    assertThat(less.status()).as(less.out()).isEqualTo(1);
    assertThat(less.out()).contains("dev.postern.net.Address.isLast()").doesNotContain("same()");
  }

  private static FreshProject.Call compared() throws IOException, InterruptedException {
    return tree.project()
        .maven(
            "verify",
            "-Pcompatibility",
            "-DskipTests",
            "-pl",
            ReleaseTree.MODULE,
            "-Dpostern.released=" + RELEASED);
  }
}
