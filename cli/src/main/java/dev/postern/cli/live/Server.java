package dev.postern.cli.live;

import dev.postern.cli.console.UserError;
import dev.postern.deadline.Deadline;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.http.AsyncBody;
import io.fabric8.kubernetes.client.http.HttpResponse;
import java.io.ByteArrayOutputStream;
import java.net.HttpURLConnection;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.logging.LogManager;

/**
 * An API server that is asked within {@link Bounds}. Fabric8 finds and authenticates it, and tries again where a failure may pass; the
 * answers stay text, since its types would lose what the reader must see. For one thread.
 */
final class Server implements AutoCloseable {

  private static final int REFUSALS_READ = 65_536;

  private final KubernetesClient client;
  private final Bounds bounds;
  private final String address;
  private long bytes;
  private int answers;

  /**
   * Connects when it is first asked.
   *
   * @throws KubernetesClientException if the credentials cannot be used
   */
  Server(Config config, Bounds bounds) {
    // What the libraries log is for their authors; what matters of it is in the exceptions.
    LogManager.getLogManager().reset();
    this.client = new KubernetesClientBuilder().withConfig(config).build();
    this.bounds = bounds;
    this.address = client.getMasterUrl().toString().replaceAll("/$", "");
  }

  /** Its URL, without a slash at the end. */
  String address() {
    return address;
  }

  /**
   * Asks for what is at a path.
   *
   * @param source what a message calls it
   * @return the answer's text
   * @throws Unanswered if the server cannot be reached or refuses
   * @throws UserError if the answer exceeds the bounds
   * @throws Deadline.Passed if time is over
   */
  String get(String path, String source) {
    answers++;
    if (answers > bounds.answers()) {
      throw new UserError(source + ": error: the server's lists have no end: after "
          + bounds.answers() + " answers there are more");
    }
    Body body = new Body(bounds.bytes() - bytes);
    long end = System.nanoTime() + Deadline.current().atMost(bounds.each()).toNanos();
    try {
      CompletableFuture<HttpResponse<AsyncBody>> sent = client
          .getHttpClient()
          .consumeBytes(
              client.getHttpClient().newHttpRequestBuilder().uri(address + path).build(),
              body::take);
      HttpResponse<AsyncBody> response = within(end, sent, body, source);
      // 203 and 206 are successes as well: what a proxy made of an answer, and a part of one.
      boolean whole = response.code() == HttpURLConnection.HTTP_OK;
      body.limit(whole);
      response.body().consume();
      try {
        within(end, CompletableFuture.anyOf(response.body().done(), body.full), body, source);
      } finally {
        response.body().cancel();
      }
      if (!whole) {
        throw Unanswered.refused(response.code(), refusal(body.text(), response));
      }
    } catch (IllegalArgumentException problem) {
      throw new UserError(source + ": error: cannot be asked: " + Failure.reason(problem));
    }
    if (body.full.isDone()) {
      throw new UserError(
          source + ": error: the cluster's answers are larger than "
              + bounds.bytes() / 1_048_576
              + " MiB, a quarter of the memory that Postern may use (hint: JDK_JAVA_OPTIONS=-Xmx8g gives more)");
    }
    bytes += body.size();
    return body.text();
  }

  private <T> T within(long end, Future<T> awaited, Body body, String source) {
    try {
      return awaited.get(Math.max(0, end - System.nanoTime()), TimeUnit.NANOSECONDS);
    } catch (TimeoutException late) {
      awaited.cancel(true);
      Deadline.current().check();
      throw new UserError(source + ": error: the server's answer did not end within "
          + Bounds.words(bounds.each()) + ", " + body.size() + " bytes came");
    } catch (ExecutionException problem) {
      if (problem.getCause() instanceof Error defect) {
        throw defect;
      }
      throw Unanswered.unreachable(problem);
    } catch (InterruptedException stop) {
      Thread.currentThread().interrupt();
      throw new UserError(source + ": error: interrupted");
    }
  }

  /** A {@code Status} says more than the code's name. */
  private static String refusal(String text, HttpResponse<?> response) {
    String said = ListAnswer.message(text);
    String name = response.message();
    return (said.isEmpty() && name != null ? name : said).lines().findFirst().orElse("");
  }

  @Override
  public void close() {
    client.close();
  }

  /** The bytes of one answer as they come, up to a limit. Filled by the client's thread. */
  private static final class Body {

    private final ByteArrayOutputStream received = new ByteArrayOutputStream();
    private final CompletableFuture<Void> full = new CompletableFuture<>();
    private long limit;

    Body(long limit) {
      this.limit = limit;
    }

    /** Of what is no answer, the beginning is enough. */
    synchronized void limit(boolean answer) {
      limit = answer ? limit : Math.min(limit, REFUSALS_READ);
    }

    synchronized void take(List<ByteBuffer> parts, AsyncBody more) {
      for (ByteBuffer part : parts) {
        if (part.remaining() > limit - received.size()) {
          // Whoever waits for this ends the exchange: ended here, it would look like a lost
          // connection.
          full.complete(null);
          return;
        }
        byte[] piece = new byte[part.remaining()];
        part.get(piece);
        received.write(piece, 0, piece.length);
      }
      more.consume();
    }

    synchronized long size() {
      return received.size();
    }

    synchronized String text() {
      return received.toString(StandardCharsets.UTF_8);
    }
  }
}
