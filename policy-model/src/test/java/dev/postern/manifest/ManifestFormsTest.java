package dev.postern.manifest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.cluster.UnreadPolicy;
import dev.postern.diagnostic.Code;
import dev.postern.diagnostic.Diagnostic;
import dev.postern.policy.Policy;
import dev.postern.policy.Ports;
import dev.postern.selector.Selector;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Lines 27 to 31 of docs/semantics.md: in which forms manifests come, and what is wrong with them. */
class ManifestFormsTest {

  private static final String HEAD = "apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\n";

  private static String policy(String name) {
    return HEAD + "metadata: {name: " + name + ", namespace: shop}\nspec: {podSelector: {}}\n";
  }

  private static Loaded read(String text) {
    return Manifests.read(Source.text("m.yaml", text));
  }

  private static List<String> names(Loaded loaded) {
    return loaded.cluster().policies().stream().map(Policy::id).toList();
  }

  private static List<Code> errors(Loaded loaded) {
    return loaded.diagnostics().stream()
        .filter(Diagnostic::isError)
        .map(Diagnostic::code)
        .toList();
  }

  @Test
  void aTextHoldsAsManyDocumentsAsItLikes() {
    Loaded loaded = read("# a comment\n---\n" + policy("a") + "---\n---\n" + policy("b") + "...\n");
    assertThat(names(loaded)).containsExactly("shop/a", "shop/b");
    assertThat(loaded.hasErrors()).isFalse();
  }

  @Test
  void jsonIsReadAsWellAsYaml() {
    String json = "{\"apiVersion\": \"networking.k8s.io/v1\", \"kind\": \"NetworkPolicy\","
        + " \"metadata\": {\"name\": \"a\", \"namespace\": \"shop\"}, \"spec\": {\"podSelector\": {}}}";
    assertThat(names(Manifests.read(Source.text("m.json", json)))).containsExactly("shop/a");
    assertThat(names(read(json))).containsExactly("shop/a");
  }

  @ParameterizedTest
  @CsvSource({"v1, List", "networking.k8s.io/v1, NetworkPolicyList"})
  void listsAreReadItemByItem(String apiVersion, String kind) {
    String items =
        "- " + policy("a").indent(2).strip() + "\n- " + policy("b").indent(2).strip() + "\n";
    Loaded loaded = read("apiVersion: " + apiVersion + "\nkind: " + kind + "\nitems:\n" + items);
    assertThat(names(loaded)).containsExactly("shop/a", "shop/b");
  }

  @Test
  void directoriesAreReadDownToTheLastYamlYmlAndJson(@TempDir Path directory) throws IOException {
    Path deep = Files.createDirectories(directory.resolve("one/two"));
    Files.writeString(directory.resolve("a.yaml"), policy("a"));
    Files.writeString(directory.resolve("one/b.yml"), policy("b"));
    Files.writeString(
        deep.resolve("c.json"),
        "{\"apiVersion\": \"networking.k8s.io/v1\", \"kind\": \"NetworkPolicy\","
            + " \"metadata\": {\"name\": \"c\", \"namespace\": \"shop\"}, \"spec\": {\"podSelector\": {}}}");
    Files.writeString(directory.resolve("notes.txt"), "this is not: [yaml");
    Loaded loaded = Manifests.load(directory);
    assertThat(names(loaded)).containsExactly("shop/a", "shop/b", "shop/c");
    assertThat(loaded.hasErrors()).isFalse();
  }

  @Test
  void aStreamIsReadToItsEnd() {
    byte[] bytes = policy("a").getBytes(StandardCharsets.UTF_8);
    Loaded loaded = Manifests.read(Source.stream("<stdin>", new ByteArrayInputStream(bytes)));
    assertThat(names(loaded)).containsExactly("shop/a");
    assertThat(loaded.cluster().policies().get(0).origin().file()).isEqualTo("<stdin>");
  }

  @Test
  void whatTheServerAddsIsIgnored() {
    Loaded loaded = read(HEAD + """
        metadata:
          name: a
          namespace: shop
          uid: 123e4567-e89b-12d3-a456-426614174000
          resourceVersion: "12"
          generation: 3
          creationTimestamp: "2026-01-01T00:00:00Z"
          annotations: {kubectl.kubernetes.io/last-applied-configuration: "{}"}
          managedFields: [{manager: kubectl, operation: Apply, fieldsV1: {f:spec: {f:podSelector: {}}}}]
        spec: {podSelector: {}}
        status: {}
        """);
    assertThat(names(loaded)).containsExactly("shop/a");
    assertThat(loaded.diagnostics()).isEmpty();
  }

  @Test
  void documentsOfOtherKindsAreSkippedAndCounted() {
    String other = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: c}\ndata: {anything: goes}\n";
    Loaded loaded =
        read(other + "---\n" + policy("a") + "---\n" + other.replace("name: c", "name: d"));
    assertThat(names(loaded)).containsExactly("shop/a");
    assertThat(loaded.hasErrors()).isFalse();
    assertThat(loaded.skipped().values()).containsExactly(2);
  }

  @Test
  void lineEndsOfWindowsByteOrderMarksAnchorsAndTabsInFlowAreAsYamlSays() {
    assertThat(names(read(("\uFEFF" + policy("a")).replace("\n", "\r\n"))))
        .containsExactly("shop/a");
    assertThat(
            names(read(HEAD + "metadata: {name: a,\tnamespace:\tshop}\nspec: {podSelector: {}}\n")))
        .containsExactly("shop/a");
    Loaded anchored = read(HEAD + """
        metadata: {name: a, namespace: shop}
        spec:
          podSelector: &web {matchLabels: {app: web}}
          ingress: [{from: [{podSelector: *web}]}]
        """);
    assertThat(anchored.hasErrors()).isFalse();
    assertThat(anchored.cluster().policies().get(0).ingress()).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"on", "Off", "yes", "NO", "y", "true", "1", "0777", "1_000", "1e3"})
  void aLabelValueThatYamlDoesNotReadAsTextIsAnError(String value) {
    String text =
        HEAD + "metadata: {name: a, namespace: shop}\nspec: {podSelector: {matchLabels: {app: "
            + value + "}}}\n";
    assertThat(read(text).hasErrors()).isTrue();
    assertThat(read(text.replace("app: " + value, "app: \"" + value + "\"")).hasErrors())
        .isFalse();
  }

  @ParameterizedTest
  @CsvSource({"0777, 511", "0x50, 80", "1_000, 1000"})
  void numbersAreAsYaml11HasThem(String written, int port) {
    Loaded loaded = read(HEAD
        + "metadata: {name: a, namespace: shop}\nspec: {podSelector: {}, ingress: [{ports: [{port: "
        + written + "}]}]}\n");
    Ports.AnyOf ports =
        (Ports.AnyOf) loaded.cluster().policies().get(0).ingress().get(0).ports();
    assertThat(((Ports.Numbered) ports.matches().get(0)).ports().toString())
        .isEqualTo(Integer.toString(port));
  }

  @Test
  void ofAKeyWrittenTwiceTheLastCountsWithAWarningThatNamesTheFirst() {
    Loaded loaded = read(
        HEAD
            + "metadata: {name: a, namespace: shop}\nspec:\n  podSelector: {}\n  podSelector: {matchLabels: {a: b}}\n");
    assertThat(loaded.diagnostics()).singleElement().satisfies(diagnostic -> {
      assertThat(diagnostic.code()).isEqualTo(Code.REPEATED_KEY);
      assertThat(diagnostic.origin().line()).isEqualTo(6);
      assertThat(diagnostic.message()).contains("podSelector", "line 5");
    });
    assertThat(loaded.cluster().policies().get(0).subject().pods())
        .isEqualTo(Selector.equal("a", "b"));
  }

  @Test
  void anUnknownFieldIsAnErrorThatNamesTheNearest() {
    Loaded loaded = read(HEAD + "metadata: {name: a, namespace: shop}\nspec:\n  podSelecter: {}\n");
    assertThat(errors(loaded)).contains(Code.UNKNOWN_FIELD);
    assertThat(loaded.diagnostics().get(0).hint()).contains("podSelector");
  }

  @Test
  void labelsWrittenStraightIntoASelectorAreAnErrorWithTheFix() {
    Loaded loaded =
        read(HEAD + "metadata: {name: a, namespace: shop}\nspec: {podSelector: {role: app}}\n");
    assertThat(loaded.diagnostics().get(0).hint()).contains("matchLabels").contains("role: app");
    assertThat(loaded.cluster().policies()).isEmpty();
  }

  @Test
  void aliasBombsDepthAndSizeAreErrorsNotCrashes() {
    StringBuilder bomb = new StringBuilder(
        "apiVersion: v1\nkind: Namespace\nmetadata: {name: a}\nx0: &x0 [a, a, a, a, a, a, a, a, a]\n");
    for (int i = 1; i < 12; i++) {
      bomb.append("x")
          .append(i)
          .append(": &x")
          .append(i)
          .append(" [")
          .append(("*x" + (i - 1) + ", ").repeat(9))
          .append("]\n");
    }
    assertThat(errors(read(bomb.toString()))).contains(Code.LIMIT);
    assertThat(errors(read("a: " + "[".repeat(10_000) + "]".repeat(10_000)))).contains(Code.LIMIT);
    Loaded large = Manifests.read(
        List.of(Source.text("m.yaml", policy("a"))),
        ReadOptions.DEFAULT.withLimits(new ReadLimits(20, 100, 1000)));
    assertThat(large.hasErrors()).isTrue();
  }

  @Test
  void badInputNeverLosesTheGoodAndAllProblemsComeInOneRun() {
    Loaded loaded = read(policy("a") + "---\n" + HEAD
        + "metadata: {name: b}\nspec: {podSelector: []}\n---\n: [broken\n---\n" + policy("c")
        + "---\n" + HEAD + "metadata: {name: d}\nspec: {podSelector: {}, ingres: []}\n");
    assertThat(names(loaded)).containsExactly("shop/a", "shop/c");
    assertThat(errors(loaded)).contains(Code.WRONG_TYPE, Code.YAML_SYNTAX, Code.UNKNOWN_FIELD);
  }

  @Test
  void failFastStopsAtTheFirstDocumentWithAnError() {
    String bad = HEAD + "metadata: {name: b}\nspec: {podSelector: []}\n";
    Loaded loaded = Manifests.read(
        List.of(Source.text("m.yaml", bad + "---\n" + bad)),
        ReadOptions.DEFAULT.withFailFast(true));
    assertThat(errors(loaded)).hasSize(1);
    assertThat(errors(read(bad + "---\n" + bad.replace("name: b", "name: c")))).hasSize(2);
  }

  @Test
  void theSameObjectTwiceIsAnErrorThatNamesBothPlaces() {
    Loaded loaded = Manifests.read(
        Source.text("one.yaml", policy("a")),
        Source.text("two.yaml", policy("b") + "---\n" + policy("a")));
    assertThat(loaded.diagnostics()).singleElement().satisfies(diagnostic -> {
      assertThat(diagnostic.code()).isEqualTo(Code.DUPLICATE_OBJECT);
      assertThat(diagnostic.toString()).contains("two.yaml:6:").contains("one.yaml:1:");
    });
  }

  @Test
  void theSameNameInAnotherNamespaceOrOfAnotherKindIsAnotherObject() {
    String namespace = "apiVersion: v1\nkind: Namespace\nmetadata: {name: a}\n";
    assertThat(
            read(policy("a") + "---\n" + policy("a").replace("shop", "ops") + "---\n" + namespace)
                .hasErrors())
        .isFalse();
  }

  @Test
  void anObjectWithoutNamespaceLiesInDefaultOrWhereTheReaderIsTold() {
    String text = HEAD + "metadata: {name: a}\nspec: {podSelector: {}}\n";
    assertThat(names(read(text))).containsExactly("default/a");
    Loaded told = Manifests.read(
        List.of(Source.text("m.yaml", text)), ReadOptions.DEFAULT.withNamespace("shop"));
    assertThat(names(told)).containsExactly("shop/a");
    assertThat(names(Manifests.read(
            List.of(Source.text("m.yaml", policy("b"))), ReadOptions.DEFAULT.withNamespace("ops"))))
        .containsExactly("shop/b");
  }

  private static String template(String objects) {
    return "apiVersion: template.openshift.io/v1\nkind: Template\nmetadata: {name: t}\nobjects:\n"
        + objects;
  }

  private static String item(String policy) {
    return "- " + policy.indent(2).strip() + "\n";
  }

  @Test
  void objectsInATemplateAreReadAndThoseWithParametersAreNamed() {
    Loaded loaded = read(
        template(
            item(policy("a"))
                + item(policy("b")
                    .replace("{podSelector: {}}", "{podSelector: {matchLabels: {app: '${APP}'}}}"))
                + "- {apiVersion: v1, kind: Service, metadata: {name: '${APP}', namespace: shop}, spec: {}}\n"));

    assertThat(names(loaded)).containsExactly("shop/a");
    assertThat(loaded.hasErrors()).isFalse();
    assertThat(loaded.diagnostics())
        .extracting(Diagnostic::code)
        .containsExactly(Code.OPEN_PARAMETERS, Code.OPEN_PARAMETERS);
    assertThat(loaded.cluster().unread()).singleElement().satisfies(policy -> {
      assertThat(policy).hasToString("NetworkPolicy shop/b");
      assertThat(policy.cause()).isEqualTo(UnreadPolicy.Cause.PARAMETERS);
      assertThat(policy.matters()).isTrue();
      assertThat(policy.subject().pods()).isEqualTo(Selector.EVERYTHING);
    });
    assertThat(loaded.skipped()).containsEntry("Service", 1);
  }

  @Test
  void aPolicyOfATemplateWhoseNamespaceOrKindIsOpenMayBeAboutAnyPod() {
    String anywhere = policy("a").replace("namespace: shop", "namespace: '${{NS}}'");
    String anything = policy("b").replace("kind: NetworkPolicy", "kind: '${KIND}'");

    Loaded loaded = read(template(item(anywhere) + item(anything)));

    assertThat(loaded.cluster().unread())
        .hasSize(2)
        .allSatisfy(policy -> assertThat(policy.subject()).isEqualTo(UnreadPolicy.ANY_POD));
  }

  @Test
  void aTemplateInADirectoryIsNoHelmTemplate(@TempDir Path directory) throws IOException {
    Files.writeString(
        directory.resolve("t.yaml"),
        template("- apiVersion: apps/v1\n  kind: Deployment\n  metadata: {name: d}\n  spec:\n"
            + "    replicas: ${{REPLICAS}}\n" + item(policy("a"))));

    assertThat(names(Manifests.load(directory))).containsExactly("shop/a");
  }

  @Test
  void aJsonFileHoldsAsManyObjectsAsItLikes(@TempDir Path directory) throws IOException {
    String one = "{\"apiVersion\": \"networking.k8s.io/v1\", \"kind\": \"NetworkPolicy\","
        + " \"metadata\": {\"name\": \"%s\", \"namespace\": \"shop\"}, \"spec\": {\"podSelector\": {}}}";
    for (String between : List.of("", " ", "\n", "\n\n")) {
      String stream = one.formatted("a") + between + one.formatted("b");
      Files.writeString(directory.resolve("stream.json"), stream);

      assertThat(names(Manifests.load(directory))).containsExactly("shop/a", "shop/b");
      assertThat(names(read(stream))).containsExactly("shop/a", "shop/b");
    }
  }

  @Test
  void aJsonStreamThatBeginsWithAnotherValueIsReadToItsEnd(@TempDir Path directory)
      throws IOException {
    Files.writeString(
        directory.resolve("stream.json"),
        "{\"note\": 1}\n{\"apiVersion\": \"v1\", \"kind\": \"Namespace\", \"metadata\": {\"name\": \"shop\"}}\n");

    assertThat(errors(Manifests.load(directory))).containsExactly(Code.NOT_AN_OBJECT);
    assertThat(Manifests.load(directory).cluster().namespaces()).containsKey("shop");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "apiVersion: v1\nkind: List\nitems: []\n",
        "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n",
        "apiVersion: template.openshift.io/v1\nkind: Template\nmetadata: {name: t}\nobjects: []\n"
      })
  void whereNothingIsReadThatIsAnError(String text) {
    assertThat(errors(read(text))).containsExactly(Code.NOTHING_TO_READ);
  }

  @ParameterizedTest
  @ValueSource(strings = {"{a: b}", "text", "7", "true"})
  void itemsThatAreNoListAreAnErrorAndNoEmptyList(String items) {
    for (String kind : List.of("v1\nkind: List", "networking.k8s.io/v1\nkind: NetworkPolicyList")) {
      Loaded loaded =
          Manifests.read(Source.text("p.yaml", "apiVersion: " + kind + "\nitems: " + items + "\n"));
      assertThat(loaded.diagnostics()).extracting(Diagnostic::code).contains(Code.WRONG_TYPE);
    }
  }
}
