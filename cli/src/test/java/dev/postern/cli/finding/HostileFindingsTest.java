package dev.postern.cli.finding;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.postern.cli.console.Markdown;
import dev.postern.cli.console.Printer;
import dev.postern.cli.spec.CheckFormat;
import dev.postern.cli.spec.CheckReport;
import dev.postern.cli.spec.CheckedLine;
import dev.postern.diagnostic.Code;
import dev.postern.diagnostic.Diagnostic;
import dev.postern.diagnostic.Excerpt;
import dev.postern.diagnostic.Origin;
import dev.postern.diagnostic.Printable;
import dev.postern.spec.Check.Result;
import java.io.ByteArrayOutputStream;
import java.io.StringReader;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import javax.xml.parsers.DocumentBuilderFactory;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Element;
import org.xml.sax.InputSource;

/** Hostile texts through every format of findings and of checks, read back by a reader of that format. */
class HostileFindingsTest {

  @Provide
  Arbitrary<String> hostile() {
    return Arbitraries.of(
            "\n",
            "\r",
            "\r\n",
            "::error::x",
            "::",
            "##[error]",
            "\u001b[2J",
            "\u202e",
            "\u2066",
            "\u2028",
            "\u0085",
            "\ufeff",
            "\ufffe",
            "\uffff",
            "\ud800",
            "\udc00",
            "\ud83d\ude00",
            "\0",
            "@team",
            "[a](http://evil.example)",
            "![i](x)",
            "<script>",
            "</td>",
            "|",
            "\\|",
            "\\",
            "`",
            "``",
            "#1",
            "# TODO",
            "#",
            "'",
            "\"",
            "]]>",
            "&",
            "&lt;",
            "=cmd()",
            "%0A",
            ",",
            ":",
            "https://evil.example",
            "www.evil.example",
            "*b*",
            "_i_",
            "~~s~~",
            "a",
            "b",
            " ",
            "-->",
            ":tada:",
            "x@evil.example",
            "ok 1",
            "Bail out!",
            "/",
            "é")
        .list()
        .ofMinSize(1)
        .ofMaxSize(8)
        .map(parts -> String.join("", parts));
  }

  private static Findings findings(String file, String word) {
    Diagnostic finding = Code.UNKNOWN_FIELD
        .at(new Origin(file, 3, 1, word), word, word)
        .hint(word)
        .related(List.of(new Diagnostic.Related(word, new Origin(file, 1, 1, ""))));
    return new Findings(
        List.of(finding, finding),
        2,
        each -> Excerpt.of(each, word.lines().findFirst().orElse("")),
        each -> "00",
        Map.of(),
        Findings.Detail.SUMMARY,
        false,
        List.of(),
        Optional.empty());
  }

  private static String written(Consumer<Printer> writer) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    Printer out = Printer.to(bytes);
    writer.accept(out);
    out.flush();
    String text = bytes.toString(StandardCharsets.UTF_8);
    assertThat(text.lines())
        .noneMatch(line -> line.codePoints().anyMatch(Printable::isUnsafe))
        // A line that is an annotation is read as such and no further.
        .noneMatch(line -> !line.startsWith("::") && line.contains("##["));
    return text;
  }

  private static Element xml(String text) {
    try {
      return DocumentBuilderFactory.newInstance()
          .newDocumentBuilder()
          .parse(new InputSource(new StringReader(text)))
          .getDocumentElement();
    } catch (Exception malformed) {
      throw new AssertionError(text, malformed);
    }
  }

  private static JsonNode json(String text) throws java.io.IOException {
    return new ObjectMapper().readTree(text);
  }

  @Property(tries = 300)
  void noLineOfTextIsACommand(@ForAll("hostile") String file, @ForAll("hostile") String word) {
    String text = written(out -> FindingFormat.text.write(findings(file, word), out));
    assertThat(text.lines())
        .noneMatch(line -> line.stripLeading().startsWith("::"))
        .noneMatch(line -> line.contains("##["));
  }

  @Property(tries = 300)
  void everyAnnotationIsOneCommand(@ForAll("hostile") String file, @ForAll("hostile") String word) {
    String text = written(out -> FindingFormat.github.write(findings(file, word), out));
    assertThat(text.lines())
        .hasSize(2)
        .allMatch(line -> line.matches("::error (file=[^:,]*,)?line=3,col=1,title=[^:,]*::.*"));
  }

  @Property(tries = 300)
  void jsonBringsEveryFileNameBack(@ForAll("hostile") String file, @ForAll("hostile") String word)
      throws Exception {
    JsonNode root = json(written(out -> FindingFormat.json.write(findings(file, word), out)));
    assertThat(root.at("/findings/0/file").asText()).isEqualTo(file);
    assertThat(root.at("/findings/0/path").asText()).isEqualTo(word);
    json(written(out -> FindingFormat.gitlab.write(findings(file, word), out)));
  }

  @Test
  void aPathFromHereIsNeverTakenForAHost() throws Exception {
    for (String file : List.of("./a.yaml", ".//a.yaml", ".///a.yaml", "././/a.yaml")) {
      JsonNode root = json(written(out -> FindingFormat.sarif.write(findings(file, "x"), out)));
      assertThat(root.at("/runs/0/results/0/locations/0/physicalLocation/artifactLocation/uri")
              .asText())
          .as(file)
          .isEqualTo("a.yaml");
      // GitHub shows no annotation of `./a.yaml`, and GitLab knows no such file.
      assertThat(written(out -> FindingFormat.github.write(findings(file, "x"), out)))
          .as(file)
          .contains("file=a.yaml,");
      JsonNode gitlab = json(written(out -> FindingFormat.gitlab.write(findings(file, "x"), out)));
      assertThat(gitlab.at("/0/location/path").asText()).as(file).isEqualTo("a.yaml");
    }
  }

  @Property(tries = 300)
  void sarifNamesFilesByRelativeUris(@ForAll("hostile") String file, @ForAll("hostile") String word)
      throws Exception {
    JsonNode root = json(written(out -> FindingFormat.sarif.write(findings(file, word), out)));
    String uri = root.at("/runs/0/results/0/locations/0/physicalLocation/artifactLocation/uri")
        .asText();
    String scheme = new URI(uri).getScheme();
    if (file.startsWith("/")) {
      assertThat(scheme).as(uri).isIn(null, "file");
    } else if (!file.startsWith("http")) {
      assertThat(scheme).as(uri).isNull();
    }
  }

  @Property(tries = 300)
  void xmlIsWellFormed(@ForAll("hostile") String file, @ForAll("hostile") String word) {
    Element junit = xml(written(out -> FindingFormat.junit.write(findings(file, word), out)));
    assertThat(junit.getElementsByTagName("testcase").getLength()).isEqualTo(2);
    Element checkstyle =
        xml(written(out -> FindingFormat.checkstyle.write(findings(file, word), out)));
    assertThat(checkstyle.getElementsByTagName("error").getLength()).isEqualTo(2);
  }

  @Property(tries = 1_000)
  void markdownMakesNothingOfIt(@ForAll("hostile") String word) {
    String markdown = Markdown.text(word);
    assertThat(markdown.lines().count()).isLessThanOrEqualTo(1);
    assertThat(markdown).doesNotContain("##[");
    // Spans of code show what is in them; a bar would end a cell even there.
    String outside = markdown
        .replaceAll("<code>[^<|`]*</code>", "")
        .replaceAll("(?<!\\\\)`[^`|\\\\]+`", "")
        .replaceAll("\\\\[\\p{Punct}]", "\0")
        .replace("<!-- -->", "\0");
    assertThat(outside)
        .doesNotContain("`", "|", "<", "[", "*", "_", "~", "&", "\\", "://")
        .doesNotContainPattern("@\\w")
        .doesNotContainPattern("#\\w")
        .doesNotContainPattern("(?i)www\\.[^\\x00]")
        .doesNotContainPattern(":[\\w+-]*[a-z][\\w+-]*:");
  }

  @Property(tries = 300)
  void aMarkdownTableHasItsRowsAndCells(
      @ForAll("hostile") String file, @ForAll("hostile") String word) {
    String text = written(out -> FindingFormat.md.write(findings(file, word), out));
    List<String> rows = text.lines().filter(line -> line.startsWith("|")).toList();
    assertThat(rows).hasSize(4);
    for (String row : rows) {
      // What a backslash escapes, as GitHub's table extension reads it.
      assertThat(row.replaceAll("\\\\[\\p{Punct}]", "").chars().filter(c -> c == '|'))
          .as(row)
          .hasSize(4);
    }
  }

  @Property(tries = 300)
  void checksStayOnTheirLines(@ForAll("hostile") String file, @ForAll("hostile") String word)
      throws Exception {
    CheckedLine line =
        new CheckedLine(file, 1, word, Result.FAILS, word, Optional.empty(), List.of(word));
    List<CheckedLine> lines = List.of(line, line);
    String tap = written(out -> CheckFormat.tap.write(CheckReport.of(lines), out));
    assertThat(tap.lines().filter(each -> each.matches("(not )?ok .*"))).hasSize(2);
    assertThat(tap.lines().filter(each -> each.startsWith("not ok")))
        .noneMatch(each -> each.replace("\\\\", "").replace("\\#", "").contains("#"));
    assertThat(tap.lines())
        .noneMatch(each -> each.startsWith("Bail out!"))
        .allMatch(each -> each.matches("TAP version 13|1\\.\\.2|not ok .*| .*|# note: .*"));
    String text = written(out -> CheckFormat.text.write(CheckReport.of(lines), out));
    assertThat(text.lines()).noneMatch(each -> each.stripLeading().startsWith("::"));
    Element junit = xml(written(out -> CheckFormat.junit.write(CheckReport.of(lines), out)));
    assertThat(junit.getElementsByTagName("testcase").getLength()).isEqualTo(2);
    JsonNode root = json(written(out -> CheckFormat.json.write(CheckReport.of(lines), out)));
    assertThat(root.at("/0/statement").asText()).isEqualTo(word);
  }
}
