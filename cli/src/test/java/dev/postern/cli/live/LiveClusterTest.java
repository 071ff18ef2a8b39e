package dev.postern.cli.live;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.postern.cli.console.UserError;
import dev.postern.cluster.UnreadPolicy;
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
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Over real HTTP, against an API server that answers as the Kubernetes API conventions say. */
class LiveClusterTest {

  private static final String EMPTY = list("v1", "Pod", "{}", "[]");

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
    Answer answer = answers.getOrDefault(path, unused -> usual(path)).apply(query);
    byte[] body = answer.body().getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().add("Content-Type", "application/json");
    exchange.sendResponseHeaders(answer.status(), body.length);
    exchange.getResponseBody().write(body);
    exchange.close();
  }

  /** A cluster without objects and without CRDs. */
  private static Answer usual(String path) {
    if (path.equals("/apis")) {
      return new Answer(200, "{\"kind\":\"APIGroupList\",\"apiVersion\":\"v1\",\"groups\":[]}");
    }
    return Listing.ALL.stream()
        .filter(each -> !each.optional() && each.path().equals(path))
        .findFirst()
        .map(each -> new Answer(200, list(each.apiVersion(), each.kind(), "{}", "[]")))
        .orElse(new Answer(404, "404 page not found"));
  }

  private static String list(String version, String kind, String metadata, String items) {
    return "{\"kind\":\"%sList\",\"apiVersion\":\"%s\",\"metadata\":%s,\"items\":%s}"
        .formatted(kind, version, metadata, items);
  }

  /** Serves a group with kinds, as {@code ciliumnetworkpolicies=CiliumNetworkPolicy}. */
  /** Serves resources of one group, and of no other. */
  private void serve(String version, String... resources) {
    serve(Map.of(version, List.of(resources)));
  }

  private void serve(Map<String, List<String>> resources) {
    List<String> groups = new ArrayList<>();
    resources.forEach((version, names) -> {
      groups.add("""
          {"name":"%1$s","versions":[{"groupVersion":"%2$s","version":"v"}],
          "preferredVersion":{"groupVersion":"%2$s","version":"v"}}""".formatted(version.substring(0, version.indexOf('/')), version));
      String served = String.join(
          ",",
          names.stream()
              .map(each -> each.split("=", 2))
              .map(each ->
                  "{\"name\":\"%s\",\"kind\":\"%s\",\"namespaced\":true,\"verbs\":[\"get\",\"list\"]}"
                      .formatted(each[0], each[1]))
              .toList());
      answers.put(
          "/apis/" + version,
          unused -> new Answer(
              200,
              "{\"kind\":\"APIResourceList\",\"apiVersion\":\"v1\",\"groupVersion\":\"%s\",\"resources\":[%s]}"
                  .formatted(version, served)));
    });
    String all = "{\"kind\":\"APIGroupList\",\"apiVersion\":\"v1\",\"groups\":[%s]}"
        .formatted(String.join(",", groups));
    answers.put("/apis", unused -> new Answer(200, all));
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

  private Listed read() throws IOException {
    return LiveCluster.read(Optional.of(kubeconfig()), Optional.empty(), Map.of());
  }

  @Test
  void everyKindIsListedWithTheCredentialsOfTheContext() throws IOException {
    List<Page> pages = read().pages();

    assertThat(asked)
        .containsExactlyElementsOf(Stream.concat(
                Listing.ALL.stream().map(each -> "GET " + each.path() + "?limit=500"),
                Stream.of("GET /apis?null"))
            .toList());
    assertThat(tokens).containsOnly("Bearer s3cret");
    assertThat(pages)
        .hasSize((int) Listing.ALL.stream().filter(each -> !each.optional()).count());
    assertThat(pages).contains(new Page(address() + "/api/v1/pods", EMPTY));
  }

  @Test
  void aLongListComesInPages() throws IOException {
    String first = list("v1", "Pod", "{\"continue\":\"a+b/c=\"}", "[1]");
    String last = list("v1", "Pod", "{\"resourceVersion\":\"7\"}", "[2]");
    answers.put(
        "/api/v1/pods",
        query -> new Answer(200, query.equals("limit=500&continue=a+b/c=") ? last : first));

    assertThat(read().pages()).extracting(Page::json).containsSequence(first, last);
  }

  @Test
  void aListThatExpiresBetweenTwoPagesIsReadOnceMore() throws IOException {
    String first = list("v1", "Pod", "{\"continue\":\"old\"}", "[1]");
    List<String> pods = new ArrayList<>();
    answers.put("/api/v1/pods", query -> {
      pods.add(query);
      return pods.size() == 1
          ? new Answer(200, first)
          : pods.size() == 2 ? new Answer(410, "{}") : new Answer(200, EMPTY);
    });

    assertThat(read().pages()).extracting(Page::json).doesNotContain(first);
    assertThat(pods).containsExactly("limit=500", "limit=500&continue=old", "limit=500");
  }

  @Test
  void policiesOfAnInstalledCrdAreListed() throws IOException {
    String policies = list("policy.networking.k8s.io/v1alpha1", "AdminNetworkPolicy", "{}", "[]");
    answers.put(
        "/apis/policy.networking.k8s.io/v1alpha1/adminnetworkpolicies",
        unused -> new Answer(200, policies));

    assertThat(read().pages()).extracting(Page::json).contains(policies);
  }

  @Test
  void whatMayNotBeListedIsAnErrorAndNotNothing() {
    answers.put(
        "/apis/networking.k8s.io/v1/networkpolicies",
        unused -> new Answer(403, "{\"kind\":\"Status\",\"code\":403}"));

    assertThatThrownBy(this::read)
        .isInstanceOf(UserError.class)
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
        .isInstanceOf(UserError.class)
        .hasMessageContaining("adminnetworkpolicies");
  }

  @Test
  void staleCredentialsAreSaidPlainly() {
    answers.put(
        "/api/v1/namespaces", unused -> new Answer(401, "{\"kind\":\"Status\",\"code\":401}"));

    assertThatThrownBy(this::read)
        .isInstanceOf(UserError.class)
        .hasMessageEndingWith("(hint: log in again)");
  }

  @Test
  void anAnswerThatIsNoListIsAnError() {
    answers.put("/api/v1/pods", unused -> new Answer(200, "<html>log in</html>"));

    assertThatThrownBy(this::read)
        .isInstanceOf(UserError.class)
        .hasMessageStartingWith(address() + "/api/v1/pods: error: the server's answer is not JSON");
  }

  @Test
  void aServerThatIsNotThereIsNamed() throws IOException {
    Path file = kubeconfig();

    assertThatThrownBy(() -> LiveCluster.read(Optional.of(file), Optional.of("far"), Map.of()))
        .isInstanceOf(UserError.class)
        .hasMessageStartingWith(
            "http://127.0.0.1:1/api/v1/namespaces: error: cannot reach the server: Connection refused");
  }

  @Test
  void anUnknownContextOffersThoseThatExist() throws IOException {
    Path file = kubeconfig();

    assertThatThrownBy(() -> LiveCluster.read(Optional.of(file), Optional.of("prod"), Map.of()))
        .isInstanceOf(UserError.class)
        .hasMessage(
            file + ": error: no context `prod` (hint: choose one with --context: dev, far)");
    assertThat(asked).isEmpty();
  }

  @Test
  void aMissingKubeconfigIsNamed() {
    assertThatThrownBy(() ->
            LiveCluster.read(Optional.empty(), Optional.empty(), Map.of("HOME", home.toString())))
        .isInstanceOf(UserError.class)
        .hasMessageContaining(home.resolve(".kube/config").toString());
  }

  @Test
  void aKubeconfigThatIsNoneIsAnError() throws IOException {
    Path file = Files.writeString(home.resolve("config"), "]]");

    assertThatThrownBy(() -> LiveCluster.read(Optional.of(file), Optional.empty(), Map.of()))
        .isInstanceOf(UserError.class)
        .hasMessageStartingWith(file + ": error: this is no kubeconfig");
  }

  @Test
  void ofSeveralFilesInTheEnvironmentTheOneWithTheContextCounts() throws IOException {
    Path other =
        Files.writeString(home.resolve("other"), "apiVersion: v1\nkind: Config\ncontexts: []\n");
    String both = other + java.io.File.pathSeparator + kubeconfig();

    LiveCluster.read(Optional.empty(), Optional.of("dev"), Map.of("KUBECONFIG", both));

    assertThat(asked).hasSize(Listing.ALL.size() + 1);
  }

  @Test
  void policiesOfKindsThatAreNotReadAreListedWhereTheServerServesThem() throws IOException {
    serve(
        "acme.example/v1",
        "acmenetworkpolicies=AcmeNetworkPolicy",
        "acmenetworkpolicies/status=AcmeNetworkPolicy",
        "widgets=Widget");
    String policies = list("acme.example/v1", "AcmeNetworkPolicy", "{}", "[1]");
    answers.put("/apis/acme.example/v1/acmenetworkpolicies", unused -> new Answer(200, policies));

    Listed listed = read();

    assertThat(listed.pages())
        .contains(new Page(address() + "/apis/acme.example/v1/acmenetworkpolicies", policies));
    assertThat(listed.unseen()).isEmpty();
    assertThat(asked).noneMatch(each -> each.contains("widgets") || each.contains("status"));
  }

  @Test
  void policiesInAVersionThatIsNotReadAreListedThere() throws IOException {
    serve("policy.networking.k8s.io/v1beta7", "adminnetworkpolicies=AdminNetworkPolicy");
    String path = "/apis/policy.networking.k8s.io/v1beta7/adminnetworkpolicies";
    answers.put(
        path,
        unused -> new Answer(
            200, list("policy.networking.k8s.io/v1beta7", "AdminNetworkPolicy", "{}", "[1]")));

    assertThat(read().pages()).extracting(Page::source).contains(address() + path);
  }

  @Test
  void aKindThatMayNotBeListedIsNamed() throws IOException {
    serve("cilium.io/v2", "ciliumnetworkpolicies=CiliumNetworkPolicy");
    answers.put(
        "/apis/cilium.io/v2/ciliumnetworkpolicies",
        unused -> new Answer(403, "{\"kind\":\"Status\"}"));

    assertThat(read().unseen()).hasSize(1).allSatisfy(policy -> {
      assertThat(policy.kind()).isEqualTo("CiliumNetworkPolicy");
      assertThat(policy.matters()).isTrue();
    });
  }

  /** Calico's API may hide the policies of tiers, its custom resources hold them all. */
  @Test
  void whatTheGroupShowsThatKeepsTheObjectsNeedNotBeShownTwice() throws IOException {
    List<String> policies = List.of("networkpolicies=NetworkPolicy");
    serve(Map.of("projectcalico.org/v3", policies, "crd.projectcalico.org/v1", policies));
    String api = "/apis/projectcalico.org/v3/networkpolicies";
    String kept = "/apis/crd.projectcalico.org/v1/networkpolicies";
    answers.put(api, unused -> new Answer(403, "{\"kind\":\"Status\"}"));
    answers.put(kept, unused -> new Answer(403, "{\"kind\":\"Status\"}"));
    assertThat(read().unseen()).hasSize(2);

    answers.put(
        kept,
        unused -> new Answer(200, list("crd.projectcalico.org/v1", "NetworkPolicy", "{}", "[]")));
    assertThat(read().unseen()).isEmpty();

    answers.put(kept, unused -> new Answer(403, "{\"kind\":\"Status\"}"));
    answers.put(
        api, unused -> new Answer(200, list("projectcalico.org/v3", "NetworkPolicy", "{}", "[]")));
    assertThat(read().unseen())
        .extracting(UnreadPolicy::group)
        .containsExactly("crd.projectcalico.org");
  }

  @Test
  void aGroupWhoseServerIsAwayIsNamedUnlessItOnlyMeasures() throws IOException {
    serve("projectcalico.org/v3");
    answers.put("/apis/projectcalico.org/v3", unused -> new Answer(503, "{}"));
    assertThat(read().unseen()).singleElement().satisfies(policy -> {
      assertThat(policy.kind()).isEqualTo("*");
      assertThat(policy.group()).isEqualTo("projectcalico.org");
    });

    serve("metrics.k8s.io/v1beta1");
    answers.put("/apis/metrics.k8s.io/v1beta1", unused -> new Answer(503, "{}"));
    assertThat(read().unseen()).isEmpty();
  }

  @Test
  void aServerThatDoesNotTellWhatItServesIsAnError() {
    answers.put("/apis", unused -> new Answer(403, "{\"kind\":\"Status\"}"));

    assertThatThrownBy(this::read)
        .isInstanceOf(UserError.class)
        .hasMessageContaining("bind the ClusterRole system:discovery");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '^',
      value = {
        "{'kind':'Status','apiVersion':'v1','status':'Failure','message':'etcd is away'}|a failure: etcd is away",
        "{'kind':'ServiceList','apiVersion':'v1','items':[]}|a ServiceList of v1 instead of a PodList of v1",
        "{'kind':'PodList','apiVersion':'apps/v1','items':[]}|a PodList of apps/v1 instead of a PodList of v1",
        "{'items':[]}|something without `kind` instead of a PodList of v1",
        "{'kind':'PodList','apiVersion':'v1','items':{}}|a PodList whose `items` are no list",
        "{'kind':'PodList','apiVersion':'v1','metadata':{}}|a PodList without `items`",
        "{'kind':'PodList','apiVersion':'v1','metadata':{'continue':5},'items':[]}"
            + "|a part of a list, and with no token for what is missing",
        "{'kind':'PodList','apiVersion':'v1','metadata':{'remainingItemCount':7},'items':[]}"
            + "|a part of a list, and with no token for what is missing",
        "{'kind':'PodList','apiVersion':'v1','metadata':{'continue':'','remainingItemCount':'7'},'items':[]}"
            + "|a part of a list, and with no token for what is missing",
        "{'kind':'PodList','apiVersion':'v1','metadata':[],'items':[]}"
            + "|a part of a list, and with no token for what is missing",
        "[]|something that is no list"
      })
  void whatIsNotTheListThatWasAskedForIsNoEmptyCluster(String body, String what) {
    answers.put("/api/v1/pods", unused -> new Answer(200, body.replace('\'', '"')));

    assertThatThrownBy(this::read)
        .isInstanceOf(UserError.class)
        .hasMessage(address() + "/api/v1/pods: error: the server answered with " + what);
  }

  @ParameterizedTest
  @ValueSource(ints = {201, 203, 206})
  void anAnswerThatIsNotTheWholeOneOfTheServerIsAnError(int status) {
    answers.put("/api/v1/pods", unused -> new Answer(status, list("v1", "Pod", "{}", "[]")));

    assertThatThrownBy(this::read)
        .isInstanceOf(UserError.class)
        .hasMessageContaining("/api/v1/pods: error: the server answered " + status);
  }

  @Test
  void aListWithoutEndIsAnError() {
    answers.put(
        "/api/v1/pods",
        unused -> new Answer(200, list("v1", "Pod", "{\"continue\":\"again\"}", "[]")));

    assertThatThrownBy(this::read)
        .isInstanceOf(UserError.class)
        .hasMessageContaining("/api/v1/pods: error: the server's list has no end");
  }
}
