package dev.postern.cli.watch;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.postern.cli.console.UserError;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;

/** Answers {@code GET /metrics}, and nothing else. */
public final class MetricsServer implements AutoCloseable {

  private static final int OK = 200;
  private static final int NOT_FOUND = 404;
  private static final int NOT_ALLOWED = 405;

  private final HttpServer server;

  private MetricsServer(HttpServer server) {
    this.server = server;
  }

  /**
   * Starts to answer.
   *
   * @param place a port of the loopback interface, or {@code address:port}; 0 is any port that is free
   * @throws UserError if it is neither, or taken
   */
  public static MetricsServer at(String place, Metrics metrics) {
    InetSocketAddress address = address(place);
    try {
      HttpServer server = HttpServer.create(address, 0);
      server.createContext("/", exchange -> answer(exchange, metrics));
      server.start();
      return new MetricsServer(server);
    } catch (IOException problem) {
      throw new UserError("postern prove: error: --metrics: nothing can be served at " + place
          + ": " + problem.getMessage());
    }
  }

  private static InetSocketAddress address(String place) {
    int colon = place.lastIndexOf(':');
    try {
      int port = Integer.parseInt(place.substring(colon + 1));
      String host = colon < 0 ? "" : place.substring(0, colon);
      boolean bare = host.contains(":") && !host.startsWith("[");
      if (port < 0 || port > 65535 || colon == 0 || bare) {
        throw none(place);
      }
      return new InetSocketAddress(
          host.isEmpty() ? InetAddress.getLoopbackAddress() : InetAddress.getByName(host), port);
    } catch (NumberFormatException | UnknownHostException problem) {
      throw none(place);
    }
  }

  private static UserError none(String place) {
    return new UserError(
        "postern prove: error: --metrics takes <port> or <address>:<port>, not " + place);
  }

  private static void answer(HttpExchange exchange, Metrics metrics) throws IOException {
    try (exchange) {
      boolean known = exchange.getRequestURI().getPath().equals("/metrics");
      if (!known || !exchange.getRequestMethod().equals("GET")) {
        exchange.sendResponseHeaders(known ? NOT_ALLOWED : NOT_FOUND, -1);
        return;
      }
      byte[] text = metrics.text().getBytes(StandardCharsets.UTF_8);
      exchange.getResponseHeaders().set("Content-Type", "text/plain; version=0.0.4; charset=utf-8");
      exchange.sendResponseHeaders(OK, text.length);
      exchange.getResponseBody().write(text);
    }
  }

  /** Where it answers. */
  public String url() {
    InetSocketAddress address = server.getAddress();
    String host = address.getAddress().getHostAddress();
    return "http://" + (host.contains(":") ? "[" + host + "]" : host) + ":" + address.getPort()
        + "/metrics";
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
