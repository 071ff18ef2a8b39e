package dev.postern.cli.watch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.cli.Run;
import dev.postern.cli.console.Console;
import dev.postern.cli.console.ExitStatus;
import dev.postern.cli.console.UserError;
import dev.postern.cli.proof.ProofFormat;
import dev.postern.manifest.Manifests;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code postern prove --watch}: what is printed is what is new, and the metrics say what holds. */
class WatchTest {

  private static final Path EXAMPLE = Path.of("..", "examples", "node");

  private static final Pattern LISTED = Pattern.compile("\"/apis?/[a-z0-9./]*?([a-z]{3,})\"");

  @TempDir
  private Path directory;

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();
  private final Metrics metrics = new Metrics();
  private Instant now = Instant.ofEpochSecond(1_800_000_000);

  private Console console() {
    return Console.of(new ByteArrayInputStream(new byte[0]), out, err);
  }

  private static String text(ByteArrayOutputStream stream) {
    return stream.toString(StandardCharsets.UTF_8);
  }

  private Watch watch() {
    InstantSource clock = () -> now;
    return new Watch(console(), ProofFormat.text, clock, metrics);
  }

  /** One look after the other, and a minute between them. */
  private int run(List<Function<Console, WatchRound>> looks) {
    Deque<Function<Console, WatchRound>> left = new ArrayDeque<>(looks);
    return watch().run(console -> left.remove().apply(console), () -> {
      now = now.plusSeconds(60);
      return !left.isEmpty();
    });
  }

  private static WatchRound look(String dump, boolean anew) {
    return new WatchRound(
        WatchedProofs.of(EXAMPLE.resolve(dump)),
        dump.contains("wrong") ? ExitStatus.NO : ExitStatus.YES,
        anew);
  }

  private static int count(String text, String part) {
    return text.split(Pattern.quote(part), -1).length - 1;
  }

  @Test
  void whatStaysIsPrintedOnce() {
    int status = run(List.of(
        console -> look("iptables-save.txt", true),
        console -> look("iptables-save.txt", false),
        console -> look("iptables-save-wrong.txt", true),
        console -> look("iptables-save-wrong.txt", false),
        console -> look("iptables-save.txt", true)));

    assertThat(status).isEqualTo(ExitStatus.YES);
    assertThat(text(out))
        .containsSubsequence(
            "2027-01-15T08:00:00Z\nproved",
            "2027-01-15T08:02:00Z\ndiffers",
            "2027-01-15T08:04:00Z\nproved");
    assertThat(count(text(out), "proved for what was read")).isEqualTo(2);
    assertThat(count(text(out), "differs: ")).isEqualTo(1);
    assertThat(metrics.text())
        .contains(
            "postern_prove_verdict{verdict=\"proved\"} 1\n",
            "postern_prove_verdict{verdict=\"differs\"} 0\n",
            "postern_prove_reads_total 5\n",
            "postern_prove_proofs_total 3\n",
            "postern_prove_read_timestamp_seconds 1800000240\n",
            "postern_prove_changed_timestamp_seconds 1800000240\n");
  }

  @Test
  void whatFailsIsSaidOnceAndTriedAgain() {
    Function<Console, WatchRound> away = console -> {
      throw new UserError("postern: error: nobody answers");
    };
    List<String> seen = new ArrayList<>();
    int status = run(List.of(console -> look("iptables-save.txt", true), away, console -> {
      seen.add(metrics.text());
      return away.apply(console);
    }));

    assertThat(status).isEqualTo(ExitStatus.BAD_INPUT);
    assertThat(count(text(err), "nobody answers")).isEqualTo(1);
    assertThat(seen.get(0))
        .contains(
            "postern_prove_verdict{verdict=\"proved\"} 0\n",
            "postern_prove_verdict{verdict=\"unreadable\"} 1\n");
  }

  @Test
  void whatIsProvedOfManifestsWithErrorsIsNoVerdictForMetrics() {
    int status = run(List.of(console -> new WatchRound(
        WatchedProofs.of(EXAMPLE.resolve("iptables-save.txt")), ExitStatus.BAD_INPUT, true)));

    assertThat(status).isEqualTo(ExitStatus.BAD_INPUT);
    assertThat(metrics.text())
        .contains(
            "postern_prove_verdict{verdict=\"proved\"} 0\n",
            "postern_prove_verdict{verdict=\"unreadable\"} 1\n");
  }

  @Test
  void differencesAreCountedBySide() {
    run(List.of(console -> look("iptables-save-wrong.txt", true)));

    assertThat(metrics.text())
        .contains("postern_prove_verdict{verdict=\"differs\"} 1\n")
        .containsPattern("postern_prove_differences\\{side=\"more open\"} [1-9]");
  }

  @Test
  void metricsAreServedOnTheLoopbackInterfaceAlone() throws IOException, InterruptedException {
    run(List.of(console -> look("iptables-save.txt", true)));
    HttpClient client = HttpClient.newHttpClient();
    try (MetricsServer server = MetricsServer.at("0", metrics)) {
      assertThat(server.url()).startsWith("http://127.0.0.1:");
      HttpResponse<String> answer = client.send(
          HttpRequest.newBuilder(URI.create(server.url())).build(),
          HttpResponse.BodyHandlers.ofString());
      assertThat(answer.statusCode()).isEqualTo(200);
      assertThat(answer.headers().firstValue("Content-Type").orElse(""))
          .startsWith("text/plain; version=0.0.4");
      assertThat(answer.body()).isEqualTo(metrics.text());
      HttpRequest other = HttpRequest.newBuilder(URI.create(server.url().replace("/metrics", "/")))
          .build();
      assertThat(client.send(other, HttpResponse.BodyHandlers.discarding()).statusCode())
          .isEqualTo(404);
      HttpRequest post = HttpRequest.newBuilder(URI.create(server.url()))
          .POST(HttpRequest.BodyPublishers.noBody())
          .build();
      assertThat(client.send(post, HttpResponse.BodyHandlers.discarding()).statusCode())
          .isEqualTo(405);
    }
  }

  private Run prove(String... more) throws IOException {
    Path rules = directory.resolve("save.txt");
    Files.copy(EXAMPLE.resolve("iptables-save-wrong.txt"), rules);
    List<String> arguments = new ArrayList<>(List.of(
        "prove",
        "-f",
        EXAMPLE.resolve("cluster.yaml").toString(),
        "--ipset-save",
        EXAMPLE.resolve("ipset-save.txt").toString(),
        "--iptables-save",
        rules.toString()));
    arguments.addAll(List.of(more));
    return Run.of(arguments.toArray(String[]::new));
  }

  @Test
  void theCommandLooksAsOftenAsItIsToldAndPrintsOnce() throws IOException {
    Run run = prove("--watch", "--every", "0", "--rounds", "3", "--metrics", "0");

    assertThat(run.status()).as(run.err()).isEqualTo(ExitStatus.NO);
    assertThat(count(run.out(), "differs: ")).isEqualTo(1);
    assertThat(run.err()).contains("postern: metrics at http://127.0.0.1:");
  }

  @Test
  void whatOnlyAWatchTakesIsBadUsageWithoutOne() throws IOException {
    assertThat(prove("--metrics", "9464").err()).contains("are of --watch");
  }

  @Test
  void aWatchTakesNoTimeLimitAndNoPlaceThatIsNone() throws IOException {
    assertThat(prove("--watch", "--timeout", "5").err()).contains("takes no --timeout");
  }

  @Test
  void aPlaceForMetricsIsAPortOrAnAddressWithOne() throws IOException {
    Run run = prove("--watch", "--rounds", "1", "--metrics", "here");

    assertThat(run.status()).isEqualTo(ExitStatus.BAD_INPUT);
    assertThat(run.err()).contains("--metrics takes <port> or <address>:<port>, not here");
  }

  /** Each list that a live cluster is read by is granted, and nothing that writes. */
  @Test
  void theExampleOfADaemonSetMayReadWhatItReadsAndNothingMore() throws IOException {
    Path example = Path.of("..", "examples", "watch", "daemonset.yaml");
    String text = Files.readString(example);

    assertThat(Manifests.load(example).hasErrors()).isFalse();
    assertThat(text.lines().filter(line -> line.strip().startsWith("verbs:")).map(String::strip))
        .isNotEmpty()
        .containsOnly("verbs: [get, list]");
    Set<String> read = new TreeSet<>();
    try (Stream<Path> sources = Files.list(Path.of("src/main/java/dev/postern/cli/live"))) {
      for (Path source : sources.toList()) {
        Matcher path = LISTED.matcher(Files.readString(source));
        while (path.find()) {
          read.add(path.group(1));
        }
      }
    }
    assertThat(read).hasSizeGreaterThan(15);
    for (String resource : read) {
      assertThat(text).containsPattern("resources: \\[[^\\]]*\\b" + resource + "\\b");
    }
  }
}
