package dev.postern.cli.live;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.postern.cli.console.Complaint;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Over real HTTP, against an API server that answers as the Kubernetes API conventions say. */
class LiveClusterTest {

  private static final String EMPTY =
      "{\"kind\":\"List\",\"apiVersion\":\"v1\",\"metadata\":{},\"items\":[]}";

  @TempDir
  private Path home;

  private HttpServer server;
  private final List<String> asked = Collections.synchronizedList(new ArrayList<>());
  private final List<String> tokens = Collections.synchronizedList(new ArrayList<>());
  private final Map<String, Function<String, Answer>> answers = new HashMap<>();

  private record Answer(int status, String body) {}

  @BeforeEach
  void startServer() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", this::answer);
    server.start();
  }

  @AfterEach
  void stopServer() {
    server.stop(0);
  }

  private void answer(HttpExchange exchange) throws IOException {
    String path = exchange.getRequestURI().getPath();
    String query = String.valueOf(exchange.getRequestURI().getQuery());
    asked.add(exchange.getRequestMethod() + " " + path + "?" + query);
    tokens.add(String.valueOf(exchange.getRequestHeaders().getFirst("Authorization")));
    boolean custom =
        Listing.ALL.stream().anyMatch(each -> each.optional() && each.path().equals(path));
    Answer answer = answers
        .getOrDefault(
            path, unused -> custom ? new Answer(404, "404 page not found") : new Answer(200, EMPTY))
        .apply(query);
    byte[] body = answer.body().getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().add("Content-Type", "application/json");
    exchange.sendResponseHeaders(answer.status(), body.length);
    exchange.getResponseBody().write(body);
    exchange.close();
  }

  private String address() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  private Path kubeconfig() throws IOException {
    return Files.writeString(home.resolve("config"), """
        apiVersion: v1
        kind: Config
        current-context: dev
        clusters: [{name: here, cluster: {server: "%s"}}, {name: gone, cluster: {server: "http://127.0.0.1:1"}}]
        users: [{name: reviewer, user: {token: s3cret}}]
        contexts:
          - {name: dev, context: {cluster: here, user: reviewer}}
          - {name: far, context: {cluster: gone, user: reviewer}}
        """.formatted(address()));
  }

  private List<Page> read() throws IOException {
    return LiveCluster.read(Optional.of(kubeconfig()), Optional.empty(), Map.of());
  }

  @Test
  void everyKindIsListedWithTheCredentialsOfTheContext() throws IOException {
    List<Page> pages = read();

    assertThat(asked)
        .containsExactlyElementsOf(Listing.ALL.stream()
            .map(each -> "GET " + each.path() + "?limit=500")
            .toList());
    assertThat(tokens).containsOnly("Bearer s3cret");
    assertThat(pages)
        .hasSize((int) Listing.ALL.stream().filter(each -> !each.optional()).count());
    assertThat(pages).contains(new Page(address() + "/api/v1/pods", EMPTY));
  }

  @Test
  void aLongListComesInPages() throws IOException {
    String first =
        "{\"kind\":\"PodList\",\"metadata\":{\"resourceVersion\":\"7\",\"continue\":\"a+b/c=\"},\"items\":[1]}";
    String last = "{\"kind\":\"PodList\",\"metadata\":{\"resourceVersion\":\"7\"},\"items\":[2]}";
    answers.put(
        "/api/v1/pods",
        query -> new Answer(200, query.equals("limit=500&continue=a+b/c=") ? last : first));

    assertThat(read()).extracting(Page::json).containsSequence(first, last);
  }

  @Test
  void aListThatExpiresBetweenTwoPagesIsReadOnceMore() throws IOException {
    String first = "{\"metadata\":{\"continue\":\"old\"},\"items\":[1]}";
    List<String> pods = new ArrayList<>();
    answers.put("/api/v1/pods", query -> {
      pods.add(query);
      return pods.size() == 1
          ? new Answer(200, first)
          : pods.size() == 2 ? new Answer(410, "{}") : new Answer(200, EMPTY);
    });

    assertThat(read()).extracting(Page::json).doesNotContain(first);
    assertThat(pods).containsExactly("limit=500", "limit=500&continue=old", "limit=500");
  }

  @Test
  void policiesOfAnInstalledCrdAreListed() throws IOException {
    String policies = "{\"kind\":\"AdminNetworkPolicyList\",\"metadata\":{},\"items\":[]}";
    answers.put(
        "/apis/policy.networking.k8s.io/v1alpha1/adminnetworkpolicies",
        unused -> new Answer(200, policies));

    assertThat(read()).extracting(Page::json).contains(policies);
  }

  @Test
  void whatMayNotBeListedIsAnErrorAndNotNothing() {
    answers.put(
        "/apis/networking.k8s.io/v1/networkpolicies",
        unused -> new Answer(403, "{\"kind\":\"Status\",\"code\":403}"));

    assertThatThrownBy(this::read)
        .isInstanceOf(Complaint.class)
        .hasMessage(address()
            + "/apis/networking.k8s.io/v1/networkpolicies: error: not allowed to list networkpolicies"
            + " (hint: bind a ClusterRole that may list networkpolicies)");
  }

  @Test
  void aForbiddenCrdIsAnErrorToo() {
    answers.put(
        "/apis/policy.networking.k8s.io/v1alpha1/adminnetworkpolicies",
        unused -> new Answer(403, "{\"kind\":\"Status\"}"));

    assertThatThrownBy(this::read)
        .isInstanceOf(Complaint.class)
        .hasMessageContaining("adminnetworkpolicies");
  }

  @Test
  void staleCredentialsAreSaidPlainly() {
    answers.put(
        "/api/v1/namespaces", unused -> new Answer(401, "{\"kind\":\"Status\",\"code\":401}"));

    assertThatThrownBy(this::read)
        .isInstanceOf(Complaint.class)
        .hasMessageEndingWith("(hint: log in again)");
  }

  @Test
  void anAnswerThatIsNoListIsAnError() {
    answers.put("/api/v1/pods", unused -> new Answer(200, "<html>log in</html>"));

    assertThatThrownBy(this::read)
        .isInstanceOf(Complaint.class)
        .hasMessageStartingWith(address() + "/api/v1/pods: error: the server's answer is not JSON");
  }

  @Test
  void aServerThatIsNotThereIsNamed() throws IOException {
    Path file = kubeconfig();

    assertThatThrownBy(() -> LiveCluster.read(Optional.of(file), Optional.of("far"), Map.of()))
        .isInstanceOf(Complaint.class)
        .hasMessageStartingWith(
            "http://127.0.0.1:1/api/v1/namespaces: error: cannot reach the server: Connection refused");
  }

  @Test
  void anUnknownContextOffersThoseThatExist() throws IOException {
    Path file = kubeconfig();

    assertThatThrownBy(() -> LiveCluster.read(Optional.of(file), Optional.of("prod"), Map.of()))
        .isInstanceOf(Complaint.class)
        .hasMessage(
            file + ": error: no context `prod` (hint: choose one with --context: dev, far)");
    assertThat(asked).isEmpty();
  }

  @Test
  void aMissingKubeconfigIsNamed() {
    assertThatThrownBy(() ->
            LiveCluster.read(Optional.empty(), Optional.empty(), Map.of("HOME", home.toString())))
        .isInstanceOf(Complaint.class)
        .hasMessageContaining(home.resolve(".kube/config").toString());
  }

  @Test
  void aKubeconfigThatIsNoneIsAnError() throws IOException {
    Path file = Files.writeString(home.resolve("config"), "]]");

    assertThatThrownBy(() -> LiveCluster.read(Optional.of(file), Optional.empty(), Map.of()))
        .isInstanceOf(Complaint.class)
        .hasMessageStartingWith(file + ": error: this is no kubeconfig");
  }

  @Test
  void ofSeveralFilesInTheEnvironmentTheOneWithTheContextCounts() throws IOException {
    Path other =
        Files.writeString(home.resolve("other"), "apiVersion: v1\nkind: Config\ncontexts: []\n");
    String both = other + java.io.File.pathSeparator + kubeconfig();

    LiveCluster.read(Optional.empty(), Optional.of("dev"), Map.of("KUBECONFIG", both));

    assertThat(asked).hasSize(Listing.ALL.size());
  }
}
