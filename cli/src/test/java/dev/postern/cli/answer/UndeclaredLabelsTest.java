package dev.postern.cli.answer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.cli.Run;
import dev.postern.cli.console.ExitStatus;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A sentence that asks for namespaces by label may mean one whose labels no manifest says. */
class UndeclaredLabelsTest {

  private static final String MANIFESTS = """
      apiVersion: v1
      kind: Namespace
      metadata: {name: a, labels: {team: other}}
      ---
      apiVersion: v1
      kind: Namespace
      metadata: {name: c, labels: {team: ty}}
      ---
      apiVersion: v1
      kind: Pod
      metadata: {name: web, namespace: a, labels: {app: web}}
      spec: {containers: [{name: c}]}
      status: {podIP: 10.1.0.1, podIPs: [{ip: 10.1.0.1}]}
      ---
      apiVersion: v1
      kind: Pod
      metadata: {name: db, namespace: b}
      spec: {containers: [{name: c}]}
      status: {podIP: 10.1.0.2, podIPs: [{ip: 10.1.0.2}]}
      ---
      apiVersion: v1
      kind: Pod
      metadata: {name: p, namespace: c}
      spec: {containers: [{name: c}]}
      status: {podIP: 10.1.0.3, podIPs: [{ip: 10.1.0.3}]}
      ---
      apiVersion: networking.k8s.io/v1
      kind: NetworkPolicy
      metadata: {name: web, namespace: a}
      spec:
        podSelector: {matchLabels: {app: web}}
        ingress: [{from: [{namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: b}}}]}]
      """;

  private static final String DECLARED = """
      ---
      apiVersion: v1
      kind: Namespace
      metadata: {name: b, labels: {team: %s}}
      """;

  @TempDir
  private Path directory;

  @BeforeEach
  void manifests() throws IOException {
    Files.writeString(directory.resolve("cluster.yaml"), MANIFESTS);
  }

  private void declare(String team) throws IOException {
    Files.writeString(directory.resolve("b.yaml"), DECLARED.formatted(team));
  }

  private Run can(String... question) {
    String[] all = new String[question.length + 3];
    all[0] = "can";
    System.arraycopy(question, 0, all, 1, question.length);
    all[question.length + 1] = "-f";
    all[question.length + 2] = directory.toString();
    return Run.of(all);
  }

  private int test(String statement) throws IOException {
    Path file = Files.writeString(directory.resolve("s.postern"), statement + "\n");
    return Run.of(
            "test", file.toString(), "-f", directory.resolve("cluster.yaml").toString())
        .status();
  }

  @Test
  void whatNobodyThereReachesTheOneOfUnknownLabelsMayReach() throws IOException {
    Run run = can("any pod in namespaces team=ty reach a/web");
    assertThat(run.status()).isEqualTo(ExitStatus.UNDECIDED);
    assertThat(run.out())
        .contains("it depends on the labels of namespace b, which no manifest declares");

    declare("other");
    assertThat(can("any pod in namespaces team=ty reach a/web").status()).isEqualTo(ExitStatus.NO);
    declare("ty");
    assertThat(can("any pod in namespaces team=ty reach a/web").status()).isEqualTo(ExitStatus.YES);
  }

  @Test
  void oneThatPassesForCertainIsEnoughForAny() {
    assertThat(can("any pod in namespaces team=ty reach c/p").status()).isEqualTo(ExitStatus.YES);
  }

  @Test
  void whereNobodyElseIsMeantItIsNotKnown() {
    assertThat(can("any pod in namespaces team=tz reach a/web").status())
        .isEqualTo(ExitStatus.UNDECIDED);
    assertThat(can("c/p reach any pod in namespaces team=tz").status())
        .isEqualTo(ExitStatus.UNDECIDED);
  }

  @Test
  void theNameOfANamespaceIsKnown() {
    assertThat(can("any pod in namespaces kubernetes.io/metadata.name=b reach a/web")
            .status())
        .isEqualTo(ExitStatus.YES);
    assertThat(can("any pod in namespaces kubernetes.io/metadata.name=c,team=ty reach a/web")
            .status())
        .isEqualTo(ExitStatus.NO);
  }

  @Test
  void noStatementHoldsByAnUndeclaredNamespace() throws IOException {
    assertThat(test("pods in namespaces team=ty cannot reach a/web"))
        .isEqualTo(ExitStatus.UNDECIDED);
    assertThat(test("any pod in namespaces team=ty can never reach a/web"))
        .isEqualTo(ExitStatus.UNDECIDED);
    assertThat(test("any pod in namespaces kubernetes.io/metadata.name=c can never reach a/web"))
        .isEqualTo(ExitStatus.YES);
  }

  @Test
  void theDeclaredLabelsOfAClosedClusterAreAll() {
    assertThat(can("any pod in namespaces team=ty reach a/web", "--closed").status())
        .isEqualTo(ExitStatus.NO);
  }

  @Test
  void aBatchAsksForPodsToComeAsOneQuestionDoes() throws IOException {
    Path batch = Files.writeString(
        directory.resolve("questions.txt"),
        "any pod in namespace b reach a/web on 80\nany pod in namespace c reach a/web on 80\n");
    Run run = can("--open", "--batch", batch.toString());
    assertThat(run.status()).isEqualTo(ExitStatus.NO);
    assertThat(run.out())
        .isEqualTo(
            "possible: any pod in namespace b reach a/web on 80\nnever: any pod in namespace c reach a/web on 80\n");

    Run json = can("--open", "--batch", batch.toString(), "-o", "json");
    assertThat(json.out().lines().toList())
        .hasSize(2)
        .allMatch(line -> line.contains("\"open\":true"));
  }
}
