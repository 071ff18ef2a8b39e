package dev.postern.maven;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.File;
import java.io.IOException;
import java.lang.reflect.Field;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.maven.plugin.MojoExecutionException;
import org.apache.maven.plugin.MojoFailureException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A goal ends well only if it has checked what it was given, as that is now. */
class GoalsTest {

  private static final String POD = """
      apiVersion: v1
      kind: Pod
      metadata: {name: web, namespace: shop, labels: {app: web}}
      spec: {containers: [{name: c, image: i}]}
      """;

  private static final String DENY = """
      apiVersion: networking.k8s.io/v1
      kind: NetworkPolicy
      metadata: {name: deny, namespace: shop}
      spec: {podSelector: {}, policyTypes: [Egress]}
      """;

  @TempDir
  private Path directory;

  /** A goal as Maven would have it, by the names of its parameters. */
  private <T extends CommandGoal> T goal(T goal, Object... parameters) throws Exception {
    set(goal, "directory", directory.resolve("target").toFile());
    set(goal, "version", "1");
    set(goal, "execution", "default");
    for (int i = 0; i < parameters.length; i += 2) {
      set(goal, (String) parameters[i], parameters[i + 1]);
    }
    return goal;
  }

  private static void set(Object goal, String name, Object value) throws Exception {
    Class<?> type = goal.getClass();
    while (true) {
      try {
        Field field = type.getDeclaredField(name);
        field.setAccessible(true);
        field.set(goal, value);
        return;
      } catch (NoSuchFieldException above) {
        type = type.getSuperclass();
      }
    }
  }

  private File file(String name, String text) throws IOException {
    Path file = directory.resolve(name);
    Files.createDirectories(file.getParent());
    return Files.writeString(file, text).toFile();
  }

  @Test
  void whatAnOptionNamesIsReadAgainWhereItHasChanged() throws Exception {
    File pods = file("pods.yaml", POD);
    File more = file("more.yaml", DENY);
    File statements = file("shop.postern", "shop/web cannot reach 203.0.113.7 on 80\n");
    for (List<String> options : List.of(
        List.of("-f", more.toString()), List.of("-f" + more), List.of("--filename=" + more))) {
      TestGoal test = goal(
          new TestGoal(),
          "manifests",
          List.of(pods),
          "specifications",
          List.of(statements),
          "options",
          options);
      assertThatCode(test::execute).doesNotThrowAnyException();
      Files.writeString(more.toPath(), DENY.replace("[Egress]", "[Ingress]"));
      assertThatThrownBy(test::execute).as("%s", options).isInstanceOf(MojoFailureException.class);
      Files.writeString(more.toPath(), DENY);
    }
  }

  @Test
  void whatNoFileSaysIsNotRemembered() throws Exception {
    File pods = file("pods.yaml", POD + "---\n" + DENY);
    for (String option : List.of("--changed-since", "--context=prod", "--render")) {
      LintGoal lint = goal(new LintGoal(), "manifests", List.of(pods), "options", List.of(option));
      assertThat(lint.readsElsewhere()).as(option).isTrue();
    }
    LintGoal lint = goal(
        new LintGoal(), "manifests", List.of(pods), "options", List.of("--dataplane", "calico"));
    assertThat(lint.readsElsewhere()).isFalse();
  }

  @Test
  void nothingToCheckIsNotAllRight() throws Exception {
    LintGoal lint = goal(new LintGoal());
    assertThatThrownBy(lint::execute)
        .isInstanceOf(MojoExecutionException.class)
        .hasMessage(
            "nothing to check: <manifests> is empty (hint: <skip>true</skip> leaves the goal out)");
    TestGoal test = goal(new TestGoal(), "manifests", List.of(file("pods.yaml", POD)));
    assertThatThrownBy(test::execute).hasMessageContaining("<specifications> is empty");
    TestGoal skipped = goal(new TestGoal(), "skip", true);
    assertThatCode(skipped::execute).doesNotThrowAnyException();
  }

  @Test
  void whatIsMissingOrEmptyOrHoldsNoStatementFails() throws Exception {
    File pods = file("pods.yaml", POD);
    File empty = Files.createDirectory(directory.resolve("empty")).toFile();
    File statements = file("shop.postern", "shop/web cannot reach 203.0.113.7 on 80\n");
    File nothing = file("nothing.postern", "# nothing yet\n");
    File bad = file("bad.postern", "shop/web may not reach anybody\n");
    File broken = file("broken.yaml", POD + "---\n" + DENY.replace("policyTypes", "policyType"));
    List<List<File>> each = List.of(
        List.of(new File(directory.toFile(), "missing"), statements),
        List.of(empty, statements),
        List.of(broken, statements),
        List.of(pods, new File(directory.toFile(), "missing.postern")),
        List.of(pods, empty),
        List.of(pods, nothing),
        List.of(pods, bad));
    for (List<File> files : each) {
      TestGoal test = goal(
          new TestGoal(), "manifests", files.subList(0, 1), "specifications", files.subList(1, 2));
      assertThatThrownBy(test::execute)
          .as("%s", files)
          .isInstanceOfAny(MojoFailureException.class, MojoExecutionException.class);
    }
    for (File manifests : List.of(new File(directory.toFile(), "missing"), empty, broken)) {
      LintGoal lint = goal(new LintGoal(), "manifests", List.of(manifests));
      assertThatThrownBy(lint::execute)
          .as("%s", manifests)
          .isInstanceOfAny(MojoFailureException.class, MojoExecutionException.class);
    }
    for (List<File> sides : List.of(
        List.of(empty, pods), List.of(pods, empty), List.of(broken, pods), List.of(pods, broken))) {
      DiffGoal diff = goal(
          new DiffGoal(), "before", sides.get(0), "after", sides.get(1), "demand", "no-new-access");
      assertThatThrownBy(diff::execute)
          .as("%s", sides)
          .isInstanceOfAny(MojoFailureException.class, MojoExecutionException.class);
    }
  }
}
