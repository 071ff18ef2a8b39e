package dev.postern.cli.answer;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.postern.cli.Run;
import dev.postern.cli.console.ExitStatus;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Pods of which no manifest says the address, where rules go by address: text, JSON and exit status say the same. */
class MissingAddressTest {

  private static final String PODS = """
      apiVersion: v1
      kind: Namespace
      metadata: {name: s}
      ---
      apiVersion: apps/v1
      kind: Deployment
      metadata: {name: web, namespace: s}
      spec: {selector: {matchLabels: {app: web}}, template: {metadata: {labels: {app: web}}, spec: {containers: [{name: c, image: x}]}}}
      ---
      apiVersion: apps/v1
      kind: Deployment
      metadata: {name: db, namespace: s}
      spec: {selector: {matchLabels: {app: db}}, template: {metadata: {labels: {app: db}}, spec: {containers: [{name: c, image: x}]}}}
      ---
      """;

  private static final String BLOCK = PODS + """
      apiVersion: networking.k8s.io/v1
      kind: NetworkPolicy
      metadata: {name: db, namespace: s}
      spec: {podSelector: {matchLabels: {app: db}}, ingress: [{from: [{ipBlock: {cidr: %s}}]}]}
      """;

  private static final String DENIED_NETWORKS = PODS + """
      apiVersion: policy.networking.k8s.io/v1alpha1
      kind: AdminNetworkPolicy
      metadata: {name: a}
      spec: {priority: 1, subject: {namespaces: {}}, egress: [{action: Deny, to: [{networks: [%s]}]}]}
      """;

  private static Run can(String manifests, String... options) {
    String[] arguments = {"can", "s/web", "reach", "s/db", "on", "80", "-f", "-"};
    String[] all = new String[arguments.length + options.length];
    System.arraycopy(arguments, 0, all, 0, arguments.length);
    System.arraycopy(options, 0, all, arguments.length, options.length);
    return Run.withInput(manifests, all);
  }

  @Test
  void networksOfAllAddressesDenyThemToo() {
    Run run = can(DENIED_NETWORKS.formatted("0.0.0.0/0, \"::/0\""));
    assertThat(run.status()).isEqualTo(ExitStatus.NO);
    assertThat(run.out()).startsWith("denied").doesNotContain("note:");
    assertThat(can(DENIED_NETWORKS.formatted("0.0.0.0/0")).status()).isEqualTo(ExitStatus.NO);
  }

  @Test
  void aBlockThatTheyCouldBeInIsNamedAndOtherwiseUnknownWhereThatIsAsked() throws IOException {
    for (String manifests :
        new String[] {BLOCK.formatted("10.0.0.0/8"), DENIED_NETWORKS.formatted("10.0.0.0/8")}) {
      Run run = can(manifests);
      assertThat(run.status()).isIn(ExitStatus.YES, ExitStatus.NO);
      assertThat(run.out()).contains("--missing-address=private says unknown");
      Run asked = can(manifests, "--missing-address=private", "-o", "json");
      assertThat(asked.status()).isEqualTo(ExitStatus.UNDECIDED);
      JsonNode json = new ObjectMapper().readTree(asked.out());
      assertThat(json.get("verdict").asText()).isEqualTo("unknown");
      assertThat(json.get("notes").toString()).contains("which address");
    }
  }

  @Test
  void aPublicBlockIsNoReasonForANoteUnlessAllAddressesAreAskedFor() {
    String manifests = BLOCK.formatted("203.0.113.0/24");
    assertThat(can(manifests).out()).startsWith("denied").doesNotContain("missing-address");
    assertThat(can(manifests, "--missing-address=any").status()).isEqualTo(ExitStatus.UNDECIDED);
  }

  @Test
  void statementsSayWhatTheyTakeForGranted(@TempDir Path directory) throws IOException {
    Path statements =
        Files.writeString(directory.resolve("s.postern"), "s/web cannot reach s/db on 80\n");
    Path manifests = Files.writeString(directory.resolve("m.yaml"), BLOCK.formatted("10.0.0.0/8"));
    Run text = Run.of("test", statements.toString(), "-f", manifests.toString());
    assertThat(text.status()).isEqualTo(ExitStatus.YES);
    assertThat(text.out()).contains("note: because a pod without a known address");
    Run json = Run.of("test", statements.toString(), "-f", manifests.toString(), "-o", "json");
    assertThat(new ObjectMapper().readTree(json.out()).at("/0/notes/0").asText())
        .contains("--missing-address=private says unknown");
    Run strict = Run.of(
        "test", statements.toString(), "-f", manifests.toString(), "--missing-address=private");
    assertThat(strict.status()).isEqualTo(ExitStatus.UNDECIDED);
  }

  @Test
  void anotherWordIsBadUsageThatNamesTheChoices() {
    Run run = can(BLOCK.formatted("10.0.0.0/8"), "--missing-address=maybe");
    assertThat(run.status()).isEqualTo(ExitStatus.BAD_INPUT);
    assertThat(run.err()).contains("unmatched, private, any");
  }
}
