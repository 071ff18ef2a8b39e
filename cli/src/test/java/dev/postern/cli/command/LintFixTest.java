package dev.postern.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.cli.Run;
import dev.postern.cli.console.ExitStatus;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code lint --fix} writes what is certain, {@code --diff} shows it, and what changes verdicts has to be asked for by name. */
class LintFixTest {

  private static final String POD = """
      apiVersion: v1
      kind: Pod
      metadata: {name: web, namespace: shop, labels: {app: web}}
      spec: {containers: [{name: c, image: i, ports: [{containerPort: 80}]}]}
      ---
      """;

  private static final String POLICY = """
      apiVersion: networking.k8s.io/v1
      kind: NetworkPolicy
      metadata: {name: web, namespace: shop}
      spec:
        podSelector:   # the shop
          app: web
        policyTypes: [Ingress]
        ingress:
        - from:
          - podSelector: {}
        - ports:
          - port: 80
      """;

  @TempDir
  private Path directory;

  private Path file;

  @BeforeEach
  void write() throws IOException {
    file = directory.resolve("web.yaml");
    Files.writeString(file, POD + POLICY);
  }

  @Test
  void diffShowsThePatchAndChangesNothing() throws IOException {
    Run run = Run.of("lint", file.toString(), "--diff");

    assertThat(run.status()).isEqualTo(ExitStatus.NO);
    assertThat(run.out()).contains("""
         spec:
           podSelector:   # the shop
        -    app: web
        +    matchLabels:
        +      app: web
           policyTypes: [Ingress]
        """);
    assertThat(Files.readString(file)).isEqualTo(POD + POLICY);
  }

  @Test
  void fixWritesItAndShowsWhatIsLeft() throws IOException {
    Run run = Run.of("lint", file.toString(), "--fix");

    assertThat(run.err()).contains("postern: fixed 1");
    assertThat(run.status()).isEqualTo(ExitStatus.NO);
    assertThat(run.out()).contains("[NP323]").doesNotContain("[NP111]");
    assertThat(Files.readString(file))
        .isEqualTo(POD + POLICY.replace("    app: web\n", "    matchLabels:\n      app: web\n"));
  }

  @Test
  void whatChangesVerdictsIsMadeWhenItsRuleIsNamed() throws IOException {
    Run.of("lint", file.toString(), "--fix");
    Run run = Run.of("lint", file.toString(), "--fix-rule", "NP323");

    assertThat(run.status()).isEqualTo(ExitStatus.YES);
    assertThat(Files.readString(file)).contains("    ports:\n    - port: 80\n");
  }

  /** JSON, and what has aliases or other line breaks, stays as it is: that is said, and is no success. */
  @Test
  void whatIsLeftIsSaidForEachFile() throws IOException {
    String json = """
        {"apiVersion": "networking.k8s.io/v1", "kind": "NetworkPolicy", "metadata": {"name": "j", "namespace": "shop"},
         "spec": {"podSelector": {"app": "web"}, "policyTypes": ["Ingress"]}}
        """;
    Files.delete(file);
    Path inJson = Files.writeString(directory.resolve("a.json"), json);
    Path aliases = Files.writeString(
        directory.resolve("b.yaml"),
        POLICY
            .replace("app: web", "app: &w web")
            .replace("podSelector: {}", "podSelector: {matchLabels: {app: *w}}"));
    String first = "postern: " + inJson + ": 1 fix not made: it is JSON\n";
    String second = "postern: " + aliases
        + ": 1 fix not made: it has aliases, which say the same again elsewhere\n";

    Run diff = Run.of("lint", directory.toString(), "--diff");
    assertThat(diff.status()).isEqualTo(ExitStatus.NO);
    assertThat(diff.out()).isEmpty();
    assertThat(diff.err()).contains(first, second);

    Run fix = Run.of("lint", directory.toString(), "--fix");
    assertThat(fix.status()).isEqualTo(ExitStatus.NO);
    assertThat(fix.err()).contains(first, second).doesNotContain("postern: fixed");
    assertThat(Files.readString(inJson)).isEqualTo(json);

    Files.writeString(file, POD + POLICY);
    Run asJson = Run.of("lint", directory.toString(), "--fix", "-o", "json");
    assertThat(asJson.err()).contains("postern: fixed 1 finding in 1 file", first, second);
    assertThat(asJson.out())
        .contains("\"fixed\" : 1", "\"why\" : \"it is JSON\"")
        .contains("\"notFixed\"");
  }

  @Test
  void aDataplaneThatEnforcesNothingIsSaidAndAnUnknownOneIsBadUsage() throws IOException {
    Run.of("lint", file.toString(), "--fix");

    assertThat(Run.of("lint", file.toString(), "--dataplane", "flannel").out())
        .contains("flannel does not enforce NetworkPolicy");
    assertThat(Run.of("lint", file.toString(), "--dataplane", "all").out())
        .contains("kubenet does not enforce NetworkPolicy");
    Run unknown = Run.of("lint", file.toString(), "--dataplane", "cilum");
    assertThat(unknown.status()).isEqualTo(ExitStatus.BAD_INPUT);
    assertThat(unknown.err()).contains("did you mean `cilium`?");
  }

  @Test
  void aClosedInputSaysWhoIsNotThere() throws IOException {
    Files.writeString(
        file,
        POD
            + POLICY
                .replace("    app: web", "    matchLabels: {app: web}")
                .replace("podSelector: {}", "podSelector: {matchLabels: {app: gone}}"));

    assertThat(Run.of("lint", file.toString()).out()).doesNotContain("[NP310]");
    assertThat(Run.of("lint", file.toString(), "--closed").out()).contains("[NP310]");
  }
}
