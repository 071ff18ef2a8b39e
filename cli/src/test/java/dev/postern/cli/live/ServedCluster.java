package dev.postern.cli.live;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
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
import org.junit.jupiter.api.io.TempDir;

/** An API server over real HTTP that answers as the Kubernetes API conventions say, and the command's reading of it. */
abstract class ServedCluster {

  static final String EMPTY = list("v1", "Pod", "{}", "[]");

  @TempDir
  Path home;

  private HttpServer server;
  final List<String> asked = Collections.synchronizedList(new ArrayList<>());
  final List<String> tokens = Collections.synchronizedList(new ArrayList<>());
  final Map<String, Function<String, Answer>> answers = new HashMap<>();

  record Answer(int status, String body) {}

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

  static String list(String version, String kind, String metadata, String items) {
    return "{\"kind\":\"%sList\",\"apiVersion\":\"%s\",\"metadata\":%s,\"items\":%s}"
        .formatted(kind, version, metadata, items);
  }

  String address() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  Path kubeconfig() throws IOException {
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

  Listed read() throws IOException {
    return LiveCluster.read(Optional.of(kubeconfig()), Optional.empty(), Map.of());
  }
}
