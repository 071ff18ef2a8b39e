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
import org.junit.jupiter.api.Test;

/** Which findings {@code lint} shows: settings, marks, baselines. */
class LintSelectionTest extends LintedDirectory {

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
