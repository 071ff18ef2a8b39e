package dev.postern.cli.finding;

import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.Error;
import com.networknt.schema.InputFormat;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import dev.postern.cli.Run;
import dev.postern.deadline.Deadline;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What `lint -o sarif` prints, against the schema that OASIS published. */
class SarifSchemaTest {

  private static final String EVERYTHING = """
      apiVersion: v1
      kind: Pod
      metadata: {name: web, namespace: shop, labels: {app: web}}
      spec: {containers: [{name: c}]}
      ---
      apiVersion: networking.k8s.io/v1
      kind: NetworkPolicy
      metadata: {uid: u1, name: web, namespace: shop}
      spec:
        podSelector: {matchLabels: {app: web}}
        ingress:
        - from: [{podSelector: {}}, {podSelector: {matchLabels: {app: Web}}}]
        - from: [{podSelector: {}}]
          ports: [{port: 80}]
        - from: [{ipBlock: {cidr: 10.0.0.1/8}}]
      ---
      apiVersion: networking.k8s.io/v1
      kind: NetworkPolicy
      metadata: {name: bad, namespace: shop}
      spec: {podSelektor: {}}
      """;

  private static List<Error> problems(String sarif) {
    try (InputStream schema =
        SarifSchemaTest.class.getResourceAsStream("/schema/sarif-schema-2.1.0.json")) {
      return SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_7)
          .getSchema(schema)
          .validate(sarif, InputFormat.JSON);
    } catch (IOException problem) {
      throw new UncheckedIOException(problem);
    }
  }

  @Test
  void aReportThatIsNotWholeIsValid() {
    Run run = Deadline.after(Duration.ofMinutes(1), new AtomicLong()::incrementAndGet)
        .during(() -> Run.of("lint", "../examples/shop", "-o", "sarif"));
    Run late = Deadline.after(Duration.ZERO, System::nanoTime)
        .during(() -> Run.of("lint", "../examples/shop", "-o", "sarif"));

    assertThat(problems(run.out())).isEmpty();
    assertThat(late.out()).contains("executionSuccessful");
    assertThat(problems(late.out())).isEmpty();
  }

  @Test
  void aReportWithErrorsWarningsAndOtherPlacesIsValid(@TempDir Path directory) throws IOException {
    Path file = directory.resolve("a file, with blanks.yaml");
    Files.writeString(file, EVERYTHING, StandardCharsets.UTF_8);

    String sarif = Run.of("lint", "-o", "sarif", "-f", file.toString()).out();

    assertThat(sarif).contains("NP302", "NP310", "NP111", "relatedLocations");
    assertThat(problems(sarif)).isEmpty();
  }

  @Test
  void anEmptyReportIsValid() {
    assertThat(problems(Run.of("lint", "-o", "sarif", "-f", "../examples/shop").out()))
        .isEmpty();
  }

  @Test
  void theSchemaRefusesWhatIsNone() {
    assertThat(problems("{\"version\": \"2.1.0\", \"runs\": [{}]}")).isNotEmpty();
    assertThat(
            problems(
                "{\"version\": \"2.1.0\", \"runs\": [{\"tool\": {\"driver\": {\"name\": \"x\"}}, \"result\": []}]}"))
        .isNotEmpty();
  }
}
