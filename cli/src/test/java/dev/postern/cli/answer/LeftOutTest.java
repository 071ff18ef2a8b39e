package dev.postern.cli.answer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.cli.Run;
import dev.postern.cli.console.ExitStatus;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A question that names an object which is in the manifests and was left out for an error. */
class LeftOutTest {

  private static final String MANIFESTS = """
      apiVersion: v1
      kind: Pod
      metadata: {name: web, namespace: shop}
      spec: {containers: [{name: c, image: i}]}
      ---
      apiVersion: apps/v1
      kind: Deployment
      metadata: {name: db, namespace: shop}
      spec: {replicas: many, selector: {matchLabels: {app: db}}, template: {metadata: {labels: {app: [db]}}}}
      ---
      apiVersion: v1
      kind: Service
      metadata: {name: front, namespace: shop}
      spec: {selector: [web]}
      """;

  @TempDir
  private Path directory;

  private Run can(String... words) throws IOException {
    Path file = Files.writeString(directory.resolve("m.yaml"), MANIFESTS);
    String[] arguments = new String[words.length + 3];
    arguments[0] = "can";
    System.arraycopy(words, 0, arguments, 1, words.length);
    arguments[words.length + 1] = "-f";
    arguments[words.length + 2] = file.toString();
    return Run.of(arguments);
  }

  @Test
  void isToldThatAWorkloadWasLeftOut() throws IOException {
    Run run = can("shop/web", "reach", "shop/db", "on", "5432");

    assertThat(run.status()).isEqualTo(ExitStatus.BAD_INPUT);
    assertThat(run.err())
        .contains("Deployment shop/db is left out for its error (")
        .contains("m.yaml:6:1")
        .doesNotContain("is named `db`");
  }

  @Test
  void isToldThatAServiceWasLeftOut() throws IOException {
    assertThat(can("shop/web", "reach", "service", "shop/front", "on", "80").err())
        .contains("Service shop/front is left out for its error (");
  }

  @Test
  void isNotToldSoOfANameThatIsNowhere() throws IOException {
    assertThat(can("shop/web", "reach", "shop/cache", "on", "80").err())
        .contains("no workload or pod is named `cache`");
  }
}
