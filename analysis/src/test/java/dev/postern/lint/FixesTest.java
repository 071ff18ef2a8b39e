package dev.postern.lint;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.diagnostic.Diagnostic;
import dev.postern.diagnostic.Fix;
import dev.postern.lint.rule.LintInput;
import dev.postern.lint.rule.LintOptions;
import dev.postern.manifest.Loaded;
import dev.postern.manifest.Manifests;
import dev.postern.manifest.ReadOptions;
import dev.postern.manifest.Source;
import dev.postern.policy.Policy;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

/** Fixes take their finding away, change no verdict unless they say so, and leave the rest of the text as it is. */
class FixesTest {

  private static final String HEAD = """
      apiVersion: v1
      kind: Pod
      metadata: {name: web, namespace: shop, labels: {app: web}}
      spec: {containers: [{name: c, image: i}]}
      ---
      apiVersion: networking.k8s.io/v1
      kind: NetworkPolicy
      metadata: {name: web, namespace: shop}
      spec:
      """;

  private static Loaded read(String text) {
    return Manifests.read(
        List.of(Source.text("web.yaml", text)), ReadOptions.DEFAULT.withKeepWritten(true));
  }

  private static List<Diagnostic> lint(String text) {
    Loaded loaded = read(text);
    LintInput input = LintInput.of(loaded, LintOptions.DEFAULT);
    List<Diagnostic> all = new ArrayList<>(Lint.ofReading(loaded, input));
    all.addAll(Lint.of(input));
    return all;
  }

  private static String fix(String text, String... rules) {
    Fixes.Fixed fixed = Fixes.in(
        "web.yaml",
        text,
        lint(text),
        finding ->
            Fixes.isSafe(finding) || List.of(rules).contains(finding.code().id()));
    assertThat(fixed.made()).isNotEmpty();
    for (Diagnostic made : fixed.made()) {
      assertThat(lint(fixed.text())).extracting(Diagnostic::code).doesNotContain(made.code());
    }
    return fixed.text();
  }

  /** What the policies mean, without their places. */
  private static List<String> meaning(String text) {
    return read(text).cluster().policies().stream().map(FixesTest::meaning).toList();
  }

  private static String meaning(Policy policy) {
    return (policy.subject() + " " + policy.isolates().stream().sorted().toList() + policy.ingress()
            + policy.egress())
        .replaceAll("origin=[^,\\])}]*", "");
  }

  @Test
  void noFixIsMadeWhereItWouldChangeWhatAnAliasRepeats() {
    String shared = """
        apiVersion: v1
        kind: List
        items:
        - apiVersion: networking.k8s.io/v1
          kind: NetworkPolicy
          metadata: {name: a, namespace: s}
          spec: &s {podSelector: {}, egress: []}
        - apiVersion: networking.k8s.io/v1
          kind: NetworkPolicy
          metadata: {name: b, namespace: s}
          spec: {<<: *s, ingress: [], egress: [{to: [{ipBlock: {cidr: 10.0.0.0/8}}]}]}
        """;

    assertUntouched(shared);
    assertThat(fix(shared.replaceAll("(?s)- apiVersion[^-]*name: b.*", "")))
        .contains("policyTypes");
  }

  @Test
  void noFixIsMadeAfterWhichTheTextCannotBeRead() {
    assertUntouched("""
        apiVersion: v1
        kind: Pod
        metadata: {name: x, labels: {a: !!int 12, b: &q 1.20}}
        spec: {containers: [{name: c, image: i}]}
        """);
    assertUntouched("""
        {"apiVersion": "networking.k8s.io/v1", "kind": "NetworkPolicy",
         "metadata": {"name": "a", "namespace": "s"}, "spec": {"podSelector": {"app": "web"}}}
        """);
  }

  @Test
  void noFixIsMadeWhereLinesEndOtherwise() {
    String policy = HEAD.substring(HEAD.indexOf("---\n") + 4) + "  podSelector: {app: web}\n";

    assertUntouched(policy.replace('\n', '\r'));
    assertThat(fix(policy)).contains("matchLabels");
  }

  private static void assertUntouched(String text) {
    List<Diagnostic> findings = lint(text);
    assertThat(findings).anyMatch(finding -> finding.fix().isPresent());
    Fixes.Fixed fixed = Fixes.in("web.yaml", text, findings, finding -> true);
    assertThat(fixed.text()).isEqualTo(text);
    assertThat(fixed.made()).isEmpty();
  }

  @Test
  void forgottenMatchLabelsInBlockStyleAreWritten() {
    assertThat(fix(HEAD + """
          podSelector:
            # the database
            app: web   # and its replicas
            tier: back
        """)).isEqualTo(HEAD + """
          podSelector:
            # the database
            matchLabels:
              app: web   # and its replicas
              tier: back
        """);
  }

  @Test
  void forgottenMatchLabelsInFlowStyleAreWritten() {
    assertThat(fix(HEAD + "  podSelector: {app: web, \"tier\": 'back' } # all\n"))
        .isEqualTo(HEAD + "  podSelector: {matchLabels: {app: web, \"tier\": 'back'} } # all\n");
  }

  @Test
  void aLabelThatIsNoStringIsPutInQuotes() {
    assertThat(fix(HEAD + "  podSelector: {matchLabels: {app: web, version: 12, beta: yes}}\n"))
        .isEqualTo(
            HEAD + "  podSelector: {matchLabels: {app: web, version: \"12\", beta: \"yes\"}}\n");
  }

  /** Without its only egress rule such a policy isolates nobody for egress, where nobody was to be reached. */
  @Test
  void aRuleWithAnEmptyListOfPeersIsNotToBeTakenAwayWhereItIsWhatIsolates() {
    assertThat(emptyListHint("  podSelector: {}\n  egress:\n  - to: []\n"))
        .contains("leave the rule out if nobody is, and write `policyTypes: [Ingress, Egress]`");
    assertThat(emptyListHint("  podSelector: {}\n  policyTypes: [Egress]\n  egress:\n  - to: []\n"))
        .endsWith("leave the rule out if nobody is");
    assertThat(emptyListHint("  podSelector: {}\n  ingress:\n  - from: []\n"))
        .endsWith("leave the rule out if nobody is");
  }

  private static String emptyListHint(String spec) {
    return lint(HEAD + spec).stream()
        .filter(finding -> finding.code().id().equals("NP346"))
        .map(Diagnostic::hint)
        .findFirst()
        .orElseThrow();
  }

  @Test
  void aNullListOfPeersIsRemovedAndItsCommentKept() {
    assertThat(fix(HEAD + """
          podSelector: {}
          ingress:
          - from: # everyone
            ports: [{port: 80}]
          - ports: [{port: 81}]
            from:
          - from: ~
        """)).isEqualTo(HEAD + """
          podSelector: {}
          ingress:
          - # everyone
            ports: [{port: 80}]
          - ports: [{port: 81}]
          - {}
        """);
  }

  @Test
  void missingPolicyTypesAreWrittenAsTheyAreMeant() {
    assertThat(fix(HEAD + "  podSelector: {}\n  egress: [{}]\n"))
        .isEqualTo(HEAD + "  policyTypes: [Ingress, Egress]\n  podSelector: {}\n  egress: [{}]\n");
  }

  @Test
  void theStrayDashGoesOnlyWhenAskedFor() {
    String text = HEAD + """
          podSelector: {matchLabels: {app: web}}
          ingress:
          - from:
            - podSelector: {}   # own
          - ports:
            - port: 80
        """;
    assertThat(Fixes.in("web.yaml", text, lint(text), Fixes::isSafe).text()).isEqualTo(text);
    assertThat(fix(text, "NP323")).isEqualTo(text.replace("  - ports", "    ports"));
  }

  @Test
  void linesThatEndInCarriageReturnsStayThat() {
    String text = (HEAD + "  podSelector:\n    app: web\n").replace("\n", "\r\n");
    assertThat(fix(text)).endsWith("    matchLabels:\r\n      app: web\r\n");
  }

  @Property(tries = 200)
  void safeFixesOfEveryLayoutKeepTheMeaningAndEveryOtherLine(
      @ForAll @IntRange(min = 0, max = 3) int first,
      @ForAll @IntRange(min = 0, max = 3) int second,
      @ForAll boolean comments,
      @ForAll boolean indented,
      @ForAll boolean types) {
    String[] rules = {
      "- from:%s\n  ports: [{port: 80}]%s\n",
      "- ports: [{port: 81}]%s\n  from: null%s\n",
      "- from: ~%s\n",
      "- from: [{podSelector: {}}]%s\n"
    };
    String note = comments ? "  # why" : "";
    String list = (rules[first] + rules[second]).replace("%s", note);
    String indent = indented ? "    " : "  ";
    String text =
        HEAD + "  podSelector: {}" + note + "\n" + (types ? "  policyTypes: [Ingress]\n" : "")
            + "  ingress:\n"
            + list.lines().map(line -> indent + line + "\n").collect(Collectors.joining())
            + (types ? "" : "  egress: []\n");
    Fixes.Fixed fixed = Fixes.in("web.yaml", text, lint(text), Fixes::isSafe);

    assertThat(meaning(fixed.text())).isEqualTo(meaning(text));
    assertThat(lint(fixed.text())).noneMatch(Fixes::isSafe);
    assertThat(fixed.made()).allMatch(made -> made.fix().orElseThrow().safety() == Fix.Safety.SAFE);
    assertThat(fixed.text().lines()).noneMatch(line -> line.endsWith("- "));
    List<String> kept = text.lines().filter(line -> !line.contains("from:")).toList();
    assertThat(fixed.text().lines().toList()).containsAll(kept);
  }
}
