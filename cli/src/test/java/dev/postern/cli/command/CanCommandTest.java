package dev.postern.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.postern.cli.Postern;
import dev.postern.cli.Run;
import dev.postern.cli.console.Console;
import dev.postern.cli.console.ExitStatus;
import dev.postern.cli.console.Printer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class CanCommandTest {

  private static final String SHOP = "../examples/shop";

  private static final ObjectMapper JSON = new ObjectMapper();

  private static Run can(String question, String... options) {
    return Run.of(arguments(question, options));
  }

  private static String[] arguments(String question, String... options) {
    List<String> arguments = new ArrayList<>(List.of("can"));
    arguments.addAll(List.of(question.split(" ")));
    arguments.addAll(List.of(options));
    arguments.addAll(List.of("-f", SHOP));
    return arguments.toArray(String[]::new);
  }

  @Test
  void aYesNamesTheRulesOfBothSidesAndIsStatusZero() {
    Run run = can("shop/frontend reach shop/db on 5432");

    assertThat(run.out()).isEqualTo("""
            allowed: shop/frontend -> shop/db on tcp/5432
              egress:  shop/allow-frontend egress[1] (../examples/shop/frontend.yaml:59:7)
              ingress: shop/allow-frontend-to-db ingress[0] (../examples/shop/db.yaml:52:7)
            """);
    assertThat(run.status()).isEqualTo(ExitStatus.YES);
    assertThat(run.err()).isEmpty();
  }

  @Test
  void aNoIsStatusOneAndNamesWhoIsolates() {
    Run run = can("shop/cart reach shop/db on 5432");

    assertThat(run.out())
        .startsWith("denied: shop/cart -> shop/db on tcp/5432\n")
        .contains(
            "no rule allows it", "shop/default-deny (../examples/shop/default-deny.yaml:2:1)");
    assertThat(run.status()).isEqualTo(ExitStatus.NO);
  }

  @Test
  void aPartIsNoWholeYes() {
    Run run = can("shop/frontend reach shop/db on 5432,5433");

    assertThat(run.out())
        .startsWith("partial: shop/frontend -> shop/db on tcp/5432-5433: tcp/5432\n");
    assertThat(run.status()).isEqualTo(ExitStatus.NO);
  }

  @Test
  void whoListsTheSourcesAndTheirTraffic() {
    assertThat(can("who can reach shop/db").out()).isEqualTo("""
            allowed: who can reach shop/db
              monitoring/prometheus -> shop/db  tcp/9090
              shop/frontend -> shop/db          tcp/5432
            """);
  }

  @Test
  void neighbouringAddressesArePutTogetherAgain() {
    assertThat(can("what can shop/payments reach").out()).contains("203.0.113.0/25", "tcp/443");
    assertThat(can("internet reach shop/frontend on 8080").out())
        .contains("allowed: internet -> shop/frontend on tcp/8080");
  }

  /** Its *allowed*, and exit status 0, would answer the opposite of what was asked. */
  @Test
  void aQuestionThatDeniesIsRefused() {
    Run run = can("shop/frontend cannot reach shop/db on 5432");

    assertThat(run.status()).isEqualTo(ExitStatus.BAD_INPUT);
    assertThat(run.out()).isEmpty();
    assertThat(run.err())
        .startsWith("<question>:1:19: error: a question is about what passes, and `cannot`")
        .contains("ask `can … reach …`");
    assertThat(can("cannot shop/frontend reach shop/db on 5432", "-o", "json").status())
        .isEqualTo(ExitStatus.BAD_INPUT);
    assertThat(Run.of("why", "shop/frontend can't reach shop/db on 5432", "-f", SHOP)
            .status())
        .isEqualTo(ExitStatus.BAD_INPUT);
  }

  @Test
  void aMisspeltWordIsShownWithACaret() {
    Run run = can("shop/frontend raech shop/db");

    assertThat(run.status()).isEqualTo(ExitStatus.BAD_INPUT);
    assertThat(run.out()).isEmpty();
    assertThat(run.err()).isEqualTo("""
            <question>:1:19: error: `raech` stands where `can` or `reach` should be (hint: did you mean `reach`?)
              can shop/frontend raech shop/db
                                ^^^^^
            """);
  }

  @Test
  void anUnknownNameOffersTheNearest() {
    Run run = can("shop/frontnd reach shop/db");

    assertThat(run.status()).isEqualTo(ExitStatus.BAD_INPUT);
    assertThat(run.err())
        .contains("no workload or pod is named `frontnd`", "did you mean `shop/frontend`?");
  }

  @Test
  void jsonHasTheStableKeys() throws IOException {
    JsonNode answer = JSON.readTree(
        can("can shop/frontend reach shop/db on tcp/5432", "-o", "json").out());

    assertThat(answer.get("question").asText())
        .isEqualTo("can shop/frontend reach shop/db on tcp/5432");
    assertThat(answer.get("verdict").asText()).isEqualTo("allowed");
    assertThat(answer.get("connections").toString())
        .isEqualTo(
            "[{\"src\":\"shop/frontend\",\"dst\":\"shop/db\",\"traffic\":[{\"protocol\":\"TCP\",\"ports\":[5432,5432]}]}]");
  }

  @Test
  void aBatchAnswersEveryLineInOrderAndSaysWhichItCouldNot() throws IOException {
    Run run = Run.withInput("""
        # three questions
        can shop/frontend reach shop/db on 5432

        can shop/nobody reach shop/db
        can shop/cart reach shop/db   # no
        """, "can", "--batch", "-", "-o", "json", "-f", SHOP);

    List<JsonNode> lines = new ArrayList<>();
    for (String line : run.out().lines().toList()) {
      lines.add(JSON.readTree(line));
    }
    assertThat(lines).hasSize(3);
    assertThat(lines.get(0).get("verdict").asText()).isEqualTo("allowed");
    assertThat(lines.get(1).get("error").asText()).contains("no workload or pod is named `nobody`");
    assertThat(lines.get(1).get("question").asText()).isEqualTo("can shop/nobody reach shop/db");
    assertThat(lines.get(2).get("verdict").asText()).isEqualTo("denied");
    assertThat(run.status()).isEqualTo(ExitStatus.BAD_INPUT);
  }

  @Test
  void aBatchOfGoodQuestionsIsAYesOnlyIfAllAre() {
    String yes = "can shop/frontend reach shop/db on 5432\n";

    assertThat(Run.withInput(yes, "can", "--batch", "-", "-f", SHOP).status())
        .isEqualTo(ExitStatus.YES);
    assertThat(Run.withInput(yes + "can shop/cart reach shop/db", "can", "--batch", "-", "-f", SHOP)
            .status())
        .isEqualTo(ExitStatus.NO);
  }

  @Test
  void aBatchWithoutAQuestionIsNoYesAndAByteOrderMarkIsNoPartOfOne() {
    Run none = Run.withInput("# later\n\n", "can", "--batch", "-", "-f", SHOP);

    assertThat(none.status()).isEqualTo(ExitStatus.BAD_INPUT);
    assertThat(none.err()).contains("<stdin>: error: there is no question in it");
    String marked = "\uFEFFcan shop/frontend reach shop/db on 5432\r\n";
    assertThat(Run.withInput(marked, "can", "--batch", "-", "-f", SHOP).status())
        .isEqualTo(ExitStatus.YES);
  }

  @Test
  void aQuestionAndABatchDoNotGoTogetherNorDoesNeither() {
    assertThat(can("a reach b", "--batch", "x").err()).contains("there is a question and a batch");
    assertThat(Run.of("can", "-f", SHOP).err()).contains("there is no question");
    assertThat(Run.of("can", "--batch", "no-such-file", "-f", SHOP).err()).contains("no such file");
  }

  @Test
  void standardInputCannotBeBothQuestionsAndManifests() {
    Run run = Run.withInput("", "can", "--batch", "-", "-f", "-");

    assertThat(run.status()).isEqualTo(ExitStatus.BAD_INPUT);
    assertThat(run.err()).contains("--batch - and -f - both read standard input");
  }

  @Test
  void whatTheManifestsDoNotSayIsStatusThreeWithWhatIsMissing() {
    Run run = Run.withInput("""
        apiVersion: v1
        kind: Pod
        metadata: {name: db, namespace: lab, labels: {app: db}}
        spec: {containers: [{name: c, image: i}]}
        ---
        apiVersion: policy.networking.k8s.io/v1alpha2
        kind: ClusterNetworkPolicy
        metadata: {name: names}
        spec:
          tier: Admin
          priority: 5
          subject: {namespaces: {}}
          egress:
            - {action: Accept, to: [{domainNames: [api.example.com]}]}
            - {action: Deny, to: [{networks: [0.0.0.0/0]}]}
        """, "can", "lab/db", "reach", "203.0.113.7", "on", "443", "-f", "-");

    assertThat(run.status()).isEqualTo(ExitStatus.UNDECIDED);
    assertThat(run.out())
        .startsWith("unknown: lab/db -> 203.0.113.7 on tcp/443\n")
        .endsWith(
            "  note: it depends on whether 203.0.113.7 is an address of api.example.com, which no manifest says\n");
  }

  @Test
  void theChoicesAreOptionsAndAnAnswerNamesTheOneThatMatters() {
    String manifests = """
        apiVersion: v1
        kind: Pod
        metadata: {name: a, namespace: x}
        spec: {containers: [{name: c, image: i}]}
        status: {podIP: 10.0.0.1}
        ---
        apiVersion: v1
        kind: Pod
        metadata: {name: b, namespace: x}
        spec: {containers: [{name: c, image: i}]}
        status: {podIP: 10.0.0.2}
        ---
        apiVersion: networking.k8s.io/v1
        kind: NetworkPolicy
        metadata: {name: p, namespace: x}
        spec: {podSelector: {}, ingress: [{from: [{ipBlock: {cidr: 10.0.0.0/24}}]}]}
        """;

    Run yes = Run.withInput(manifests, "can", "x/a", "reach", "x/b", "-f", "-");
    Run no = Run.withInput(
        manifests, "can", "x/a", "reach", "x/b", "-f", "-", "--ip-block-matches-pods=false");

    assertThat(yes.status()).isEqualTo(ExitStatus.YES);
    assertThat(yes.out())
        .contains(
            "note: because an ipBlock matches addresses of pods: --ip-block-matches-pods=false says denied");
    assertThat(no.status()).isEqualTo(ExitStatus.NO);
  }

  @Test
  void aPolicyWithAnErrorIsNamedAndWhatItCouldSelectIsUnknownAndBadInput() {
    Run run = Run.of(
        "can",
        "shop/frontend",
        "reach",
        "shop/db",
        "on",
        "5432",
        "-f",
        SHOP,
        "-f",
        "../examples/mistakes");

    assertThat(run.out())
        .startsWith("unknown: ")
        .contains("left out for errors: NetworkPolicy shop/db");
    assertThat(run.err()).contains("error: ");
    assertThat(run.status()).isEqualTo(ExitStatus.BAD_INPUT);
  }

  @Test
  void onlyATerminalSeesColoursAndOnlyIfItWants() {
    assertThat(onTerminal(Map.of()))
        .startsWith("\u001b[32mallowed\u001b[0m: shop/frontend -> shop/db");
    assertThat(onTerminal(Map.of("NO_COLOR", "1"))).startsWith("allowed: shop/frontend -> shop/db");
  }

  private static String onTerminal(Map<String, String> environment) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    Console console = new Console(
        InputStream.nullInputStream(),
        Printer.to(out),
        Printer.to(OutputStream.nullOutputStream()),
        environment,
        true,
        false);
    Postern.run(console, arguments("shop/frontend reach shop/db on 5432"));
    return out.toString(StandardCharsets.UTF_8);
  }

  @Test
  void manyFoldersAreJudgedApartInOneProcessAndTheWorstIsTheStatus() {
    String before = "../examples/change/before.yaml";
    String after = "../examples/change/after.yaml";
    String[] question = {"office/report", "reach", "shop/db", "on", "5432"};
    Run run = Run.of(apart(question, "-f", before, "-f", after));
    assertThat(run.status()).isEqualTo(1);
    assertThat(run.out())
        .isEqualTo(before + ": denied: can office/report reach shop/db on 5432\n" + after
            + ": allowed: can office/report reach shop/db on 5432\n");
    Run json = Run.of(apart(question, "-f", before, "-f", after, "-o", "json"));
    assertThat(json.out().lines())
        .hasSize(2)
        .first()
        .asString()
        .startsWith("{\"manifests\":\"" + before + "\",\"question\":")
        .contains("\"verdict\":\"denied\"");
    Run missing = Run.of(apart(question, "-f", "../examples/shop", "-f", after));
    assertThat(missing.status()).isEqualTo(2);
    assertThat(missing.out()).startsWith(after + ": allowed: ");
    assertThat(missing.err()).contains("../examples/shop: <question>:1:5: error: ");
    assertThat(Run.of(apart(question, "-f", before, "--open")).status()).isEqualTo(2);
    assertThat(Run.of(apart(question)).status()).isEqualTo(2);
  }

  private static String[] apart(String[] question, String... more) {
    return Stream.of(Stream.of("can"), Stream.of(question), Stream.of("--apart"), Stream.of(more))
        .flatMap(words -> words)
        .toArray(String[]::new);
  }
}
