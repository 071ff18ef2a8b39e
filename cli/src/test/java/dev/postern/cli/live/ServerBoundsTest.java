package dev.postern.cli.live;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.postern.cli.console.UserError;
import dev.postern.deadline.Deadline;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Servers that never come to an end: each test would last for ever, or fill the memory, if the bound that it names did not hold. */
class ServerBoundsTest {

  private static final Duration SHORT = Duration.ofMillis(300);
  private static final Duration LONG = Duration.ofDays(1);

  @TempDir
  private Path home;

  private final CountDownLatch over = new CountDownLatch(1);
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private HttpServer server;

  /** What a server does with a request. */
  @FunctionalInterface
  private interface Answer {
    void to(HttpExchange exchange) throws IOException, InterruptedException;
  }

  @BeforeEach
  void startServer() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(threads);
    server.start();
  }

  @AfterEach
  void stopServer() {
    over.countDown();
    server.stop(0);
    threads.shutdownNow();
  }

  private void answer(Answer answer) {
    server.createContext("/", exchange -> {
      try {
        answer.to(exchange);
      } catch (InterruptedException stop) {
        Thread.currentThread().interrupt();
      } finally {
        exchange.close();
      }
    });
  }

  private String namespaces() {
    return "http://127.0.0.1:" + server.getAddress().getPort() + "/api/v1/namespaces";
  }

  private Listed read(Bounds bounds) throws IOException {
    return read(server.getAddress().getPort(), bounds);
  }

  private Listed read(int port, Bounds bounds) throws IOException {
    Path file = Files.writeString(home.resolve("config"), """
        apiVersion: v1
        kind: Config
        current-context: dev
        clusters: [{name: here, cluster: {server: "http://127.0.0.1:%d"}}]
        users: [{name: me, user: {token: t}}]
        contexts: [{name: dev, context: {cluster: here, user: me}}]
        """.formatted(port));
    return LiveCluster.read(Kubeconfig.find(Optional.of(file), Optional.empty(), Map.of()), bounds);
  }

  private static void send(HttpExchange exchange, String body) throws IOException {
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
    exchange.sendResponseHeaders(200, bytes.length);
    exchange.getResponseBody().write(bytes);
  }

  @Test
  void anAnswerThatDripsIsGivenUp() {
    answer(exchange -> {
      exchange.sendResponseHeaders(200, 0);
      exchange.getResponseBody().write('{');
      exchange.getResponseBody().flush();
      over.await();
    });

    assertThatThrownBy(() -> read(new Bounds(1_000_000, 100, SHORT)))
        .isInstanceOf(UserError.class)
        .hasMessage(
            namespaces() + ": error: the server's answer did not end within 300 ms, 1 bytes came");
  }

  @Test
  void anAnswerWhoseHeadersDripIsGivenUpWithoutLogLines() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      threads.execute(() -> {
        try (Socket accepted = socket.accept()) {
          accepted
              .getOutputStream()
              .write("HTTP/1.1 200 OK\r\nX-A: b\r\n".getBytes(StandardCharsets.US_ASCII));
          over.await();
        } catch (IOException | InterruptedException stop) {
          Thread.currentThread().interrupt();
        }
      });

      assertThatThrownBy(() -> read(socket.getLocalPort(), new Bounds(1_000_000, 100, SHORT)))
          .isInstanceOf(UserError.class)
          .hasMessageContaining("did not end within 300 ms, 0 bytes came");
    }
    assertThat(Logger.getLogger("").getHandlers()).isEmpty();
  }

  @Test
  void theTimeOfACommandEndsAnAnswerToo() {
    answer(exchange -> {
      exchange.sendResponseHeaders(200, 0);
      exchange.getResponseBody().write('{');
      exchange.getResponseBody().flush();
      over.await();
    });

    assertThatThrownBy(
            () -> Deadline.after(SHORT).during(() -> read(new Bounds(1_000_000, 100, LONG))))
        .isInstanceOf(Deadline.Passed.class);
  }

  @Test
  void anAnswerWithoutEndIsCutAtTheBound() {
    answer(exchange -> {
      exchange.sendResponseHeaders(200, 0);
      byte[] part = " ".repeat(65_536).getBytes(StandardCharsets.US_ASCII);
      OutputStream body = exchange.getResponseBody();
      while (over.getCount() > 0) {
        body.write(part);
      }
    });

    assertThatThrownBy(() -> read(new Bounds(4 << 20, 100, LONG)))
        .isInstanceOf(UserError.class)
        .hasMessage(namespaces()
            + ": error: the cluster's answers are larger than 4 MiB, a quarter of the memory that Postern may use"
            + " (hint: JDK_JAVA_OPTIONS=-Xmx8g gives more)");
  }

  @Test
  void theBoundIsOfAllAnswersTogether() {
    AtomicInteger page = new AtomicInteger();
    answer(exchange -> send(
        exchange,
        "{\"kind\":\"NamespaceList\",\"apiVersion\":\"v1\",\"metadata\":{\"continue\":\"%d\"},\"items\":[],\"x\":\"%s\"}"
            .formatted(page.incrementAndGet(), "y".repeat(100_000))));

    assertThatThrownBy(() -> read(new Bounds(1 << 20, 1_000, LONG)))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("answers are larger than 1 MiB");
    assertThat(page.get()).isBetween(10, 11);
  }

  @Test
  void pagesThatGoOnForEverWithEverNewTokensAreGivenUp() {
    AtomicInteger page = new AtomicInteger();
    answer(exchange -> send(
        exchange,
        "{\"kind\":\"NamespaceList\",\"apiVersion\":\"v1\",\"metadata\":{\"continue\":\"%d\"},\"items\":[]}"
            .formatted(page.incrementAndGet())));

    assertThatThrownBy(() -> read(new Bounds(1_000_000, 50, LONG)))
        .isInstanceOf(UserError.class)
        .hasMessage(namespaces()
            + ": error: the server's lists have no end: after 50 answers there are more");
    assertThat(page).hasValue(50);
  }

  @Test
  void aRefusalIsReadToABoundAndSaysWhatItsStatusSays() {
    answer(exchange -> {
      byte[] body =
          "{\"kind\":\"Status\",\"apiVersion\":\"v1\",\"message\":\"etcd\\nis away\",\"code\":422}"
              .getBytes(StandardCharsets.UTF_8);
      exchange.sendResponseHeaders(422, body.length);
      exchange.getResponseBody().write(body);
    });

    assertThatThrownBy(() -> read(new Bounds(1_000_000, 100, LONG)))
        .isInstanceOf(UserError.class)
        .hasMessage(namespaces() + ": error: the server answered 422: etcd");
  }
}
