package dev.postern.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.cli.Postern;
import dev.postern.cli.Run;
import dev.postern.cli.console.Console;
import dev.postern.cli.console.ExitStatus;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How a team lives with {@code lint}: settings, marks, baselines, changes, charts. */
class LintSelectionTest {

  /** Two warnings: bits after the prefix, in a policy that the API server holds, on line 7, and no pod selector on line 13. */
  private static final String POLICIES = """
      apiVersion: networking.k8s.io/v1
      kind: NetworkPolicy
      metadata: {name: a, namespace: shop, uid: u1}
      spec:
        podSelector: {matchLabels: {app: web}}
        ingress:
        - from: [{ipBlock: {cidr: 10.0.0.1/8}}]
      ---
      apiVersion: networking.k8s.io/v1
      kind: NetworkPolicy
      metadata:
        name: b
        namespace: other
      spec: {ingress: [{}]}
      ---
      apiVersion: v1
      kind: Pod
      metadata: {name: web, namespace: shop, labels: {app: web}}
      spec: {containers: [{name: c}]}
      ---
      apiVersion: v1
      kind: Pod
      metadata: {name: web, namespace: other, labels: {app: web}}
      spec: {containers: [{name: c}]}
      """;

  @TempDir
  private Path directory;

  private String[] base = new String[0];

  @BeforeEach
  void write() throws IOException {
    file("np.yaml", POLICIES);
    base = new String[] {"lint", directory.toString(), "--select", "NP203,NP205,NP4", "-o", "json"};
  }

  private Path file(String name, String text) throws IOException {
    Path file = directory.resolve(name);
    Files.createDirectories(file.getParent());
    return Files.writeString(file, text);
  }

  private Run lint(String... more) {
    String[] arguments = new String[base.length + more.length];
    System.arraycopy(base, 0, arguments, 0, base.length);
    System.arraycopy(more, 0, arguments, base.length, more.length);
    return Run.of(arguments);
  }

  private static Run withPath(String path, String... arguments) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    Console plain = Console.of(new ByteArrayInputStream(new byte[0]), out, err);
    Console console =
        new Console(plain.in(), plain.out(), plain.err(), Map.of("PATH", path), false, false);
    int status = Postern.run(console, arguments);
    return new Run(
        status, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
  }

  @Test
  void selectedRulesAreShownAndOthersAreNot() {
    assertThat(lint().out()).contains("NP203").contains("NP205");
    assertThat(lint("--ignore", "np203").out()).doesNotContain("NP203").contains("NP205");
    assertThat(lint("--select", "half").status()).isEqualTo(ExitStatus.BAD_INPUT);
  }

  @Test
  void severitiesBelowTheThresholdDoNotFail() {
    assertThat(lint().status()).isEqualTo(ExitStatus.NO);
    assertThat(lint("--fail-on", "error").status()).isEqualTo(ExitStatus.YES);
  }

  @Test
  void settingsTurnRulesOffAndMakeThemWorse() throws IOException {
    file(".postern.yaml", "rules: {NP203: off, NP205: error}\n");

    Run run = lint("--fail-on", "error");

    assertThat(run.out()).doesNotContain("NP203").contains("\"severity\" : \"error\"");
    assertThat(run.status()).isEqualTo(ExitStatus.NO);
  }

  @Test
  void settingsRestrictRulesToPathsAndNamespaces() throws IOException {
    file(".postern.yaml", "rules: {NP203: {exclude: np.yaml}}\nnamespaces: {exclude: other}\n");

    assertThat(lint().status()).isEqualTo(ExitStatus.YES);
  }

  @Test
  void badSettingsAreABrokenRun() throws IOException {
    file(".postern.yaml", "rule: {}\n");

    Run run = lint();

    assertThat(run.status()).isEqualTo(ExitStatus.BAD_INPUT);
    assertThat(run.err()).contains("unknown key `rule`").contains("did you mean `rules`?");
  }

  @Test
  void excludedFilesAreNotRead() {
    Run run = lint("--exclude", directory.resolve("np.yaml").toString());

    assertThat(run.status()).isEqualTo(ExitStatus.BAD_INPUT);
    assertThat(run.out() + run.err()).contains("1 excluded file");
  }

  @Test
  void aMarkOnTheLineAboveOrAtItsEndLeavesFindingsAlone() throws IOException {
    file(
        "np.yaml",
        POLICIES
            .replace("  - from", "  # postern:ignore NP203 the firewall's own words\n  - from")
            .replace("[{}]}", "[{}]} # postern:ignore NP205 until 9999-12-31: all of them"));

    Run run = lint();

    assertThat(run.status()).isEqualTo(ExitStatus.YES);
    assertThat(run.out()).doesNotContain("NP");
  }

  @Test
  void anAnnotationIsAboutTheWholeObject() throws IOException {
    file(
        "np.yaml",
        POLICIES.replace(
            "  name: b\n",
            "  name: b\n  annotations: {postern.dev/ignore: \"NP205 everybody is meant\"}\n"));

    assertThat(lint().out()).doesNotContain("NP205").contains("NP203");
  }

  @Test
  void aMarkThatIsNotNeededOutOfDateOrUnreadableIsAFinding() throws IOException {
    file(
        "np.yaml",
        "# postern:ignore NP203 nothing is here\n"
            + POLICIES
                .replace("  - from", "  # postern:ignore NP203 until 2000-01-01 old\n  - from")
                .replace("[{}]}", "[{}]} # postern:ignore NP205"));

    assertThat(lint().out()).contains("NP401", "NP402", "NP403", "NP203", "NP205");
  }

  @Test
  void aMarkForARuleThatIsNotLookedForIsNotUnused() throws IOException {
    file("np.yaml", "# postern:ignore NP310 elsewhere\n" + POLICIES);

    assertThat(lint("--ignore", "NP2").status()).isEqualTo(ExitStatus.YES);
  }

  @Test
  void aBaselineLeavesOutWhatIsKnownThoughLinesMoveAndShowsWhatIsNew() throws IOException {
    Path baseline = directory.resolve("known.json");
    assertThat(lint("--write-baseline", baseline.toString()).status()).isEqualTo(ExitStatus.YES);
    file(
        "np.yaml",
        "# moved\n\n"
            + POLICIES.replace(
                "[{ipBlock: {cidr: 10.0.0.1/8}}]", "[ {ipBlock:  {cidr: 10.0.0.1/8}} ] # so"));
    assertThat(lint("--baseline", baseline.toString()).status()).isEqualTo(ExitStatus.YES);

    file(
        "more.yaml",
        POLICIES.substring(0, POLICIES.indexOf("---")).replace("name: a", "name: new"));
    Run run = lint("--baseline", baseline.toString());

    assertThat(run.status()).isEqualTo(ExitStatus.NO);
    assertThat(run.out()).containsOnlyOnce("\"code\"").contains("more.yaml");
  }

  @Test
  void aSecondFindingLikeAKnownOneIsNew() throws IOException {
    Path baseline = directory.resolve("known.json");
    lint("--write-baseline", baseline.toString());
    String rule = "  - from: [{ipBlock: {cidr: 10.0.0.1/8}}]\n";
    file("np.yaml", POLICIES.replace(rule, rule + rule));

    assertThat(lint("--baseline", baseline.toString()).out()).containsOnlyOnce("\"code\"");
  }

  @Test
  void whatIsNoBaselineIsABrokenRun() throws IOException {
    assertThat(lint("--baseline", file("known.json", "[]").toString()).status())
        .isEqualTo(ExitStatus.BAD_INPUT);
    assertThat(lint("--baseline", directory.resolve("gone").toString()).err())
        .contains("there is no such file");
  }

  private void git(String... arguments) throws IOException, InterruptedException {
    String[] command = new String[arguments.length + 5];
    System.arraycopy(
        new String[] {"git", "-c", "user.name=t", "-c", "user.email=t@example.org"},
        0,
        command,
        0,
        5);
    System.arraycopy(arguments, 0, command, 5, arguments.length);
    Process git = new ProcessBuilder(command)
        .directory(directory.toFile())
        .redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
        .start();
    assertThat(git.waitFor()).isZero();
  }

  @Test
  void onlyFindingsThatAChangeCausesAreShownInUnchangedFilesToo() throws Exception {
    int pods = POLICIES.indexOf("---\napiVersion: v1");
    file("np.yaml", POLICIES.substring(0, pods));
    file("pods.yaml", POLICIES.substring(pods));
    git("init", "-q");
    git("add", ".");
    git("commit", "-q", "-m", "a");
    String path = System.getenv("PATH");
    String[] all = {
      "lint",
      directory.toString(),
      "--changed-since",
      "HEAD",
      "-o",
      "json",
      "--select",
      "NP309,NP2",
      "--fail-on",
      "info"
    };
    assertThat(withPath(path, all).status()).isEqualTo(ExitStatus.YES);

    // With another label on the pod the unchanged policy selects nothing.
    file("pods.yaml", POLICIES.substring(pods).replace("{app: web}", "{app: gone}"));
    Run run = withPath(path, all);

    assertThat(run.status()).isEqualTo(ExitStatus.NO);
    assertThat(run.out()).contains("NP309", "np.yaml").doesNotContain("NP203");
    assertThat(withPath(path, "lint", directory.toString(), "--changed-since", "gone")
            .status())
        .isEqualTo(ExitStatus.BAD_INPUT);
    assertThat(withPath("", all).err()).contains("no `git` on the PATH");
  }

  /** A commit cannot bring a `.git`, but files that look like a bare repository, whose configuration names programs. */
  @Test
  void theConfigurationOfARepositoryInsideTheManifestsRunsNothing() throws Exception {
    file("np.yaml", POLICIES);
    Path ran = directory.resolve("ran");
    git("init", "-q", "--bare", ".");
    // A commit of a file whose content is not there: git asks the remote for it.
    Process commit = new ProcessBuilder("sh", "-c", """
            printf '100644 blob 1111111111111111111111111111111111111111\\tnp.yaml\\n' | git mktree --missing > tree
            git -c user.name=t -c user.email=t@example.org commit-tree -m a "$(cat tree)" > commit
            git update-ref "$(git symbolic-ref HEAD)" "$(cat commit)"
            """)
        .directory(directory.toFile())
        .redirectErrorStream(true)
        .start();
    assertThat(commit.waitFor()).isZero();
    git("config", "core.bare", "false");
    git("config", "core.worktree", ".");
    git("config", "core.repositoryformatversion", "1");
    git("config", "extensions.partialClone", "origin");
    git("config", "remote.origin.promisor", "true");
    git("config", "remote.origin.url", "ext::touch " + ran);
    git("config", "protocol.ext.allow", "always");

    Run run =
        withPath(System.getenv("PATH"), "lint", directory.toString(), "--changed-since", "HEAD");
    assertThat(run.status()).isEqualTo(ExitStatus.BAD_INPUT);
    assertThat(run.err()).contains("postern: error: ").doesNotContain("internal error");
    assertThat(ran).doesNotExist();
  }

  private void tool(String name, String script) throws IOException {
    Path tool = file("bin/" + name, "#!/bin/sh\n" + script);
    assertThat(tool.toFile().setExecutable(true)).isTrue();
  }

  @Test
  void chartsAndKustomizationsAreRenderedByTheUsersTools() throws IOException {
    file("chart/Chart.yaml", "name: c\n");
    file("chart/templates/np.yaml", "{{ x }}\n");
    file("overlay/kustomization.yaml", "resources: []\n");
    file("np.yaml", "{}");
    String policy = POLICIES.substring(0, POLICIES.indexOf("---"));
    tool(
        "helm",
        "[ \"$1 $3\" = 'template .' ] || exit 9\ncat <<'END'\n---\n# Source: c/templates/np.yaml\n"
            + policy + "END\n");
    tool("kustomize", "cat <<'END'\n" + policy.replace("name: a", "name: k") + "END\n");
    String path = directory.resolve("bin") + ":/bin:/usr/bin";

    Run run = withPath(path, "lint", directory.toString(), "--render", "--select", "NP203");

    assertThat(run.status()).isEqualTo(ExitStatus.NO);
    assertThat(run.out())
        .contains(directory.resolve("chart/templates/np.yaml") + " (rendered):9:")
        .contains(directory.resolve("overlay/kustomization.yaml") + " (rendered):7:");
    assertThat(run.err()).doesNotContain("not rendered");
  }

  @Test
  void aToolThatIsNotThereIsNamed() throws IOException {
    file("chart/Chart.yaml", "name: c\n");

    Run run = withPath("", "lint", directory.toString(), "--render");

    assertThat(run.status()).isEqualTo(ExitStatus.BAD_INPUT);
    assertThat(run.err()).contains("there is no `helm` on the PATH");
  }

  @Test
  void aChartThatIsNotRenderedIsAFindingAndTheRestIsLinted() throws IOException {
    file("bad/Chart.yaml", "name: bad\n");
    file("good/Chart.yaml", "name: good\n");
    file("np.yaml", "{}");
    String policy = POLICIES.substring(0, POLICIES.indexOf("---"));
    tool(
        "helm",
        "case $PWD in *bad) echo 'Error: values do not meet the schema' >&2; exit 1 ;; esac\ncat <<'END'\n---\n# Source: good/templates/np.yaml\n"
            + policy + "END\n");
    String path = directory.resolve("bin") + ":/bin:/usr/bin";

    Run run = withPath(path, "lint", directory.toString(), "--render");

    assertThat(run.status()).isEqualTo(ExitStatus.BAD_INPUT);
    assertThat(run.out())
        .contains("values do not meet the schema", "NP101", "chart `" + directory.resolve("bad"))
        .contains("NP203", directory.resolve("good/templates/np.yaml") + " (rendered)");
    Run asked =
        withPath(path, "can", "internet", "reach", "a", "-f", directory.toString(), "--render");
    assertThat(asked.status()).isEqualTo(ExitStatus.BAD_INPUT);
    assertThat(asked.err()).contains("values do not meet the schema");
  }

  @Test
  void aFixIsShownFirstAndThenWrittenWithAllElseKept() throws IOException {
    String text = POLICIES.replace("{matchLabels: {app: web}}", "{app: web}   # web  only");
    Path file = file("np.yaml", text);

    Run shown = Run.of("lint", directory.toString(), "--fix", "--diff", "--select", "NP111");

    assertThat(shown.status()).isEqualTo(ExitStatus.NO);
    assertThat(shown.out())
        .contains(
            "-  podSelector: {app: web}   # web  only\n+  podSelector: {matchLabels: {app: web}}   # web  only\n");
    assertThat(file).hasContent(text);

    Run run = Run.of("lint", directory.toString(), "--fix", "--select", "NP111");

    assertThat(run.err()).contains("fixed 1 finding in 1 file");
    assertThat(run.status()).isEqualTo(ExitStatus.YES);
    assertThat(file).hasContent(text.replace("{app: web}   #", "{matchLabels: {app: web}}   #"));
  }

  @Test
  void aFixThatChangesVerdictsIsWrittenOnlyWhenItsRuleIsNamed() throws IOException {
    String text = POLICIES.replace(
        "  - from: [{ipBlock: {cidr: 10.0.0.1/8}}]",
        "  - from:\n    - namespaceSelector: {matchLabels: {team: a}}\n    - podSelector: {matchLabels: {app: b}}");
    Path file = file("np.yaml", text);

    Run.of("lint", directory.toString(), "--fix", "--select", "NP320");
    assertThat(file).hasContent(text);

    Run.of("lint", directory.toString(), "--fix-rule", "NP320", "--select", "NP320");
    assertThat(file).hasContent(text.replace("    - podSelector", "      podSelector"));
  }

  @Test
  void standardInputCannotBeFixed() {
    assertThat(Run.withInput(POLICIES, "lint", "-f", "-", "--fix").status())
        .isEqualTo(ExitStatus.BAD_INPUT);
  }

  @Test
  void colourIsForTerminals() {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    Console plain = Console.of(new ByteArrayInputStream(new byte[0]), out, out);
    Console terminal = new Console(plain.in(), plain.out(), plain.err(), Map.of(), true, false);

    Postern.run(terminal, "lint", directory.toString(), "--select", "NP203");

    assertThat(out.toString(StandardCharsets.UTF_8))
        .contains(": \u001b[1;33mwarning\u001b[0m: ")
        .contains("\u001b[1;33m^\u001b[0m");
    assertThat(Run.of("lint", directory.toString()).out()).doesNotContain("\u001b");
  }

  @Test
  void quietPrintsFindingsAndNothingElse() throws IOException {
    file("values.yaml", "a: b\n");

    Run run = Run.of("lint", directory.toString(), "--select", "NP203", "--quiet");

    assertThat(run.err()).isEmpty();
    assertThat(run.out()).contains("NP203").doesNotContain("found");
  }

  /** Two policies whose peers miss for the same reason. */
  private static final String ALIKE = """
      apiVersion: v1
      kind: Namespace
      metadata: {name: front}
      ---
      apiVersion: networking.k8s.io/v1
      kind: NetworkPolicy
      metadata: {name: a, namespace: shop}
      spec:
        podSelector: {}
        ingress:
        - from: [{namespaceSelector: {matchLabels: {name: front}}}]
      ---
      apiVersion: networking.k8s.io/v1
      kind: NetworkPolicy
      metadata: {name: b, namespace: shop}
      spec:
        podSelector: {}
        ingress:
        - from: [{namespaceSelector: {matchLabels: {name: front}}}]
      """;

  @Test
  void findingsOfOneCauseAreMarkedAndKnownOneByOneAndShownAsOne() throws IOException {
    Path only = Files.createDirectories(directory.resolve("only"));
    Path file = Files.writeString(only.resolve("np.yaml"), ALIKE);
    String[] peers = {"lint", only.toString(), "--select", "NP310,NP4"};

    assertThat(Run.of(peers).out())
        .contains("(and the same at 1 other place)")
        .contains("found 0 errors and 1 warning");

    Path baseline = directory.resolve("known.json");
    assertThat(Run.of("lint", only.toString(), "--write-baseline", baseline.toString())
            .status())
        .isEqualTo(ExitStatus.YES);
    Files.writeString(
        file,
        ALIKE + "---\n"
            + ALIKE.substring(ALIKE.lastIndexOf("apiVersion")).replace("name: b", "name: c"));
    assertThat(
            Run.of("lint", only.toString(), "--select", "NP310", "--baseline", baseline.toString())
                .out())
        .contains("NetworkPolicy shop/c")
        .doesNotContain("other place")
        .contains("2 known");

    Files.writeString(
        file,
        ALIKE.replaceFirst(
            "(?s)(name: b,.*)  - from", "$1  # postern:ignore NP310 on its way\n  - from"));
    assertThat(Run.of(peers).out())
        .contains("NetworkPolicy shop/a")
        .doesNotContain("other place")
        .doesNotContain("NP401")
        .contains("1 marked to be ignored");
  }

  @Test
  void whatLiesWithTestsIsCountedAndNotReadUnlessItIsNamed() throws IOException {
    file("tests/np.yaml", POLICIES);

    assertThat(Run.of("lint", directory.toString()).err())
        .contains("1 file skipped: 1 file of tests");
    assertThat(Run.of("lint", directory.resolve("tests").toString()).out())
        .contains("tests/np.yaml");
  }
}
