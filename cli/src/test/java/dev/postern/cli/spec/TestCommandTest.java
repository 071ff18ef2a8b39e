package dev.postern.cli.spec;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.cli.Run;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TestCommandTest {

  private static final String SHOP = "../examples/shop";

  @TempDir
  Path directory;

  @Test
  void theShopKeepsWhatItsSpecificationSays() {
    Run run = Run.of("test", SHOP + "/shop.postern", "-f", SHOP);
    assertThat(run.out()).endsWith("5 hold, 0 fail\n");
    assertThat(run.status()).isZero();
  }

  @Test
  void aStatementThatDoesNotHoldIsShownWithItsLineAndAFlow() throws IOException {
    Run run = check("# first\nshop/frontend cannot reach shop/db on 5432\n");
    assertThat(run.status()).isEqualTo(1);
    assertThat(run.out())
        .contains(
            "FAIL  ",
            "spec.postern:2: shop/frontend cannot reach shop/db on 5432",
            "shop/frontend reaches shop/db");
  }

  @Test
  void aLineThatIsNoStatementDoesNotSpoilTheOthers() throws IOException {
    Run run = check(
        "shop/frontend can reach shop/db on 5432\nfrontend may talk to db\nshop/nobody can reach shop/db\n");
    assertThat(run.status()).isEqualTo(2);
    assertThat(run.out())
        .contains("ok    ", "spec.postern:2", "1 hold, 0 fail, 2 no statement about this cluster");
  }

  @Test
  void junitTapAndJsonSayTheSame() throws IOException {
    String sentences =
        "shop/frontend can reach shop/db on 5432\nshop/frontend cannot reach shop/db on 5432\n";
    assertThat(check(sentences, "-o", "junit").out())
        .contains("tests=\"2\" failures=\"1\" errors=\"0\"", "<failure message=");
    assertThat(check(sentences, "-o", "tap").out()).contains("1..2", "ok 1 - ", "not ok 2 - ");
    assertThat(check(sentences, "-o", "json").out().replaceAll("\\s", ""))
        .contains("\"result\":\"holds\"", "\"result\":\"fails\"");
  }

  @Test
  void coverageNamesTheAllowRulesAndWorkloadsThatNoStatementIsAbout() throws IOException {
    Run plain = check("shop/frontend can reach shop/db on 5432\n");
    Run run = check("shop/frontend can reach shop/db on 5432\n", "--coverage");
    assertThat(run.status()).isEqualTo(plain.status());
    assertThat(run.out())
        .startsWith(plain.out())
        .contains(
            "of 6 workloads",
            "  no statement about shop/allow-cart ingress[0] (",
            "  no statement about shop/cart (")
        .doesNotContain(
            "no statement about shop/allow-frontend-to-db ingress[0]",
            "no statement about shop/db",
            "no statement about shop/frontend ");
  }

  @Test
  void coverageLeavesTheExitStatusOfAStatementThatFails() throws IOException {
    assertThat(
            check("shop/frontend cannot reach shop/db on 5432\n", "--coverage").status())
        .isEqualTo(1);
    assertThat(check("shop/nobody can reach shop/db\n", "--coverage").status()).isEqualTo(2);
  }

  @Test
  void coverageStandsInEveryFormat() throws IOException {
    String sentence = "shop/frontend can reach shop/db on 5432\n";
    assertThat(check(sentence, "--coverage", "-o", "json").out().replaceAll("\\s", ""))
        .startsWith("{\"statements\":[{")
        .contains("\"rulesWithoutStatement\":[{\"policy\":\"shop/", "\"workload\":\"shop/cart\"");
    assertThat(check(sentence, "--coverage", "-o", "tap").out())
        .contains("#   no statement about shop/cart (");
    assertThat(check(sentence, "--coverage", "-o", "junit").out())
        .contains("<system-out>", "no statement about shop/cart (");
  }

  @Test
  void anEmptyOrMissingSpecificationIsAnError() throws IOException {
    assertThat(check("# nothing\n").status()).isEqualTo(2);
    assertThat(Run.of("test", directory.resolve("none").toString(), "-f", SHOP).status())
        .isEqualTo(2);
    Path empty = Files.createDirectory(directory.resolve("empty"));
    assertThat(Run.of("test", empty.toString(), "-f", SHOP).err())
        .contains("there is no file of statements in it");
  }

  @Test
  void aFileOfADirectoryWithoutStatementsIsToldAndDoesNotSpoilTheOthers() throws IOException {
    Path specs = Files.createDirectory(directory.resolve("specs"));
    Files.writeString(specs.resolve("later.postern"), "# to come\n");
    Run none = Run.of("test", specs.toString(), "-f", SHOP);
    assertThat(none.status()).isEqualTo(2);
    assertThat(none.err()).contains("specs: error: there is no statement in it");

    Files.writeString(specs.resolve("now.postern"), "shop/frontend can reach shop/db on 5432\n");
    Run run = Run.of("test", specs.toString(), "-f", SHOP);
    assertThat(run.status()).isZero();
    assertThat(run.out()).endsWith("1 hold, 0 fail\n");
    assertThat(run.err()).contains("later.postern: warning: there is no statement in it");
  }

  @Test
  void aDirectoryStandsForTheSpecificationsInIt() throws IOException {
    Run run = Run.of("test", SHOP, "-f", SHOP);

    assertThat(run.status()).isZero();
    assertThat(run.out()).contains("shop/shop.postern:2: ");
  }

  @ParameterizedTest
  @ValueSource(strings = {"text", "tap", "junit", "json"})
  void aFailureNamesThePoliciesAndLinesThatDecide(String format) throws IOException {
    Run run = check("shop/frontend cannot reach shop/db on 5432\n", "-o", format);

    assertThat(run.status()).isEqualTo(1);
    assertThat(run.out())
        .contains("egress:  shop/allow-frontend egress[1] (")
        .contains("ingress: shop/allow-frontend-to-db ingress[0] (")
        .contains("db.yaml:52:7)");
  }

  @Test
  void anOpenQuestionIsAnsweredForPodsThatCouldCome() {
    Run never = Run.of(
        "can", "--open", "any pod in namespace monitoring reach shop/db on 5432", "-f", SHOP);
    assertThat(never.out()).startsWith("never: ").contains("blocked by NetworkPolicy shop/");
    assertThat(never.status()).isEqualTo(1);
    Run possible =
        Run.of("can", "--open", "any pod in namespace shop reach shop/db on 5432", "-f", SHOP);
    assertThat(possible.out()).startsWith("possible: ");
    assertThat(possible.status()).isZero();
    assertThat(Run.of("can", "--open", "every pod in shop reach shop/db", "-f", SHOP)
            .status())
        .isEqualTo(2);
  }

  private Run check(String specification, String... options) throws IOException {
    Path file = Files.writeString(directory.resolve("spec.postern"), specification);
    String[] arguments = new String[4 + options.length];
    arguments[0] = "test";
    arguments[1] = file.toString();
    arguments[2] = "-f";
    arguments[3] = SHOP;
    System.arraycopy(options, 0, arguments, 4, options.length);
    return Run.of(arguments);
  }

  @Test
  void aStatementAboutAnotherSetFindsItBesideTheFileOfStatements() throws IOException {
    Path sets = Path.of("../examples/sets");
    Run run = Run.of("test", sets.resolve("sets.postern").toString(), "-f", SHOP, "-o", "json");
    assertThat(run.status()).isEqualTo(1);
    assertThat(run.out())
        .contains("policies forbid forbidden.yaml", "passes, and by required.yaml it does not");
    Run bad = check("policies permit nowhere.yaml\n");
    assertThat(bad.status()).isEqualTo(2);
    assertThat(bad.out()).contains("BAD ");
  }

  @Test
  void aStatementMayBeAboutAPodThatNoManifestHoldsAndSaysSo() throws IOException {
    Run run = check("a pod app=web in shop cannot reach shop/db on 5432\n");
    assertThat(run.status()).isZero();
    assertThat(run.out())
        .contains(
            "ok    ",
            "note: shop/(app=web) is a pod of exactly these labels, which no manifest holds");
    Run coverage = check("a pod app=web in shop cannot reach shop/db on 5432\n", "--coverage");
    assertThat(coverage.status()).isZero();
    assertThat(check("a pod app=web in shop can never reach shop/db on 5432\n").status())
        .isEqualTo(2);
  }
}
