package dev.postern.cli.matrix;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.postern.answer.Analysis;
import dev.postern.cli.console.Printer;
import dev.postern.cluster.Cluster;
import dev.postern.cluster.Namespace;
import dev.postern.cluster.Workload;
import dev.postern.diagnostic.Origin;
import dev.postern.diagnostic.Printable;
import dev.postern.reach.Connectivity;
import dev.postern.selector.Labels;
import java.io.ByteArrayOutputStream;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.TreeMap;
import javax.xml.parsers.DocumentBuilderFactory;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.xml.sax.InputSource;

/** Names that no reader of manifests lets pass, but a program may make, through every format of the matrix. */
class HostileMatrixTest {

  @Provide
  Arbitrary<String> hostile() {
    return Arbitraries.of(
            "\n",
            "\r",
            "::error::x",
            "##[error]",
            "\u001b[2J",
            "\u202e",
            "\uffff",
            "\ud800",
            "</script>",
            "<b>",
            "|",
            "\\",
            "\"",
            "\\\"",
            "`",
            "=cmd()",
            "+1",
            "-1",
            "@x",
            ",",
            "];",
            "#",
            "&",
            "a",
            "b",
            " ")
        .list()
        .ofMinSize(1)
        .ofMaxSize(6)
        .map(parts -> String.join("", parts));
  }

  private static Connectivity connectivity(String namespace, String name) {
    TreeMap<String, Namespace> namespaces = new TreeMap<>();
    namespaces.put(namespace, new Namespace(namespace, Labels.NONE, true, Origin.NONE));
    Workload workload =
        new Workload(namespace, name, "Pod", Labels.NONE, List.of(), false, List.of(), Origin.NONE);
    return Analysis.of(
            new Cluster(namespaces, List.of(workload), List.of(), List.of(), List.of(), List.of()))
        .connectivity();
  }

  private static String written(MatrixFormat format, Connectivity connectivity) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    Printer out = Printer.to(bytes);
    format.write(connectivity, out);
    out.flush();
    return bytes.toString(StandardCharsets.UTF_8);
  }

  @Property(tries = 100)
  void everyFormatHoldsEveryName(
      @ForAll("hostile") String namespace, @ForAll("hostile") String name) throws Exception {
    Connectivity connectivity = connectivity(namespace, name);
    long connections = connectivity.connections().count();
    for (MatrixFormat format : MatrixFormat.values()) {
      if (format.isPage()) {
        continue;
      }
      String text = written(format, connectivity);
      assertThat(text.lines())
          .as(format.name())
          .noneMatch(line -> line.codePoints().anyMatch(Printable::isUnsafe))
          .noneMatch(line -> line.contains("##["))
          .noneMatch(line -> line.stripLeading().startsWith("::error"));
    }
    assertThat(written(MatrixFormat.table, connectivity).lines().count())
        .isEqualTo(connections + 1);
    assertThat(written(MatrixFormat.md, connectivity).lines().count()).isEqualTo(connections + 2);
    assertThat(new ObjectMapper()
            .readTree(written(MatrixFormat.json, connectivity))
            .get("connections"))
        .hasSize((int) connections);
    assertThat(DocumentBuilderFactory.newInstance()
            .newDocumentBuilder()
            .parse(new InputSource(new StringReader(written(MatrixFormat.svg, connectivity))))
            .getElementsByTagName("path")
            .getLength())
        .isEqualTo((int) connections);
    csv(written(MatrixFormat.csv, connectivity));
    quoted(written(MatrixFormat.dot, connectivity));
    assertThat(written(MatrixFormat.mermaid, connectivity).lines().skip(1))
        .allMatch(line -> line.chars().filter(c -> c == '"').count() % 2 == 0)
        .noneMatch(line -> line.contains("\"<") || line.contains("\"`"));
  }

  /** RFC 4180: six cells a record, none of which a spreadsheet takes for a formula. */
  private static void csv(String text) {
    for (String record : text.split("\r\n")) {
      assertThat(record).matches("(?:(?:\"(?:[^\"]|\"\")*\"|[^\",]*)(?:,|$)){6}");
      assertThat(record).doesNotMatch("(?s)\"?[=+@-].*");
    }
  }

  /** Every quoted string of a graph ends where it should: an even number of quotes that no backslash escapes. */
  private static void quoted(String text) {
    assertThat(text.lines())
        .allMatch(line -> line.replace("\\\\", "")
                    .replace("\\\"", "")
                    .chars()
                    .filter(c -> c == '"')
                    .count()
                % 2
            == 0);
  }
}
