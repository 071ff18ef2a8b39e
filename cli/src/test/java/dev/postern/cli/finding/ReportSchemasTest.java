package dev.postern.cli.finding;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.networknt.schema.InputFormat;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import dev.postern.cli.Run;
import java.io.IOException;
import java.io.InputStream;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import javax.xml.XMLConstants;
import javax.xml.transform.stream.StreamSource;
import javax.xml.validation.Schema;
import javax.xml.validation.SchemaFactory;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.xml.sax.SAXException;

/** What {@code lint} prints for other tools, against schemas of what they read. */
class ReportSchemasTest {

  /** Errors, warnings and findings that are alike. */
  private static final String EVERYTHING = """
      apiVersion: networking.k8s.io/v1
      kind: NetworkPolicy
      metadata: {name: web, namespace: shop}
      spec:
        podSelector: {app: web}
      ---
      apiVersion: networking.k8s.io/v1
      kind: NetworkPolicy
      metadata: {uid: u1, name: net, namespace: shop}
      spec:
        podSelector: {}
        ingress:
        - from: [{ipBlock: {cidr: 10.0.0.1/8}}]
        - from: [{ipBlock: {cidr: 10.0.0.1/8}}]
      """;

  @TempDir
  private Path directory;

  @BeforeEach
  void write() throws IOException {
    Files.writeString(directory.resolve("a <file> & more.yaml"), EVERYTHING);
  }

  private String lint(String format) {
    Run run = Run.of("lint", directory.toString(), "-o", format);
    assertThat(run.status()).isEqualTo(1);
    return run.out();
  }

  private static void check(String schema, String report) throws SAXException, IOException {
    Schema xsd = SchemaFactory.newInstance(XMLConstants.W3C_XML_SCHEMA_NS_URI)
        .newSchema(ReportSchemasTest.class.getResource(schema + ".xsd"));
    xsd.newValidator().validate(new StreamSource(new StringReader(report)));
  }

  private static boolean isCodeQuality(String report) {
    try (InputStream schema =
        ReportSchemasTest.class.getResourceAsStream("code-quality.schema.json")) {
      return SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_7)
          .getSchema(schema)
          .validate(report, InputFormat.JSON)
          .isEmpty();
    } catch (IOException problem) {
      throw new UncheckedIOException(problem);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"junit", "checkstyle"})
  void anXmlReportIsValid(String format) {
    assertThatCode(() -> check(format, lint(format))).doesNotThrowAnyException();
    assertThatExceptionOfType(SAXException.class)
        .isThrownBy(() -> check(format, lint(format).replaceFirst("name=", "nam=")));
  }

  @Test
  void aReportOfStatementsIsValidJunit() throws IOException {
    Path spec = Files.writeString(
        directory.resolve("a.postern"),
        "shop/frontend cannot reach shop/db on 5432\nshop/x can reach shop/db\nshop/frontend can reach shop/db on 5432\n");
    String report =
        Run.of("test", spec.toString(), "-f", "../examples/shop", "-o", "junit").out();

    assertThat(report).contains("<failure", "<error");
    assertThatCode(() -> check("junit", report)).doesNotThrowAnyException();
  }

  @Test
  void aCodeQualityReportIsValidAndItsFingerprintsAreUnique() throws IOException {
    String report = lint("gitlab");

    assertThat(isCodeQuality(report)).isTrue();
    assertThat(isCodeQuality(report.replace("minor", "small"))).isFalse();
    Set<String> seen = new HashSet<>();
    for (JsonNode finding : new ObjectMapper().readTree(report)) {
      assertThat(seen.add(finding.get("fingerprint").asText())).isTrue();
    }
    assertThat(seen).hasSizeGreaterThan(2);
  }

  @Test
  void sarifCarriesVersionHelpFingerprintsAndFixes() throws IOException {
    JsonNode run = new ObjectMapper().readTree(lint("sarif")).get("runs").get(0);
    JsonNode driver = run.at("/tool/driver");
    JsonNode rule = driver.get("rules").get(0);
    JsonNode result = run.get("results").get(0);

    assertThat(driver.get("version").asText()).isNotEmpty();
    assertThat(driver.get("informationUri").asText()).isEqualTo("urn:x-postern:README.md");
    assertThat(rule.at("/shortDescription/text").asText()).isEqualTo("unknown field");
    assertThat(rule.get("helpUri").asText()).isEqualTo("urn:x-postern:docs/diagnostics/NP111.md");
    assertThat(rule.at("/help/markdown").asText()).startsWith("# NP111");
    assertThat(run.at("/invocations/0/executionSuccessful").asBoolean()).isTrue();
    assertThat(result.at("/partialFingerprints/postern~1v1").asText()).hasSize(32);
    assertThat(result
            .at("/fixes/0/artifactChanges/0/replacements/0/insertedContent/text")
            .asText())
        .contains("matchLabels");
    assertThat(result.at("/locations/0/physicalLocation/artifactLocation/uri").asText())
        .startsWith("file:///")
        .contains("a%20%3Cfile%3E%20&%20more.yaml");
  }
}
