package dev.postern.cli.difference;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.cli.Run;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DiffCommandTest {

  private static final String PODS = """
      apiVersion: v1
      kind: Pod
      metadata: {name: web, namespace: shop, labels: {app: web}}
      spec: {containers: [{name: c}]}
      status: {podIP: 10.0.0.1}
      ---
      apiVersion: v1
      kind: Pod
      metadata: {name: db, namespace: shop, labels: {app: db}}
      spec: {containers: [{name: c}]}
      status: {podIP: 10.0.0.2}
      ---
      apiVersion: networking.k8s.io/v1
      kind: NetworkPolicy
      metadata: {name: db, namespace: shop}
      spec: {podSelector: {matchLabels: {app: db}}, ingress: [{from: [{podSelector: {matchLabels: {app: web}}}], ports: [{port: %d}]}]}
      """;

  @TempDir
  Path directory;

  private Path old;
  private Path now;

  @BeforeEach
  void twoVersions() throws IOException {
    old = Files.writeString(directory.resolve("old.yaml"), PODS.formatted(5432));
    now = Files.writeString(directory.resolve("new.yaml"), PODS.formatted(5433));
  }

  @Test
  void aMovedPortOpensOneAndClosesTheOther() {
    Run run = Run.of("diff", old.toString(), now.toString());
    assertThat(run.status()).isEqualTo(1);
    assertThat(run.out())
        .isEqualTo("+ shop/web -> shop/db on tcp/5433\n"
            + "    ingress: shop/db ingress[0] (" + now + ":16:57)\n"
            + "- shop/web -> shop/db on tcp/5432\n"
            + "    ingress: no rule allows it, and these isolate: shop/db (" + now
            + ":13:1); before: shop/db ingress[0] (" + old + ":16:57)\n");
  }

  @Test
  void equalManifestsEndWithZero() {
    Run run = Run.of("diff", old.toString(), old.toString());
    assertThat(run.status()).isZero();
    assertThat(run.out()).isEqualTo("no traffic is opened or closed\n");
  }

  @Test
  void aPipelineMayDemandThatNothingIsOpened() throws IOException {
    Path closed = Files.writeString(
        directory.resolve("closed.yaml"), PODS.formatted(5432).replaceAll(", ingress.*", "}"));
    assertThat(Run.of("diff", "--assert", "no-new-access", old.toString(), closed.toString())
            .status())
        .isZero();
    assertThat(Run.of("diff", "--assert", "no-new-access", closed.toString(), old.toString())
            .status())
        .isEqualTo(1);
    assertThat(Run.of("diff", "--assert", "nothing", closed.toString(), old.toString())
            .status())
        .isEqualTo(2);
  }

  @Test
  void jsonHoldsBothSidesAndTheTraffic() {
    Run run = Run.of("diff", "-o", "json", old.toString(), now.toString());
    assertThat(run.out().replaceAll("\\s", ""))
        .contains(
            "\"equal\":false",
            "\"src\":{\"words\":\"shop/web\"",
            "{\"protocol\":\"TCP\",\"ports\":[5433,5433]}");
  }

  @Test
  void markdownAndHtmlShowTheSameRows() {
    assertThat(Run.of("diff", "-o", "md", old.toString(), now.toString()).out())
        .contains("| shop/web | shop/db | tcp/5433 |");
    assertThat(Run.of("diff", "-o", "html", old.toString(), now.toString()).out())
        .contains("\"from\":\"shop/web\",\"to\":\"shop/db\",\"traffic\":\"tcp/5433\"");
  }

  @Test
  void aMissingFileIsBadInput() {
    Run run = Run.of("diff", old.toString(), directory.resolve("none.yaml").toString());
    assertThat(run.status()).isEqualTo(2);
    assertThat(run.err()).contains("none.yaml", "what has an error is left out of the answer");
  }

  @Test
  void nothingIsProvedOfManifestsWithErrors() throws IOException {
    Path bad = Files.writeString(directory.resolve("bad.yaml"), "kind: NetworkPolicy\n");
    Run run = Run.of("diff", "--open", bad.toString(), bad.toString());
    assertThat(run.status()).isEqualTo(2);
    assertThat(run.out()).isEmpty();
    assertThat(run.err()).contains("which proves nothing");
  }

  @Test
  void anOpenComparisonSpeaksOfSelectorsAndShowsAPodThatWouldDo() {
    Run run = Run.of("diff", "--open", old.toString(), now.toString());
    assertThat(run.status()).isEqualTo(1);
    assertThat(run.out().replaceAll("/[^ ]*/(\\w+)\\.yaml", "$1.yaml")).isEqualTo("""
        + pods app=web in namespace shop -> pods app=db in namespace shop on tcp/5433
            e.g. a pod app=web in namespace shop -> a pod app=db in namespace shop on tcp/5433
            ingress: shop/db ingress[0] (new.yaml:16:57)
        - pods app=web in namespace shop -> pods app=db in namespace shop on tcp/5432
            e.g. a pod app=web in namespace shop -> a pod app=db in namespace shop on tcp/5432
            ingress: no rule allows it, and these isolate: shop/db (new.yaml:13:1); before: shop/db ingress[0] (old.yaml:16:57)
        """);
  }

  @Test
  void anOpenComparisonProvesEqualWhatIsWrittenOtherwise() throws IOException {
    Path same = Files.writeString(
        directory.resolve("same.yaml"),
        PODS.formatted(5432)
            .replace(
                "{matchLabels: {app: web}}}],",
                "{matchExpressions: [{key: app, operator: In, values: [web]}]}}],"));
    Run run = Run.of("diff", "--open", "--assert", "equal", old.toString(), same.toString());
    assertThat(run.out())
        .isEqualTo("proved: no traffic is opened or closed, whichever pods come\n");
    assertThat(run.status()).isZero();
  }

  @Test
  void aGapThatNobodyUsesYetFailsAnOpenAssertionOnly() throws IOException {
    Path wide = Files.writeString(
        directory.resolve("wide.yaml"),
        PODS.formatted(5432)
            .replace("from: [{podSelector", "from: [{namespaceSelector: {}, podSelector"));
    assertThat(Run.of("diff", "--assert", "no-new-access", old.toString(), wide.toString())
            .status())
        .isZero();
    Run open =
        Run.of("diff", "--open", "--assert", "no-new-access", old.toString(), wide.toString());
    assertThat(open.status()).isEqualTo(1);
    assertThat(open.out())
        .startsWith(
            "+ pods app=web outside namespace shop -> pods app=db in namespace shop on tcp/5432\n"
                + "    e.g. a pod app=web in a new namespace -> a pod app=db in namespace shop on tcp/5432\n");
    assertThat(
            Run.of("diff", "--open", "--assert", "no-new-access", wide.toString(), old.toString())
                .status())
        .isZero();
  }

  @Test
  void aNewNamespaceWhoseNameAPolicyAsksForIsSaidByName() throws IOException {
    Path named = Files.writeString(
        directory.resolve("named.yaml"),
        PODS.formatted(5432)
            .replace(
                "from: [{podSelector",
                "from: [{namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: newsroom}}, podSelector"));
    assertThat(Run.of("diff", "--open", old.toString(), named.toString()).out())
        .contains("    e.g. a pod app=web in a new namespace newsroom -> a pod app=db");
  }

  @Test
  void whatZ3GivesUpIsUndecidedAndNeverAYes() {
    for (String demand : new String[] {"equal", "no-new-access"}) {
      Run run = Run.of(
          "diff", "--open", "--rlimit", "1", "--assert", demand, old.toString(), now.toString());
      assertThat(run.status()).isEqualTo(3);
      assertThat(run.out()).startsWith("unknown whether");
    }
  }

  @Test
  void anOpenComparisonComesInEveryFormat() {
    assertThat(
            Run.of("diff", "--open", "-o", "md", old.toString(), now.toString()).out())
        .contains(
            "| pods app=web in namespace shop | pods app=db in namespace shop | tcp/5433 | a pod app=web");
    assertThat(Run.of("diff", "--open", "-o", "html", old.toString(), now.toString())
            .out())
        .contains("\"from\":\"pods app=web in namespace shop\"", "\"example\":\"a pod app=web");
    assertThat(Run.of("diff", "--open", "-o", "json", old.toString(), now.toString())
            .out()
            .replaceAll("\\s", ""))
        .contains(
            "\"open\":true",
            "\"equal\":false",
            "\"namespaces\":\"kubernetes.io/metadata.name=shop\",\"pods\":\"app=web\"",
            "\"extent\":\"whole\"",
            "\"before\":\"denied\",\"after\":\"allowed\"");
  }

  @Test
  void theChoicesOfADataplaneCountHereToo() throws IOException {
    Path one = Files.writeString(
        directory.resolve("one.yaml"),
        PODS.formatted(5432)
            .replace("{podSelector: {matchLabels: {app: web}}}", "{ipBlock: {cidr: 10.0.0.1/32}}"));
    Path none = Files.writeString(
        directory.resolve("none-at-all.yaml"),
        PODS.formatted(5432)
            .replace("{podSelector: {matchLabels: {app: web}}}", "{ipBlock: {cidr: 10.0.0.9/32}}"));
    assertThat(Run.of("diff", one.toString(), none.toString()).out()).contains("shop/web");
    assertThat(Run.of("diff", "--ip-block-matches-pods", "false", one.toString(), none.toString())
            .out())
        .doesNotContain("shop/web");
  }

  @Test
  void twoSetsStandToEachOtherAsIsDemanded() throws IOException {
    String free = PODS.substring(0, PODS.lastIndexOf("---"));
    Path without = Files.writeString(directory.resolve("without.yaml"), free);
    // db is isolated in the old set: what it takes is explicit, and all else is not.
    assertThat(Run.of("diff", "--assert", "contains", old.toString(), without.toString())
            .status())
        .isZero();
    assertThat(Run.of("diff", "--assert", "permits", old.toString(), without.toString())
            .status())
        .isZero();
    assertThat(Run.of("diff", "--assert", "no-interference", old.toString(), without.toString())
            .status())
        .isEqualTo(1);
    assertThat(Run.of("diff", "--assert", "permits", old.toString(), now.toString())
            .status())
        .isEqualTo(1);
    assertThat(Run.of("diff", "--assert", "contains", without.toString(), old.toString())
            .status())
        .isEqualTo(1);
    // The set without policies is explicit about nothing.
    assertThat(Run.of("diff", "--assert", "permits", without.toString(), old.toString())
            .status())
        .isZero();
    assertThat(Run.of("diff", "--open", "--assert", "permits", old.toString(), now.toString())
            .err())
        .contains("--open proves equal and no-new-access");
  }

  @Test
  void csvAndDotHaveEveryRow() {
    assertThat(Run.of("diff", "-o", "csv", old.toString(), now.toString()).out())
        .contains("\r\nopened,shop/web,shop/db,tcp/5433,")
        .contains("\r\nclosed,shop/web,shop/db,tcp/5432,");
    assertThat(Run.of("diff", "-o", "dot", old.toString(), now.toString()).out())
        .contains("\"shop/web\" -> \"shop/db\" [label=\"opened: tcp/5433\", style=bold")
        .contains("[label=\"closed: tcp/5432\", style=dashed")
        .contains("tooltip=\"ingress: shop/db ingress[0] (" + now + ":16:57)\"");
  }

  @Test
  void aSetMayForbidWhatAnotherLetsPassExplicitly() throws IOException {
    Run none = Run.of("diff", "--assert", "forbids", old.toString(), now.toString());
    assertThat(none.status()).isZero();
    assertThat(none.out()).isEqualTo("nothing passes that " + old + " lets pass explicitly\n");

    Run same = Run.of("diff", "--assert", "forbids", old.toString(), old.toString());
    assertThat(same.status()).isEqualTo(1);
    assertThat(same.out())
        .isEqualTo("= shop/web -> shop/db on tcp/5432\n    egress:  no policy applies\n"
            + "    ingress: shop/db ingress[0] (" + old + ":16:57)\n");
    assertThat(Run.of("diff", "--assert", "forbids", "-o", "json", old.toString(), old.toString())
            .out())
        .contains("\"forbidden\"", "\"passing\"", "shop/web", "\"perhaps\"");
    assertThat(Run.of("diff", "--assert", "forbids", "-o", "dot", old.toString(), old.toString())
            .status())
        .isEqualTo(2);
    assertThat(Run.of("diff", "--assert", "forbids", "--open", old.toString(), old.toString())
            .status())
        .isEqualTo(2);
  }

  @Test
  void whatMayBeForbiddenOrNotIsUndecided() throws IOException {
    Path unread = Files.writeString(
        directory.resolve("unread.yaml"),
        PODS.formatted(5433)
            + "---\napiVersion: projectcalico.org/v3\nkind: GlobalNetworkPolicy\nmetadata: {name: all}\nspec: {}\n");
    Run run = Run.of("diff", "--assert", "forbids", old.toString(), unread.toString());
    assertThat(run.status()).isEqualTo(3);
    assertThat(run.out()).startsWith("? shop/web -> shop/db on tcp/5432\n");
    assertThat(Run.of("diff", "--assert", "forbids", unread.toString(), now.toString())
            .status())
        .isNotZero();
  }
}
