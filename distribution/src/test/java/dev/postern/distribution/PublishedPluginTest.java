package dev.postern.distribution;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** A Maven project of somebody else whose build lints, tests and compares policies. */
@EnabledOnOs(OS.LINUX)
class PublishedPluginTest {

  private static final Pattern UNCHANGED =
      Pattern.compile("nothing changed since this last ended well");

  @TempDir
  private Path workspace;

  @Test
  void theGoalsRunInVerifyAndAgainOnlyOnceWhatTheyReadHasChanged() throws Exception {
    FreshProject project = FreshProject.of("maven-plugin", StagedRepository.required(), workspace);
    FreshProject.Call first = project.maven("verify");
    assertThat(first.status()).as(first.out()).isZero();
    assertThat(first.out())
        .contains(
            "postern-maven-plugin:" + StagedRepository.required().version() + ":lint",
            "ok    policies/shop.postern:1",
            "ok    policies/shop.postern:2");
    assertThat(unchanged(first)).as(first.out()).isZero();

    FreshProject.Call second = project.maven("verify");
    assertThat(unchanged(second)).as(second.out()).isEqualTo(3);

    // A file that only a statement names.
    edit(project, "policies/required.yaml", "5432}]\n", "5433}]\n");
    FreshProject.Call third = project.maven("verify");
    assertThat(third.status()).as(third.out()).isEqualTo(1);
    assertThat(unchanged(third)).as(third.out()).isEqualTo(1);
    assertThat(third.out()).contains("[ERROR] FAIL  policies/shop.postern:2");
    edit(project, "policies/required.yaml", "5433}]\n", "5432}]\n");

    edit(
        project,
        "deploy/shop.yaml",
        "podSelector: {matchLabels: {app: db}}",
        "podSelector: {app: db}");
    FreshProject.Call broken = project.maven("verify", "--fail-at-end");
    assertThat(broken.status()).as(broken.out()).isEqualTo(1);
    assertThat(broken.out()).containsPattern("\\[ERROR\\] deploy/shop.yaml:[0-9]+:[0-9]+: error: ");
  }

  @Test
  void aChangeThatOpensTrafficFails() throws Exception {
    FreshProject project = FreshProject.of("maven-plugin", StagedRepository.required(), workspace);
    edit(
        project, "deploy/shop.yaml", "port: 5432}]\n", "port: 5432}, {protocol: TCP, port: 22}]\n");
    FreshProject.Call diff = project.maven("postern:diff@policies");
    assertThat(diff.status()).as(diff.out()).isEqualTo(1);
    assertThat(diff.out()).contains("tcp/22", "the change breaks what is demanded of it");
  }

  private static long unchanged(FreshProject.Call call) {
    return UNCHANGED.matcher(call.out()).results().count();
  }

  private static void edit(FreshProject project, String name, String old, String text)
      throws IOException {
    Path file = project.directory().resolve(name);
    String before = Files.readString(file);
    assertThat(before).contains(old);
    Files.writeString(file, before.replace(old, text));
  }
}
