package dev.postern.distribution;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** A Gradle project of somebody else, built by the Gradle of Debian, 4.4.1. */
@EnabledOnOs(OS.LINUX)
class PublishedToGradleTest {

  private static final Path GRADLE = Path.of("/usr/bin/gradle");

  @TempDir
  private Path workspace;

  @Test
  void theLibraryAnswersAndTheCommandIsATaskThatCheckWaitsFor() throws Exception {
    StagedRepository staged = StagedRepository.required();
    boolean installed = Files.isExecutable(GRADLE);
    assertThat(installed || !"true".equals(System.getenv("CI")))
        .as("there is %s", GRADLE)
        .isTrue();
    assumeTrue(installed, "there is no " + GRADLE + " (Debian: apt-get install gradle)");
    FreshProject project = FreshProject.of("gradle", staged, workspace);

    FreshProject.Call first = gradle(project, "ask", "check");
    assertThat(first.status()).as(first.out()).isZero();
    assertThat(first.out()).contains("said: ALLOWED", "said: DENIED", ":lintPolicies");

    Path manifest = project.directory().resolve("deploy/shop.yaml");
    String before = Files.readString(manifest);
    Files.writeString(
        manifest,
        before.replace("podSelector: {matchLabels: {app: db}}", "podSelector: {app: db}"));
    FreshProject.Call broken = gradle(project, "check");
    assertThat(broken.status()).as(broken.out()).isEqualTo(1);
    assertThat(broken.out()).containsPattern("deploy/shop.yaml:[0-9]+:[0-9]+: error: ");
  }

  private FreshProject.Call gradle(FreshProject project, String... tasks) throws Exception {
    return FreshProject.Call.of(
        project.directory(),
        Stream.concat(
                Stream.of(
                    GRADLE.toString(),
                    "--offline",
                    "--no-daemon",
                    "--stacktrace",
                    "--gradle-user-home",
                    workspace.resolve("home").toString()),
                Stream.of(tasks))
            .toList());
  }
}
