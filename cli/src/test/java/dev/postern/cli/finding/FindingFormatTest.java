package dev.postern.cli.finding;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.postern.cli.console.Printer;
import dev.postern.diagnostic.Code;
import dev.postern.diagnostic.Diagnostic;
import dev.postern.diagnostic.Origin;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Element;
import org.xml.sax.InputSource;

class FindingFormatTest {

  private static final Diagnostic ERROR = Code.UNKNOWN_FIELD
      .at(
          new Origin("my shop/db,1.yaml", 6, 5, "spec.podSelector"),
          "role",
          "`<podSelector>` | 100%")
      .hint("did you mean `matchLabels: {role: app}`?");

  private static final Diagnostic WARNING =
      Code.HOST_BITS.at(new Origin("<stdin>", 2, 1, ""), "10.0.0.1/8", "10.0.0.0/8");

  private static final Findings BOTH = findings(3, Diagnostic::toString, ERROR, WARNING);

  private static final Findings NONE = findings(1, Diagnostic::toString);

  private static Findings findings(
      int objects, Function<Diagnostic, String> explain, Diagnostic... all) {
    return new Findings(
        List.of(all),
        objects,
        explain,
        finding -> "00",
        Map.of(),
        Findings.Detail.SUMMARY,
        false,
        List.of(),
        Optional.empty());
  }

  private static String write(FindingFormat format, Findings findings) {
    ByteArrayOutputStream text = new ByteArrayOutputStream();
    Printer out = Printer.to(text);
    format.write(findings, out);
    out.flush();
    return text.toString(StandardCharsets.UTF_8);
  }

  @Test
  void textShowsEachFindingAndCounts() {
    assertThat(write(FindingFormat.text, BOTH)).isEqualTo("""
            my shop/db,1.yaml:6:5: error: unknown field `role` in `<podSelector>` | 100% \
            (hint: did you mean `matchLabels: {role: app}`?) [NP111]
            <stdin>:2:1: warning: `10.0.0.1/8` has bits set after its prefix and means `10.0.0.0/8` [NP203]
            found 1 error and 1 warning in 3 objects
            """);
    assertThat(write(FindingFormat.text, NONE)).isEqualTo("found nothing in 1 object\n");
  }

  @Test
  void textShowsNoControlCharacterOfASourceLine() {
    Findings findings = findings(1, finding -> "a\u001b[2Jb", WARNING);

    assertThat(write(FindingFormat.text, findings)).startsWith("a\uFFFD[2Jb\n");
  }

  @Test
  void jsonHoldsEveryPart() throws IOException {
    JsonNode finding = new ObjectMapper()
        .readTree(write(FindingFormat.json, BOTH))
        .get("findings")
        .get(0);

    assertThat(finding).isEqualTo(new ObjectMapper().readTree("""
        {"code": "NP111", "severity": "error", "message": "unknown field `role` in `<podSelector>` | 100%",
         "hint": "did you mean `matchLabels: {role: app}`?", "file": "my shop/db,1.yaml", "line": 6, "column": 5,
         "path": "spec.podSelector", "fingerprint": "00"}
        """));
  }

  @Test
  void sarifPointsAtTheLineOfARelativePath() throws IOException {
    JsonNode run = new ObjectMapper()
        .readTree(write(FindingFormat.sarif, BOTH))
        .get("runs")
        .get(0);
    JsonNode result = run.get("results").get(0);

    assertThat(run.at("/tool/driver/rules/0/id").asText()).isEqualTo("NP111");
    assertThat(result.get("ruleId").asText()).isEqualTo("NP111");
    assertThat(result.get("level").asText()).isEqualTo("error");
    assertThat(result.at("/locations/0/physicalLocation/artifactLocation/uri").asText())
        .isEqualTo("my%20shop/db,1.yaml");
    assertThat(result.at("/locations/0/physicalLocation/region/startLine").asInt())
        .isEqualTo(6);
    assertThat(run.get("results")).hasSize(2);
  }

  @Test
  void junitFailsOneTestAFindingAndIsWellFormed() throws Exception {
    Element suite = parse(write(FindingFormat.junit, BOTH));

    assertThat(suite.getAttribute("failures")).isEqualTo("2");
    assertThat(suite.getElementsByTagName("failure").item(0).getTextContent())
        .contains("<podSelector>");
    assertThat(parse(write(FindingFormat.junit, NONE)).getAttribute("tests")).isEqualTo("1");
  }

  private static Element parse(String xml) throws Exception {
    return DocumentBuilderFactory.newInstance()
        .newDocumentBuilder()
        .parse(new InputSource(new StringReader(xml)))
        .getDocumentElement();
  }

  @Test
  void githubCommandsEscapeWhatWouldEndThem() {
    assertThat(write(FindingFormat.github, BOTH))
        .startsWith(
            "::error file=my shop/db%2C1.yaml,line=6,col=5,title=NP111::unknown field `role` in `<podSelector>` | 100%25 (hint: ");
  }

  @Test
  void aMarkdownCellCannotBeEndedByAMessage() {
    assertThat(write(FindingFormat.md, BOTH))
        .contains(
            "| my shop/db,1.yaml:6:5 | error NP111 | unknown field `role` in `<podSelector>` \\| 100% (hint: ")
        .contains("| \\<stdin\\>:2:1 | warning NP203 |");
  }
}
