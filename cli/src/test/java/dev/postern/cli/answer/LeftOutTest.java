package dev.postern.cli.answer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.cli.Run;
import dev.postern.cli.console.ExitStatus;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
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
      ---
      apiVersion: v1
      kind: Namespace
      metadata: {name: office, labels: [a]}
      ---
      apiVersion: v1
      kind: Node
      metadata: {name: worker, labels: [a]}
      ---
      apiVersion: v1
      kind: Service
      metadata: {name: kubernetes, namespace: default}
      spec: {ports: [{port: none}]}
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

  @Test
  void isToldSoOfEveryKindThatASentenceCanName() throws IOException {
    for (String[] asked : new String[][] {
      {"deployment/db", "Deployment shop/db is left out"},
      {"pods app=db in shop", "Deployment shop/db is left out"},
      {"front.shop.svc.cluster.local", "Service shop/front is left out"},
      {"namespace office", "Namespace office is left out"},
      {"a pod app=web in office", "Namespace office is left out"},
      {"node/worker", "Node worker is left out"},
      {"the API server", "Service default/kubernetes is left out"}
    }) {
      Run run = can(("shop/web reach " + asked[0] + " on 80").split(" "));
      assertThat(run.status()).as(asked[0]).isEqualTo(ExitStatus.BAD_INPUT);
      assertThat(run.err()).as(asked[0]).contains(asked[1] + " for its error (");
    }
  }

  @Test
  void isToldSoByEveryCommandThatTakesNames() throws IOException {
    Path file = Files.writeString(directory.resolve("m.yaml"), MANIFESTS);
    Path spec = Files.writeString(directory.resolve("s.postern"), "shop/web can reach shop/db\n");
    Path batch = Files.writeString(directory.resolve("b.txt"), "can shop/web reach shop/db\n");
    for (String[] arguments : new String[][] {
      {"why", "shop/web", "reach", "shop/db"},
      {"can", "--open", "any pod reach shop/db"},
      {"can", "--batch", batch.toString()},
      {"test", spec.toString()},
      {"connectivity", "--to", "shop/db"}
    }) {
      String[] whole = Arrays.copyOf(arguments, arguments.length + 2);
      whole[arguments.length] = "-f";
      whole[arguments.length + 1] = file.toString();
      Run run = Run.of(whole);
      assertThat(run.status()).as(arguments[0]).isEqualTo(ExitStatus.BAD_INPUT);
      assertThat(run.err() + run.out())
          .as(arguments[0])
          .contains("Deployment shop/db is left out for its error (");
    }
  }
}
