package dev.postern.policytest;

import static dev.postern.policytest.PolicyAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.postern.cluster.Cluster;
import dev.postern.manifest.Loaded;
import dev.postern.manifest.Manifests;
import dev.postern.manifest.Source;
import dev.postern.question.BadSentence;
import dev.postern.verify.Verifier;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PolicyAssertionsTest {

  private static final Cluster SHOP =
      Manifests.load(Path.of("../examples/shop")).cluster();

  @TempDir
  private Path directory;

  @Test
  void whatHoldsPasses() {
    assertThat(SHOP)
        .from("shop/frontend")
        .canReach("shop/db")
        .on(5432)
        .from("namespace monitoring")
        .cannotReach("shop/db")
        .on("tcp/5432")
        .from("internet")
        .cannotReach("shop/db")
        .onAnyPort()
        .holds("only shop/frontend can reach shop/db on 5432");
    assertThat(Verifier.of(SHOP).inNamespace("shop"))
        .from("frontend")
        .canReach("db")
        .on(5432);
  }

  @Test
  void whatDoesNotPassFailsWithTheReasonsAndWhatWouldAllowIt() {
    assertThatThrownBy(
            () -> assertThat(SHOP).from("shop/cart").canReach("shop/db").on(5432))
        .isInstanceOf(AssertionError.class)
        .hasMessageStartingWith(
            "shop/cart can reach shop/db on 5432: does not hold: nothing of it passes\n")
        .hasMessageContaining("shop/cart")
        .hasMessageContaining("does not pass\n")
        .hasMessageContaining("    ingress: no rule allows it, and these isolate: ")
        .hasMessageContaining("not allowed by shop/allow-frontend-to-db ingress[0] (")
        .hasMessageContaining("db.yaml:")
        .hasMessageContaining("    to allow it:\n      ");
  }

  @Test
  void whatPassesFailsWhereItMustNotAndIsDescribedAsTheTestDoes() {
    assertThatThrownBy(() -> assertThat(SHOP)
            .as("the database")
            .from("shop/frontend")
            .cannotReach("shop/db")
            .on(5432))
        .isInstanceOf(AssertionError.class)
        .hasMessageStartingWith(
            "[the database] shop/frontend cannot reach shop/db on 5432: does not hold: ")
        .hasMessageContaining("shop/allow-frontend-to-db ingress[0]")
        .hasMessageContaining("    to deny it:\n");
  }

  @Test
  void whatAPodToComeCouldDoFailsWithAPodThatShowsIt() {
    assertThat(SHOP).from("namespace monitoring").canNeverReach("shop/db").on(5432);
    assertThatThrownBy(() -> assertThat(SHOP)
            .from("any pod in namespace shop")
            .canNeverReach("shop/db")
            .on(5432))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("does not hold: a pod that ");
  }

  @Test
  void whatIsUndecidedFailsEitherWay() {
    Cluster cluster = Manifests.read(Source.text("cilium.yaml", """
            apiVersion: v1
            kind: Pod
            metadata: {name: a, namespace: lab, labels: {app: a}}
            spec: {containers: [{name: c, image: i}]}
            ---
            apiVersion: v1
            kind: Pod
            metadata: {name: b, namespace: lab, labels: {app: b}}
            spec: {containers: [{name: c, image: i}]}
            ---
            apiVersion: cilium.io/v2
            kind: CiliumNetworkPolicy
            metadata: {name: p, namespace: lab}
            spec: {endpointSelector: {matchLabels: {app: b}}, ingress: [{}]}
            """)).cluster();
    for (String mood : new String[] {"can", "cannot"}) {
      assertThatThrownBy(() -> assertThat(cluster).holds("lab/a " + mood + " reach lab/b on 80"))
          .isInstanceOf(AssertionError.class)
          .hasMessageContaining("lab/a " + mood + " reach lab/b on 80: undecided: ")
          .hasMessageContaining("CiliumNetworkPolicy");
    }
  }

  @Test
  void aNameThatTheClusterDoesNotHaveFailsAndABadSentenceIsNone() {
    assertThatThrownBy(
            () -> assertThat(SHOP).from("shop/frontent").cannotReach("shop/db").on(5432))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("is no statement about this cluster: ")
        .hasMessageContaining("shop/frontend");
    assertThatThrownBy(
            () -> assertThat(SHOP).from("shop/frontend").canReach("shop/db").on(70000))
        .isInstanceOf(BadSentence.class);
  }

  @Test
  void manifestsWithErrorsFailBeforeAnythingIsAsserted() {
    Loaded loaded = Manifests.read(Source.text("bad.yaml", """
        apiVersion: networking.k8s.io/v1
        kind: NetworkPolicy
        metadata: {name: web}
        spec: {podSelector: {role: app}}
        """));
    assertThatThrownBy(() -> assertThat(loaded))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("bad.yaml:4:")
        .hasMessageContaining("unknown field `role`");
    assertThat(Manifests.load(Path.of("../examples/shop")))
        .holds("shop/frontend can reach shop/db on 5432");
  }

  /** Loads assertions in a JVM without Z3's jar on its class path. */
  @Test
  void z3IsNeededOnlyByStatementsThatSayNever() throws IOException, InterruptedException {
    String withoutZ3 = Arrays.stream(
            System.getProperty("java.class.path").split(File.pathSeparator))
        .filter(entry -> !entry.contains("z3-turnkey"))
        .collect(Collectors.joining(File.pathSeparator));
    Path output = directory.resolve("output");
    Process process = new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-XX:TieredStopAtLevel=1",
            "-cp",
            withoutZ3,
            WithoutZ3.class.getName())
        .redirectErrorStream(true)
        .redirectOutput(output.toFile())
        .start();

    assertThat(process.waitFor()).as(Files.readString(output)).isZero();
    assertThat(Files.readString(output, StandardCharsets.UTF_8)).isEqualTo("holds\n");
  }

  static final class WithoutZ3 {
    public static void main(String... arguments) {
      assertThat(Manifests.load(Path.of("../examples/shop")))
          .from("shop/frontend")
          .canReach("shop/db")
          .on(5432);
      System.out.println("holds");
    }
  }
}
