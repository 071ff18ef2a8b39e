package dev.postern.policytest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import dev.postern.manifest.Manifests;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.reporting.ReportEntry;
import org.junit.platform.launcher.LauncherDiscoveryRequest;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;

class PolicyTestTest {

  @TempDir
  private Path directory;

  /** What a user writes; it runs here as well. */
  @PolicyTest(value = "../examples/shop/*.postern", manifests = "../examples/shop")
  void theShopKeepsItsPolicies() {}

  @TestFactory
  Stream<DynamicTest> theShopKeepsItsPoliciesWithAClusterOfOurOwn() {
    return PolicyTests.of(
        Manifests.load(Path.of("../examples/shop")).cluster(), "../examples/shop/shop.postern");
  }

  /** Run by the tests below only. */
  static class Failing {
    @PolicyTest(value = "src/test/policies/*.postern", manifests = "../examples/shop")
    void policies() {}
  }

  static class WithoutFiles {
    @PolicyTest(value = "src/test/policies/*.nothing", manifests = "../examples/shop")
    void policies() {}
  }

  static class WithBadManifests {
    @PolicyTest(value = "src/test/policies/*.postern", manifests = "src/test/policies/bad.yaml")
    void policies() {}
  }

  /** What became of each test and container, by its name. */
  private static Map<String, TestExecutionResult> results(Class<?> tests) {
    Map<String, TestExecutionResult> results = new LinkedHashMap<>();
    LauncherDiscoveryRequest request =
        LauncherDiscoveryRequestBuilder.request().selectors(selectClass(tests)).build();
    LauncherFactory.create().execute(request, new TestExecutionListener() {
      @Override
      public void executionFinished(TestIdentifier test, TestExecutionResult result) {
        results.put(test.getDisplayName(), result);
      }
    });
    return results;
  }

  private static String message(TestExecutionResult result) {
    assertThat(result.getStatus()).isEqualTo(TestExecutionResult.Status.FAILED);
    return String.valueOf(result.getThrowable().orElseThrow().getMessage());
  }

  @Test
  void eachStatementIsATestOfItsOwnNameAndLine() {
    Map<String, TestExecutionResult> results = results(Failing.class);

    assertThat(results
            .get("some.postern:2: shop/frontend can reach shop/db on 5432")
            .getStatus())
        .isEqualTo(TestExecutionResult.Status.SUCCESSFUL);
    assertThat(message(results.get("some.postern:3: shop/cart can reach shop/db on 5432")))
        .startsWith(
            "src/test/policies/some.postern:3: shop/cart can reach shop/db on 5432: does not hold: ")
        .contains("not allowed by shop/allow-frontend-to-db ingress[0]");
    assertThat(message(results.get("some.postern:4: shop/frontend may reach shop/db")))
        .startsWith("src/test/policies/some.postern:4: ")
        .contains("^");
    assertThat(message(results.get("some.postern:5: shop/nobody cannot reach shop/db")))
        .contains("is no statement about this cluster");
  }

  @Test
  void noFileOfStatementsFailsAndSoDoManifestsWithErrors() {
    assertThat(message(results(WithoutFiles.class).get("policies()")))
        .contains("there is no file of statements at src/test/policies/*.nothing");
    assertThat(message(results(WithBadManifests.class).get("policies()")))
        .contains("the manifests have errors:\n", "bad.yaml:4:", "unknown field `role`");
  }

  @Test
  void filesAreFoundByNameByDirectoryAndByPattern() throws IOException {
    Path a = Files.createFile(directory.resolve("a.postern"));
    Path b = Files.createDirectory(directory.resolve("b")).resolve("c.postern");
    Files.createFile(b);
    Files.createFile(directory.resolve("d.txt"));

    assertThat(StatementFiles.of(a.toString())).containsExactly(a);
    assertThat(StatementFiles.of(directory.toString())).containsExactly(a, b);
    assertThat(StatementFiles.of(directory + "/*.postern")).containsExactly(a);
    assertThat(StatementFiles.of(directory + "/**.postern")).containsExactly(a, b);
    assertThat(StatementFiles.of("../examples/shop/s*.postern"))
        .containsExactly(Path.of("../examples/shop/shop.postern"));
    assertThatThrownBy(() -> StatementFiles.of(directory + "/b/*.txt"))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> StatementFiles.of(directory + "/missing"))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void linksAreFollowedAndThoseThatLeadNowhereFail() throws IOException {
    Path policies = Files.createDirectory(directory.resolve("policies"));
    Path elsewhere = Files.createDirectory(directory.resolve("elsewhere"));
    Files.createFile(elsewhere.resolve("a.postern"));
    Files.createSymbolicLink(policies.resolve("more"), elsewhere);
    Files.createSymbolicLink(policies.resolve("b.postern"), directory.resolve("gone"));

    assertThat(StatementFiles.of(policies.toString()))
        .containsExactly(policies.resolve("b.postern"), policies.resolve("more/a.postern"));
    assertThatThrownBy(() -> PolicyTests.of(
            Manifests.load(Path.of("../examples/shop")).cluster(), policies.toString()))
        .isInstanceOf(UncheckedIOException.class);
  }

  /** Run by the test below only. */
  static class WithAChart {
    @PolicyTest(value = "src/test/policies/good", manifests = "src/test/policies/good")
    void policies() {}
  }

  @Test
  void whatWasNotReadIsReported() {
    Map<String, String> reported = new LinkedHashMap<>();
    LauncherFactory.create()
        .execute(
            LauncherDiscoveryRequestBuilder.request()
                .selectors(selectClass(WithAChart.class))
                .build(),
            new TestExecutionListener() {
              @Override
              public void reportingEntryPublished(TestIdentifier test, ReportEntry entry) {
                reported.putAll(entry.getKeyValuePairs());
              }
            });
    assertThat(reported.get("not read")).contains("templates/web.yaml (1 template)");
  }

  @Test
  void aFileWithoutAStatementIsAnErrorAndNotAPass() throws IOException {
    Path empty = Files.writeString(directory.resolve("empty.postern"), "# nothing yet\n");

    assertThatThrownBy(() ->
            PolicyTests.of(Manifests.load(Path.of("../examples/shop")).cluster(), empty.toString()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("there is no statement in");
  }

  @Test
  void aDynamicTestLeadsToItsLine() {
    List<DynamicTest> tests = theShopKeepsItsPoliciesWithAClusterOfOurOwn().toList();

    assertThat(tests).hasSize(5);
    assertThat(tests.get(0).getDisplayName())
        .isEqualTo("shop.postern:2: shop/frontend can reach shop/db on 5432");
    assertThat(tests.get(0).getTestSourceUri().map(URI::toString).orElse(""))
        .endsWith("examples/shop/shop.postern?line=2");
  }
}
