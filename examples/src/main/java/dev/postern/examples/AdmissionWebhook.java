package dev.postern.examples;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import dev.postern.manifest.Manifests;
import dev.postern.watch.WatchedCluster;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;

/**
 * A validating admission webhook over HTTPS: the API server asks it before it takes a policy, and it refuses one that would open what a
 * specification forbids.
 */
public final class AdmissionWebhook implements AutoCloseable {

  /** The API server sends no object larger than that: it is etcd's limit, twice, as an update has the old object, too. */
  private static final int MOST_BYTES = 4 << 20;

  private final HttpsServer server;
  private final ExecutorService threads = Executors.newFixedThreadPool(4);
  private final AdmissionDecision decision;

  /**
   * Serves {@code /validate} from now on.
   *
   * @param certificate with the server's key
   * @param address where to listen; port 0 for any that is free
   */
  public AdmissionWebhook(
      AdmissionDecision decision, SSLContext certificate, InetSocketAddress address)
      throws IOException {
    this.decision = decision;
    this.server = HttpsServer.create(address, 0);
    server.setHttpsConfigurator(new HttpsConfigurator(certificate));
    server.setExecutor(threads);
    server.createContext("/validate", this::validate);
    server.start();
  }

  /** {@code keystore password port specification manifests…}: judges changes of the cluster that the manifests say. */
  public static void main(String... arguments) throws IOException, GeneralSecurityException {
    Path[] manifests = new Path[arguments.length - 4];
    for (int i = 0; i < manifests.length; i++) {
      manifests[i] = Path.of(arguments[i + 4]);
    }
    WatchedCluster cluster = WatchedCluster.of(Manifests.load(manifests).cluster());
    Path specification = Path.of(arguments[3]);
    AdmissionDecision decision =
        new AdmissionDecision(cluster, arguments[3], Files.readString(specification));
    AdmissionWebhook webhook = new AdmissionWebhook(
        decision,
        certificate(Path.of(arguments[0]), arguments[1].toCharArray()),
        new InetSocketAddress(Integer.parseInt(arguments[2])));
    System.out.println("listening on port " + webhook.port());
  }

  /** The certificate and key of a PKCS #12 key store. */
  static SSLContext certificate(Path keystore, char[] password)
      throws IOException, GeneralSecurityException {
    KeyStore keys = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(keystore)) {
      keys.load(in, password);
    }
    KeyManagerFactory managers =
        KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    managers.init(keys, password);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(managers.getKeyManagers(), null, null);
    return context;
  }

  /** The port that it listens on. */
  public int port() {
    return server.getAddress().getPort();
  }

  private void validate(HttpExchange exchange) throws IOException {
    try (exchange) {
      byte[] request = exchange.getRequestBody().readNBytes(MOST_BYTES + 1);
      if (request.length > MOST_BYTES) {
        answer(exchange, 413, "the request is too large");
        return;
      }
      try {
        answer(exchange, 200, decision.review(new String(request, StandardCharsets.UTF_8)));
      } catch (IOException e) {
        answer(exchange, 400, String.valueOf(e.getMessage()));
      }
    }
  }

  private static void answer(HttpExchange exchange, int status, String text) throws IOException {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    exchange
        .getResponseHeaders()
        .set("Content-Type", status == 200 ? "application/json" : "text/plain; charset=utf-8");
    exchange.sendResponseHeaders(status, bytes.length);
    exchange.getResponseBody().write(bytes);
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
