package dev.postern.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.postern.cli.HostileText;
import dev.postern.cli.Run;
import dev.postern.cli.console.ExitStatus;
import java.io.IOException;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class ConnectivityCommandTest {

  /** Two workloads; only a may call b, on a named port, and everyone may call a over any protocol but from 10/8. */
  private static final String SMALL = """
      apiVersion: apps/v1
      kind: Deployment
      metadata: {name: a, namespace: x}
      spec: {selector: {matchLabels: {app: a}}, template: {metadata: {labels: {app: a}}, spec: {containers: [{name: c, image: i}]}}}
      ---
      apiVersion: apps/v1
      kind: StatefulSet
      metadata: {name: b, namespace: x}
      spec:
        selector: {matchLabels: {app: b}}
        template: {metadata: {labels: {app: b}}, spec: {containers: [{name: c, image: i, ports: [{name: sql, containerPort: 5432}]}]}}
      ---
      apiVersion: networking.k8s.io/v1
      kind: NetworkPolicy
      metadata: {name: b, namespace: x}
      spec: {podSelector: {matchLabels: {app: b}}, policyTypes: [Ingress, Egress], ingress: [{from: [{podSelector: {matchLabels: {app: a}}}], ports: [{port: sql}]}]}
      ---
      apiVersion: networking.k8s.io/v1
      kind: NetworkPolicy
      metadata: {name: a, namespace: x}
      spec: {podSelector: {matchLabels: {app: a}}, ingress: [{from: [{ipBlock: {cidr: 0.0.0.0/0, except: [10.0.0.0/8]}}]}]}
      """;

  private static Run connectivity(String... options) {
    String[] arguments = new String[options.length + 3];
    arguments[0] = "connectivity";
    arguments[1] = "-f";
    arguments[2] = "-";
    System.arraycopy(options, 0, arguments, 3, options.length);
    return Run.withInput(SMALL, arguments);
  }

  @Test
  void aTableHasAConnectionALine() {
    Run run = connectivity();

    assertThat(run.status()).isEqualTo(ExitStatus.YES);
    assertThat(run.err())
        .isEqualTo(
            "note: no manifest says which addresses x/a, x/b have; an ipBlock or networks that"
                + " leaves out some addresses is taken not to hold them\n");
    assertThat(run.out()).isEqualTo("""
            SOURCE                    DESTINATION               TRAFFIC
            x/a                       x/b                       tcp/5432
            x/a                       0.0.0.0-9.255.255.255     all traffic
            x/a                       10.0.0.0/8                all traffic
            x/a                       11.0.0.0-255.255.255.255  all traffic
            0.0.0.0-9.255.255.255     x/a                       all traffic
            11.0.0.0-255.255.255.255  x/a                       all traffic
            """);
  }

  @Test
  void jsonIsTheStableForm() throws IOException {
    JsonNode json = new ObjectMapper().readTree(connectivity("-o", "json").out());

    assertThat(json.get("endpoints").toString())
        .isEqualTo(
            "[{\"id\":\"x/a\",\"kind\":\"Deployment\"},{\"id\":\"x/b\",\"kind\":\"StatefulSet\"},"
                + "{\"id\":\"0.0.0.0-9.255.255.255\",\"kind\":\"External\"},"
                + "{\"id\":\"10.0.0.0-10.255.255.255\",\"kind\":\"External\"},"
                + "{\"id\":\"11.0.0.0-255.255.255.255\",\"kind\":\"External\"}]");
    assertThat(json.get("connections").get(0).toString())
        .isEqualTo(
            "{\"src\":\"x/a\",\"dst\":\"x/b\",\"traffic\":[{\"protocol\":\"TCP\",\"ports\":[5432,5432]}]}");
    assertThat(json.get("connections").get(4).toString())
        .isEqualTo("{\"src\":\"0.0.0.0-9.255.255.255\",\"dst\":\"x/a\",\"traffic\":\"all\"}");
    assertThat(json.get("connections")).hasSize(6);
  }

  @Test
  void jsonHasAConnectionALine() {
    assertThat(connectivity("-o", "json").out().lines())
        .contains("{\"src\":\"0.0.0.0-9.255.255.255\",\"dst\":\"x/a\",\"traffic\":\"all\"},");
  }

  @Test
  void csvHasALineForEachIntervalOfPorts() {
    assertThat(connectivity("-o", "csv").out())
        .startsWith(
            "src,dst,protocol,first_port,last_port,certain\r\nx/a,x/b,TCP,5432,5432,yes\r\n")
        .contains("0.0.0.0-9.255.255.255,x/a,all,,,yes\r\n");
  }

  @Test
  void markdownIsATable() {
    assertThat(connectivity("-o", "md").out().lines().limit(3))
        .containsExactly(
            "| source | destination | traffic |", "|---|---|---|", "| x/a | x/b | tcp/5432 |");
  }

  @Test
  void dotHasAClusterANamespace() {
    assertThat(connectivity("-o", "dot").out())
        .startsWith("digraph connectivity {")
        .contains(
            "subgraph \"cluster_x\" {",
            "    \"x/b\" [label=\"b\"];",
            "  \"x/a\" -> \"x/b\" [label=\"tcp/5432\"];")
        .endsWith("}\n");
  }

  @Test
  void mermaidNamesEveryEndpointOnce() {
    assertThat(connectivity("-o", "mermaid").out()).isEqualTo("""
            flowchart LR
              subgraph ns0["x"]
                e0["a"]
                e1["b"]
              end
              e2(["0.0.0.0-9.255.255.255"])
              e3(["10.0.0.0/8"])
              e4(["11.0.0.0-255.255.255.255"])
              e0 -->|"tcp/5432"| e1
              e0 -->|"all traffic"| e2
              e0 -->|"all traffic"| e3
              e0 -->|"all traffic"| e4
              e2 -->|"all traffic"| e0
              e4 -->|"all traffic"| e0
            """);
  }

  @Test
  void htmlIsOnePageWithItsDataAndNothingFromElsewhere() throws IOException {
    String page = connectivity("-o", "html").out();

    JsonNode json = HostileText.pageData(page);
    assertThat(json.get("view").asText()).isEqualTo("map");
    assertThat(json.get("matrix").get("endpoints")).hasSize(5);
    assertThat(json.get("sources")).hasSize(1);
    assertThat(page)
        .doesNotContain("<link", "<img", "@import", "script src")
        .contains("default-src 'none'; script-src 'sha256-");
  }

  @Test
  void nothingInAManifestCanEndTheScriptOfThePage() {
    String hostile = SMALL.replace(
        "name: a, namespace: x}\nspec: {selector",
        "name: \"a</script><b>\", namespace: x}\nspec: {selector");
    String page =
        Run.withInput(hostile, "connectivity", "-f", "-", "-o", "html").out();

    assertThat(page).doesNotContain("</script><b>");
  }

  @Test
  void everyFormatNamesTheSamePairs() throws IOException {
    JsonNode json = new ObjectMapper().readTree(connectivity("-o", "json").out());
    Set<List<String>> pairs = new HashSet<>();
    json.get("connections")
        .forEach(c -> pairs.add(List.of(c.get("src").asText(), c.get("dst").asText())));
    Set<List<String>> csv = new HashSet<>();
    connectivity("-o", "csv").out().lines().skip(1).forEach(line -> {
      String[] cells = line.split(",");
      csv.add(List.of(cells[0], cells[1]));
    });

    assertThat(csv).isEqualTo(pairs);
  }

  @Test
  void everyFormatIsNarrowedToEndsAndTraffic() {
    for (String format : List.of("table", "json", "csv", "md", "dot", "mermaid", "svg")) {
      Run run = connectivity("-o", format, "--from", "x/a", "--to", "x/b", "--port", "5432");
      assertThat(run.status()).as(format).isEqualTo(ExitStatus.YES);
      assertThat(run.out()).as(format).contains("5432").doesNotContain("9.255.255.255");
    }
    assertThat(connectivity("--from", "10.1.0.0/16", "--to", "x/a", "--denied").out())
        .isEqualTo("""
            SOURCE       DESTINATION  DENIED
            10.1.0.0/16  x/a          all traffic
            """);
  }

  @Test
  void thePageOpensWithThePartThatIsAskedFor() {
    JsonNode json = HostileText.pageData(
        connectivity("-o", "html", "--from", "x/a", "--to", "x/b", "--port", "5432")
            .out());
    assertThat(json.get("matrix").get("endpoints")).hasSize(2);
    assertThat(json.get("narrowed").get("port").asText()).isEqualTo("5432");
  }

  @Test
  void reasonsOfOneSideOfWhatIsDenied() throws IOException {
    Run run =
        connectivity("--from", "x/b", "--to", "x/a", "--why", "--denied", "--direction", "egress");
    assertThat(run.out()).isEqualTo("""
        x/b -> x/a
          denied: all traffic, as tcp/443
            egress of x/b: denied, tier NetworkPolicy
              isolated by x/b (<stdin>:13:1)
              there is no rule that could allow it
        note: no manifest says which addresses x/a, x/b have; an ipBlock or networks that leaves out some addresses is taken not to hold them
        """);
    JsonNode pairs = new ObjectMapper()
        .readTree(
            connectivity("--from", "x/b", "--to", "x/a", "--why", "-o", "json").out())
        .get("pairs");
    assertThat(pairs).hasSize(1);
    assertThat(pairs.get(0).get("parts").get(0).get("verdict").asText()).isEqualTo("denied");
    assertThat(pairs.get(0).get("parts").get(0).get("ingress").get("of").asText())
        .isEqualTo("x/a");
  }

  @Test
  void whatCannotBeShownIsRefused() {
    assertThat(connectivity("--denied", "-o", "dot").status()).isEqualTo(ExitStatus.BAD_INPUT);
    assertThat(connectivity("--why", "-o", "csv").status()).isEqualTo(ExitStatus.BAD_INPUT);
    assertThat(connectivity("--direction", "egress").status()).isEqualTo(ExitStatus.BAD_INPUT);
    assertThat(connectivity("--from", "x/c").err()).contains("no workload or pod is named `c`");
  }

  @Test
  void manyPathsAreJudgedApartInOneProcess() {
    String before = "../examples/change/before.yaml";
    String after = "../examples/change/after.yaml";
    Run table =
        Run.of("connectivity", "--apart", "--from", "office/report", "-f", before, "-f", after);
    assertThat(table.status()).isZero();
    assertThat(table.out())
        .isEqualTo(before + ":\n"
            + Run.of("connectivity", "--from", "office/report", "-f", before).out()
            + "\n" + after + ":\n"
            + Run.of("connectivity", "--from", "office/report", "-f", after).out());

    Run csv = Run.of("connectivity", "--apart", "-o", "csv", "-f", before, "-f", after);
    String rows = Stream.of(before, after)
        .flatMap(path -> Run.of("connectivity", "-o", "csv", "-f", path)
            .out()
            .lines()
            .skip(1)
            .map(line -> path + "," + line + "\r\n"))
        .collect(Collectors.joining());
    assertThat(csv.out())
        .isEqualTo("manifests,src,dst,protocol,first_port,last_port,certain\r\n" + rows);

    Run markdown = Run.of("connectivity", "--apart", "--denied", "-o", "md", "-f", before);
    assertThat(markdown.out())
        .isEqualTo("### " + before + "\n\n"
            + Run.of("connectivity", "--denied", "-o", "md", "-f", before).out());
  }

  @Test
  void aPathThatCannotBeAskedStopsNoOther() {
    String before = "../examples/change/before.yaml";
    Run run = Run.of(
        "connectivity",
        "--apart",
        "--from",
        "office/report",
        "-o",
        "json",
        "-f",
        "../examples/shop",
        "-f",
        "../nowhere",
        "-f",
        before);
    assertThat(run.status()).isEqualTo(2);
    assertThat(run.err())
        .contains("../examples/shop: <option>:1:10: error: there is no namespace `office`")
        .contains("../nowhere");
    assertThat(run.out().lines())
        .hasSize(3)
        .satisfiesExactly(
            shop -> assertThat(shop).startsWith("{\"manifests\":\"../examples/shop\",\"error\":"),
            nowhere -> assertThat(nowhere).startsWith("{\"manifests\":\"../nowhere\","),
            read ->
                assertThat(read).startsWith("{\"manifests\":\"" + before + "\",\"endpoints\":"));
  }

  @Test
  void apartThereAreTablesOfFilesOnly() {
    String before = "../examples/change/before.yaml";
    assertThat(Run.of("connectivity", "--apart", "-o", "dot", "-f", before).err())
        .contains("--apart makes a table of each");
    assertThat(Run.of("connectivity", "--apart", "--why", "-f", before).status())
        .isEqualTo(2);
    assertThat(Run.of("connectivity", "--apart", "-f", "-").err())
        .contains("--apart takes files and directories");
  }
}
