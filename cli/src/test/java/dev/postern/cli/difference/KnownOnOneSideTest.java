package dev.postern.cli.difference;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.cli.Run;
import dev.postern.cli.console.ExitStatus;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is not known of one version, or of both for different reasons, is no equality. */
class KnownOnOneSideTest {

  private static final String PODS = """
      apiVersion: v1
      kind: Namespace
      metadata: {name: a, labels: {team: none}}
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
      apiVersion: networking.k8s.io/v1
      kind: NetworkPolicy
      metadata: {name: web, namespace: a}
      spec:
        podSelector: {matchLabels: {app: web}}
        ingress: [{from: [{namespaceSelector: {matchLabels: {team: ty}}}]}]
      ---
      """;

  private static final String DECLARED = """
      apiVersion: v1
      kind: Namespace
      metadata: {name: b}
      ---
      """;

  private static final String NAMES = """
      apiVersion: policy.networking.k8s.io/v1alpha1
      kind: AdminNetworkPolicy
      metadata: {name: names}
      spec:
        priority: 1
        subject: {namespaces: {}}
        egress:
        - {action: Allow, to: [{domainNames: [%s]}]}
        - {action: Deny, to: [{networks: [0.0.0.0/0]}]}
      ---
      """;

  private static final String NODES = """
      apiVersion: v1
      kind: Node
      metadata: {name: w0, labels: {r: x1}}
      ---
      apiVersion: v1
      kind: Node
      metadata: {name: w1, labels: {r: x2}}
      ---
      apiVersion: policy.networking.k8s.io/v1alpha1
      kind: AdminNetworkPolicy
      metadata: {name: nodes}
      spec:
        priority: 1
        subject: {namespaces: {}}
        egress: [{action: Deny, to: [{nodes: {matchLabels: {r: %s}}}]}]
      ---
      """;

  private static final String SERVICE = """
      apiVersion: v1
      kind: Service
      metadata: {name: web, namespace: a}
      spec: {selector: {app: web}, ports: [{port: 80, targetPort: %s}]}
      ---
      """;

  @TempDir
  private Path directory;

  private Run run(String before, String after, String... command) throws IOException {
    Path was = Files.writeString(directory.resolve("before.yaml"), before);
    Path is = Files.writeString(directory.resolve("after.yaml"), after);
    String[] all = new String[command.length + 2];
    System.arraycopy(command, 0, all, 0, command.length);
    all[command.length] = was.toString();
    all[command.length + 1] = is.toString();
    return Run.of(all);
  }

  @ParameterizedTest
  @ValueSource(strings = {"diff", "diff --open", "review", "diff --assert no-new-access"})
  void aNamespaceThatOneVersionDeclaresLeavesItOpen(String command) throws IOException {
    for (boolean first : new boolean[] {true, false}) {
      String declared = PODS + DECLARED;
      Run run = run(first ? declared : PODS, first ? PODS : declared, command.split(" "));
      assertThat(run.status()).as(run::toString).isEqualTo(ExitStatus.UNDECIDED);
      assertThat(run.out())
          .contains("policies look at labels of namespace b, which one side alone declares");
    }
    assertThat(run(PODS + DECLARED, PODS + DECLARED, command.split(" ")).status())
        .isEqualTo(ExitStatus.YES);
  }

  @ParameterizedTest
  @ValueSource(strings = {"diff", "diff --open", "review"})
  void otherDomainNamesLeaveItOpen(String command) throws IOException {
    String pods = PODS + DECLARED;
    Run run = run(
        pods + NAMES.formatted("\"*.example.com\""),
        pods + NAMES.formatted("a.example.org"),
        command.split(" "));
    assertThat(run.status()).as(run::toString).isEqualTo(ExitStatus.UNDECIDED);
    assertThat(run.out()).contains("changed policies name domains");
  }

  @Test
  void theSameDomainNamesChangeNothing() throws IOException {
    String pods = PODS + DECLARED + NAMES.formatted("a.example.org");
    assertThat(run(pods, "# another text\n" + pods, "diff").status()).isEqualTo(ExitStatus.YES);
  }

  @Test
  void nodesWithoutAddressesLeaveItOpen() throws IOException {
    String pods = PODS + DECLARED;
    Run run = run(pods + NODES.formatted("x1"), pods + NODES.formatted("x2"), "diff");
    assertThat(run.status()).as(run::toString).isEqualTo(ExitStatus.UNDECIDED);
    assertThat(run.out()).contains("of some no manifest says the addresses");
  }

  @ParameterizedTest
  @ValueSource(strings = {"diff", "review"})
  void thatServicesDifferIsSaidWherePodsAreTheSame(String command) throws IOException {
    String pods = PODS + DECLARED;
    Run run = run(pods + SERVICE.formatted("8080"), pods + SERVICE.formatted("8081"), command);
    assertThat(run.out())
        .contains("pods and addresses are compared, not Services, which differ: changed a/web");
    assertThat(run(pods + SERVICE.formatted("8080"), pods + SERVICE.formatted("8080"), command)
            .out())
        .doesNotContain("Services");
  }

  @Test
  void thatThereAreNoPodsIsSaid() throws IOException {
    String policy = PODS.substring(PODS.indexOf("apiVersion: networking"));
    Run run = run(DECLARED + policy, DECLARED + policy.replace("ty", "tz"), "diff");
    assertThat(run.out()).contains("there are no pods that the policies could be about");
  }
}
