package dev.postern.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.postern.manifest.Manifests;
import dev.postern.watch.WatchedCluster;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AdmissionWebhookTest {

  private static final char[] PASSWORD = "changeit".toCharArray();

  private static final String POLICY = """
      {"apiVersion": "networking.k8s.io/v1", "kind": "NetworkPolicy",
       "metadata": {"name": "%s", "namespace": "shop"},
       "spec": {"podSelector": {"matchLabels": {"app": "db"}}, "policyTypes": ["Ingress"],
                "ingress": [%s]}}""";

  private static final String REVIEW = """
      {"apiVersion": "admission.k8s.io/v1", "kind": "AdmissionReview",
       "request": {"uid": "705ab4f5", "operation": "%s", "namespace": "shop", "name": "%s",
                   "kind": {"group": "networking.k8s.io", "version": "v1", "kind": "NetworkPolicy"},
                   "object": %s, "oldObject": %s}}""";

  @TempDir
  private Path directory;

  private AdmissionWebhook webhook;
  private HttpClient client;

  @BeforeEach
  void start() throws IOException, GeneralSecurityException, InterruptedException {
    Path keystore = keystore();
    WatchedCluster cluster = WatchedCluster.of(Manifests.load(Path.of("shop")).cluster());
    webhook = new AdmissionWebhook(
        new AdmissionDecision(
            cluster, "shop.postern", Files.readString(Path.of("shop", "shop.postern"))),
        AdmissionWebhook.certificate(keystore, PASSWORD),
        new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    client = HttpClient.newBuilder().sslContext(trusting(keystore)).build();
  }

  @AfterEach
  void stop() {
    webhook.close();
  }

  /** Runs the command that the document shows, with this JDK's keytool. */
  private Path keystore() throws IOException, InterruptedException {
    Matcher shown = Pattern.compile("```sh\n(keytool .*?)```", Pattern.DOTALL)
        .matcher(Files.readString(Path.of("..", "docs", "live.md")));
    assertThat(shown.find()).isTrue();
    Process keytool = new ProcessBuilder("sh", "-c", shown.group(1))
        .directory(directory.toFile())
        .redirectErrorStream(true)
        .redirectOutput(directory.resolve("keytool.log").toFile())
        .start();
    assertThat(keytool.waitFor())
        .as(Files.readString(directory.resolve("keytool.log")))
        .isZero();
    return directory.resolve("webhook.p12");
  }

  private static SSLContext trusting(Path keystore) throws IOException, GeneralSecurityException {
    KeyStore own = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(keystore)) {
      own.load(in, PASSWORD);
    }
    KeyStore trusted = KeyStore.getInstance("PKCS12");
    trusted.load(null, null);
    trusted.setCertificateEntry("webhook", own.getCertificate("webhook"));
    TrustManagerFactory managers =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    managers.init(trusted);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, managers.getTrustManagers(), null);
    return context;
  }

  private HttpResponse<String> post(String body) throws IOException, InterruptedException {
    return client.send(
        HttpRequest.newBuilder(URI.create("https://localhost:" + webhook.port() + "/validate"))
            .POST(HttpRequest.BodyPublishers.ofString(body))
            .build(),
        HttpResponse.BodyHandlers.ofString(StandardCharsets.UTF_8));
  }

  private JsonNode review(String operation, String name, String object, String old)
      throws IOException, InterruptedException {
    HttpResponse<String> answer = post(REVIEW.formatted(operation, name, object, old));
    assertThat(answer.statusCode()).isEqualTo(200);
    JsonNode review = new ObjectMapper().readTree(answer.body());
    assertThat(review.path("apiVersion").asText()).isEqualTo("admission.k8s.io/v1");
    assertThat(review.path("kind").asText()).isEqualTo("AdmissionReview");
    assertThat(review.path("response").path("uid").asText()).isEqualTo("705ab4f5");
    return review.path("response");
  }

  @Test
  void aPolicyThatOpensWhatASpecificationForbidsIsRefused()
      throws IOException, InterruptedException {
    String open = "{\"from\": [{\"namespaceSelector\": {\"matchLabels\":"
        + " {\"kubernetes.io/metadata.name\": \"monitoring\"}}}], \"ports\": [{\"port\": 5432}]}";
    JsonNode response = review("CREATE", "open", POLICY.formatted("open", open), "null");

    assertThat(response.path("allowed").asBoolean()).isFalse();
    assertThat(response.path("status").path("code").asInt()).isEqualTo(403);
    assertThat(response.path("status").path("message").asText().lines())
        .contains(
            "shop.postern:4: `namespace monitoring cannot reach shop/db on 5432` would no longer hold: monitoring/prometheus reaches shop/db on tcp/5432",
            "NetworkPolicy shop/open would open monitoring/prometheus -> shop/db on tcp/5432");
  }

  @Test
  void aPolicyThatOpensNothingForbiddenIsTaken() throws IOException, InterruptedException {
    String again = "{\"from\": [{\"podSelector\": {\"matchLabels\": {\"app\": \"frontend\"}}}],"
        + " \"ports\": [{\"port\": 5432}]}";
    JsonNode response = review("CREATE", "again", POLICY.formatted("again", again), "null");

    assertThat(response.path("allowed").asBoolean()).isTrue();
    assertThat(response.has("status")).isFalse();
  }

  @Test
  void theEndOfAPolicyThatSomethingRestsOnIsRefused() throws IOException, InterruptedException {
    JsonNode response = review(
        "DELETE", "allow-frontend-to-db", "null", POLICY.formatted("allow-frontend-to-db", "{}"));

    assertThat(response.path("allowed").asBoolean()).isFalse();
    assertThat(response.path("status").path("message").asText())
        .contains("shop.postern:2: `shop/frontend can reach shop/db on 5432` would no longer hold");
  }

  @Test
  void aPolicyWithAnErrorIsRefusedWithItsPlace() throws IOException, InterruptedException {
    JsonNode response = review(
        "CREATE", "odd", POLICY.formatted("odd", "{\"ports\": [{\"port\": 70000}]}"), "null");

    assertThat(response.path("allowed").asBoolean()).isFalse();
    assertThat(response.path("status").path("message").asText())
        .contains("NetworkPolicy shop/odd:")
        .contains("error:")
        .contains("70000");
  }

  @Test
  void whatIsNoReviewIsABadRequest() throws IOException, InterruptedException {
    assertThat(post("{}").statusCode()).isEqualTo(400);
    assertThat(post("{").statusCode()).isEqualTo(400);
  }

  @Test
  void aSpecificationWithAMistakeIsNotStartedWith() {
    WatchedCluster cluster = WatchedCluster.empty();
    assertThatThrownBy(() -> new AdmissionDecision(cluster, "a.postern", "a b c"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("a.postern:1: error: ");
  }
}
