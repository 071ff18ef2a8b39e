package dev.postern.cli.page;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.postern.cli.HostileText;
import dev.postern.cli.Postern;
import dev.postern.cli.Run;
import dev.postern.cli.console.Console;
import dev.postern.cli.console.ExitStatus;
import dev.postern.cli.console.Printer;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReportCommandTest {

  private static final String SHOP = "../examples/shop";

  private static final String POD = """
      apiVersion: v1
      kind: Pod
      metadata: {name: web, namespace: shop}
      spec: {containers: []}
      """;

  @TempDir
  private Path directory;

  @Test
  void theFileHoldsManifestsAnalysisAndEngine() throws IOException {
    Path file = directory.resolve("shop.html");
    Run run = Run.of("report", "-f", SHOP, "-o", file.toString());

    assertThat(run.status()).isEqualTo(ExitStatus.YES);
    assertThat(run.out()).isEmpty();
    String page = Files.readString(file);
    JsonNode data = HostileText.pageData(page);
    assertThat(data.get("view").asText()).isEqualTo("overview");
    assertThat(data.get("sources")).hasSize(8);
    assertThat(data.get("overview").get("exposures")).hasSize(6);
    assertThat(data.get("matrix").get("endpoints")).hasSize(9);
    assertThat(data.get("findings").get("findings")).isNotEmpty();
    assertThat(page).contains("default-src 'none'").hasSizeLessThan(2_000_000);
  }

  @Test
  void theSameInputGivesTheSameBytesUnderTheSameDate() {
    String first = dated("1700000000");
    assertThat(first).isEqualTo(dated("1700000000")).contains("2023-11-14");
    assertThat(dated("0")).contains("1970-01-01");
    assertThat(Run.of("report", "--no-date", "-f", SHOP).out())
        .isEqualTo(Run.of("report", "--no-date", "-f", SHOP).out());
  }

  @Test
  void aDateThatIsNoneIsBadInput() {
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    assertThat(run("tomorrow", new ByteArrayOutputStream(), err)).isEqualTo(ExitStatus.BAD_INPUT);
    assertThat(err.toString(StandardCharsets.UTF_8)).contains("SOURCE_DATE_EPOCH is `tomorrow`");
  }

  @Test
  void noSecretIsPassedOn() {
    String secret =
        "apiVersion: v1\nkind: Secret\nmetadata: {name: s}\nstringData:\n  password: hunter2\n";
    Run run = Run.withInput(secret + "---\n" + POD, "report", "-f", "-");
    assertThat(run.status()).isEqualTo(ExitStatus.YES);
    assertThat(HostileText.pageData(run.out()).get("sources").get(0).get("text").asText())
        .isEqualTo(secret.replace("hunter2", "\"(left out)\"") + "---\n" + POD);

    Run unreadable = Run.withInput(
        "apiVersion: v1\nkind: Secret\ndata: {password: {{ hunter2 }\n---\n" + POD,
        "report",
        "-f",
        "-");
    assertThat(unreadable.status()).isEqualTo(ExitStatus.BAD_INPUT);
    assertThat(unreadable.out()).isEmpty();
    assertThat(unreadable.err()).contains("it holds a Secret in a document that cannot be read");
  }

  @Test
  void findingsAreThoseThatTheSettingsSelectForTheDataplane() throws IOException {
    Path manifest = Files.writeString(directory.resolve("p.yaml"), POD + """
        ---
        apiVersion: networking.k8s.io/v1
        kind: NetworkPolicy
        metadata: {name: nobody, namespace: shop}
        spec: {podSelector: {matchLabels: {app: none}}, ingress: []}
        """);
    JsonNode all = findings("report", "-f", manifest.toString());
    assertThat(all.get("findings").findValuesAsText("code")).isNotEmpty();
    String code = all.get("findings").get(0).get("code").asText();

    Files.writeString(
        directory.resolve(".postern.yaml"), "rules:\n  " + code + ": \"off\"\ndataplane: cilium\n");
    JsonNode some = findings("report", "-f", manifest.toString());
    assertThat(some.get("findings").findValuesAsText("code")).doesNotContain(code);
    assertThat(some.get("note").asText()).contains("cilium", "not selected");
  }

  @Test
  void whatOnlyZ3TellsIsInThePageIfItIsAskedFor() {
    JsonNode open =
        HostileText.pageData(Run.of("report", "--open", "-f", SHOP).out()).get("open");
    assertThat(open).hasSize(6);
    assertThat(open.get("shop/db").get(0).asText()).isEqualTo("pods that are here");
    JsonNode data = HostileText.pageData(Run.of("report", "-f", SHOP).out());
    assertThat(data.has("open")).isFalse();
    assertThat(data.get("exposureCommand").asText()).isEqualTo("postern exposure --open");
  }

  private static JsonNode findings(String... command) {
    return HostileText.pageData(Run.of(command).out()).get("findings");
  }

  @Test
  void whatCannotBeReadGivesNoPage() {
    Run run = Run.of("report", "-f", SHOP, "-f", directory.resolve("none.yaml").toString());
    assertThat(run.status()).isEqualTo(ExitStatus.BAD_INPUT);
    assertThat(run.out()).isEmpty();
  }

  @Test
  void manifestsWithErrorsGiveAPageThatSaysSo() {
    Run run = Run.withInput(POD + "---\nkind: NetworkPolicy\n", "report", "-f", "-");
    assertThat(run.status()).isEqualTo(ExitStatus.BAD_INPUT);
    JsonNode diagnostics = HostileText.pageData(run.out()).get("overview").get("diagnostics");
    assertThat(diagnostics.get(0).get("severity").asText()).isEqualTo("error");
  }

  @Test
  void anEmptyPageTakesManifestsLater() {
    JsonNode data = HostileText.pageData(Run.of("report", "--empty").out());
    assertThat(data.get("sources")).isEmpty();
    assertThat(data.has("overview")).isFalse();
    assertThat(Run.of("report", "--empty", "-f", SHOP).status()).isEqualTo(ExitStatus.BAD_INPUT);
  }

  private static String dated(String epoch) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    assertThat(run(epoch, out, new ByteArrayOutputStream())).isEqualTo(ExitStatus.YES);
    return out.toString(StandardCharsets.UTF_8);
  }

  private static int run(String epoch, ByteArrayOutputStream out, ByteArrayOutputStream err) {
    return Postern.run(
        new Console(
            new ByteArrayInputStream(new byte[0]),
            Printer.to(out),
            Printer.to(err),
            Map.of("SOURCE_DATE_EPOCH", epoch),
            false,
            false),
        "report",
        "-f",
        SHOP);
  }
}
