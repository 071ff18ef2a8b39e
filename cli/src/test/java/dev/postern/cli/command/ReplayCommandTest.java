package dev.postern.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.postern.cli.HostileText;
import dev.postern.cli.Run;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReplayCommandTest {

  private static final String FLOWS = "../examples/flows.json";

  @TempDir
  Path directory;

  private static Run replay(String... more) {
    List<String> arguments = new ArrayList<>(List.of("replay"));
    arguments.addAll(List.of(more));
    arguments.addAll(List.of("-f", "../examples/shop", "-f", "../examples/running"));
    return Run.of(arguments.toArray(String[]::new));
  }

  private Path log(String... lines) throws IOException {
    return Files.writeString(directory.resolve("log.json"), String.join("\n", lines));
  }

  @Test
  void jsonHoldsEveryRowWithItsReasons() throws IOException {
    Run run = replay(FLOWS, "-o", "json");
    assertThat(run.status()).isEqualTo(1);
    JsonNode json = new ObjectMapper().readTree(run.out());
    assertThat(json.path("flows").asInt()).isEqualTo(5);
    assertThat(json.path("breaks").path(0).path("src").asText()).isEqualTo("shop/cart");
    assertThat(json.path("breaks").path(0).path("flows").asInt()).isEqualTo(2);
    assertThat(
            json.path("breaks").path(0).path("because").path(0).path("policy").asText())
        .isEqualTo("shop/allow-cart");
    assertThat(json.path("opens").path(0).path("dst").asText()).isEqualTo("shop/frontend");
    assertThat(json.path("unknown").path(0).path("reason").asText())
        .isEqualTo("backup/nightly-28811-x2x is not in the manifests");
    assertThat(json.path("skipped").path("replies").asInt()).isEqualTo(1);
  }

  @Test
  void htmlIsThePageWithTheSameRows() throws IOException {
    Run run = replay(FLOWS, "-o", "html");
    assertThat(run.status()).isEqualTo(1);
    JsonNode page = HostileText.pageData(run.out());
    assertThat(page.path("view").asText()).isEqualTo("traffic");
    assertThat(page.path("sources")).isNotEmpty();
    JsonNode json = new ObjectMapper().readTree(replay(FLOWS, "-o", "json").out());
    List<String> rows = new ArrayList<>();
    for (String fate : List.of("breaks", "opens", "unknown", "same")) {
      json.path(fate)
          .forEach(row -> rows.add(fate + " " + row.path("src").asText() + " "
              + row.path("dst").asText() + " " + row.path("flows")));
    }
    assertThat(page.path("traffic").path("rows"))
        .extracting(row -> row.path("fate").asText() + " " + row.path("from").asText() + " "
            + row.path("to").asText() + " " + row.path("flows"))
        .isNotEmpty()
        .containsExactlyElementsOf(rows);
    assertThat(page.path("traffic").path("unused")).hasSameSizeAs(json.path("unused"));
  }

  @Test
  void aLogThatThePoliciesAgreeWithIsAYes() throws IOException {
    String first = Files.readAllLines(Path.of(FLOWS)).get(0);
    Run run = replay(log(first).toString());
    assertThat(run.status()).isZero();
    assertThat(run.out()).contains("1 flow: 0 would break, 0 would open, 0 not known, 1 as before");
  }

  @Test
  void flowsOfUnknownPodsAreUndecided() throws IOException {
    String unknown = Files.readAllLines(Path.of(FLOWS)).get(5);
    assertThat(replay(log(unknown).toString()).status()).isEqualTo(3);
  }

  @Test
  void aBrokenLineIsToldAndTheRestIsJudged() throws IOException {
    String first = Files.readAllLines(Path.of(FLOWS)).get(0);
    Path log = log(first, "{\"flow\"");
    Run run = replay(log.toString());
    assertThat(run.status()).isEqualTo(3);
    assertThat(run.err()).contains(log + ":2:").contains("error: no JSON").doesNotContain("\tat ");
    assertThat(run.out()).contains("1 as before", "1 (could not be read)");
    assertThat(replay(log.toString(), "--strict").status()).isEqualTo(2);
  }

  @Test
  void anOddEntryOfEachFormatIsToldAndChangesTheStatus() throws IOException {
    for (String good : List.of(
        "{\"action\":\"Allow\",\"source_name\":\"a-*\",\"source_namespace\":\"shop\",\"dest_name\":\"pub\",\"protocol\":\"tcp\",\"dest_port\":443,\"reporter\":\"Src\"}",
        "{\"flowRecords\":{\"flows\":[{\"flowGroups\":[{\"flowTuples\":[\"1663146003599,192.0.2.1,192.0.2.2,50000,80,6,O,B,NX,0,0,0,0\"]}]}]}}",
        "{\"jsonPayload\":{\"connection\":{\"src_ip\":\"192.0.2.1\",\"src_port\":50000,\"dest_ip\":\"192.0.2.2\",\"dest_port\":80,\"protocol\":6}}}",
        "{\"response_flags\":\"-\",\"upstream_host\":\"192.0.2.2:80\",\"upstream_cluster\":\"outbound|80||x\",\"downstream_local_address\":\"192.0.2.9:80\",\"downstream_remote_address\":\"192.0.2.1:50000\"}",
        "1637706961,1637706973,192.0.2.1,192.0.2.2,50000,80,TCP,,,n1,,,n2,,0,,,,,,,,,,,,,http,,",
        "2023-11-02T16:28:54.139Z|00004|acl_log(ovn_pinctrl0)|INFO|name=\"NP:a:Ingress:0\", verdict=allow, severity=alert, direction=to-lport: tcp,nw_src=192.0.2.1,nw_dst=192.0.2.2,tp_src=50000,tp_dst=80,tcp_flags=syn",
        "[2020-11-25T21:26:18.409Z] \"GET /a HTTP/1.1\" 418 - via_upstream - \"-\" 0 135 3 1 \"-\" \"curl\" \"8496\" \"httpbin:8000\" \"192.0.2.2:80\" outbound|80||x 10.44.1.23:37652 10.0.45.184:8000 192.0.2.1:50000 - default")) {
      int clean = replay(log(good, good).toString()).status();
      for (String odd : List.of(good.replace("80", "808080").replace("443", "[]"), good + "}\r")) {
        Path log = log(good, odd);
        Run run = replay(log.toString());
        // A later column of a line may hold anything.
        boolean read = run.out().contains("2 flows");
        assertThat(run.err()).as(odd).doesNotContain("\tat ", "internal error");
        assertThat(run.err().contains(log + ":2:")).as(odd).isNotEqualTo(read);
        assertThat(run.status()).as(odd).isEqualTo(read ? clean : 3);
        assertThat(replay(log.toString(), "--strict").status()).as(odd).isEqualTo(read ? clean : 2);
      }
    }
  }

  @Test
  void columnsAreThoseOfTheCsvAmongLogsAndALogThatIsNamedTwiceIsReadOnce() throws IOException {
    String csv = Files.writeString(
            directory.resolve("seen.csv"),
            "from,destination,port,protocol\n192.0.2.1,192.0.2.2,80,tcp\n")
        .toString();
    String conntrack = "../examples/traffic/conntrack.txt";
    Run run = replay(conntrack, csv, csv, "--columns", "source=from");
    assertThat(run.out())
        .contains("read " + conntrack + " as conntrack", "read " + csv + " as csv", "\n2 flows: ");
    assertThat(run.out()).containsOnlyOnce("as csv");

    Run lacking = replay(csv, "--columns", "source=form");
    assertThat(lacking.status()).isEqualTo(2);
    assertThat(lacking.err()).contains("its first line names all of them");
    assertThat(replay(csv, "--columns", "source=form", "--format", "csv").err())
        .contains("the header has no column `form` for source");
  }

  @Test
  void whatIsNoLogIsSaid() throws IOException {
    assertThat(replay("nowhere.json").err()).contains("nowhere.json: error: no such file");
    assertThat(replay(directory.toString()).err()).contains("it is a directory");
    assertThat(replay(log("").toString()).err()).contains("there is no flow in it");
    assertThat(replay("nowhere.json").status()).isEqualTo(2);
  }

  @Test
  void flowsCanComeFromStandardInputButNotBesideManifests() throws IOException {
    String flows = Files.readString(Path.of(FLOWS));
    Run run =
        Run.withInput(flows, "replay", "-", "-f", "../examples/shop", "-f", "../examples/running");
    assertThat(run.out()).contains("<stdin>:3", "2 would break");
    assertThat(Run.withInput(flows, "replay", "-", "-f", "-").err())
        .contains("cannot both come from standard input");
  }
}
