package dev.postern.ovn.ovsdb;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;

/** A connection to a database server. Safe for use by several threads, whose calls wait for each other. */
public final class OvsdbClient implements AutoCloseable {

  private static final int CONNECT_MILLIS = 10_000;
  private static final int ANSWER_MILLIS = 120_000;
  private static final Bounds BOUNDS =
      new Bounds(Math.min(1L << 30, Runtime.getRuntime().maxMemory() / 4), 600);
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  /**
   * How much of a server is taken for an answer to one call.
   *
   * @param bytes the most that it may send until it has answered
   * @param seconds how long that may take, however busy it is
   */
  record Bounds(long bytes, long seconds) {}

  private final Closeable connection;
  private final BoundedAnswers bounded;
  private final JsonParser in;
  private final JsonGenerator out;
  private int calls;

  OvsdbClient(Closeable connection, InputStream in, OutputStream out, Bounds bounds)
      throws IOException {
    ObjectMapper mapper = new ObjectMapper();
    this.connection = connection;
    this.bounded = new BoundedAnswers(in, bounds);
    // From bytes the parser would look for the encoding, and wait for an answer before we asked.
    this.in = mapper.createParser(new InputStreamReader(bounded, StandardCharsets.UTF_8));
    this.out = mapper.createGenerator(out);
  }

  /**
   * Connects to the first of these that answers.
   *
   * @param tls the keys for {@code ssl:}
   * @throws IOException if none answers
   */
  public static OvsdbClient connect(List<Remote> remotes, Optional<Tls> tls) throws IOException {
    IOException first = new IOException("no database to connect to");
    boolean failed = false;
    for (Remote remote : remotes) {
      try {
        return connect(remote, tls);
      } catch (IOException e) {
        IOException said = new IOException(remote + ": " + e.getMessage(), e);
        if (failed) {
          first.addSuppressed(said);
        } else {
          first = said;
          failed = true;
        }
      }
    }
    throw first;
  }

  private static OvsdbClient connect(Remote remote, Optional<Tls> tls) throws IOException {
    if (remote.kind() == Remote.Kind.UNIX) {
      UnixConnection unix = new UnixConnection(remote.path(), ANSWER_MILLIS);
      return new OvsdbClient(unix, unix.in(), unix.out(), BOUNDS);
    }
    Socket socket = new Socket();
    socket.connect(new InetSocketAddress(remote.host(), remote.port()), CONNECT_MILLIS);
    socket.setSoTimeout(ANSWER_MILLIS);
    if (remote.kind() == Remote.Kind.SSL) {
      Tls keys = tls.orElseThrow(
          () -> new IOException("needs a private key, a certificate and an authority"));
      SSLSocket secured = (SSLSocket) keys.context()
          .getSocketFactory()
          .createSocket(socket, remote.host(), remote.port(), true);
      // OVN's certificates name no hosts; like ovn-nbctl we trust who the authority signed.
      secured.setSSLParameters(new SSLParameters());
      secured.startHandshake();
      socket = secured;
    }
    return new OvsdbClient(socket, socket.getInputStream(), socket.getOutputStream(), BOUNDS);
  }

  /**
   * Calls a method and waits for its result.
   *
   * @throws OvsdbException if the server answers with an error
   * @throws IOException if it cannot be reached, or does not answer in time
   */
  public synchronized JsonNode call(String method, JsonNode parameters) throws IOException {
    int id = calls++;
    send(JSON.objectNode().put("method", method).put("id", id).set("params", parameters));
    bounded.begin();
    while (true) {
      JsonNode message = message();
      if (message.path("method").asText().equals("echo")) {
        ObjectNode answer = JSON.objectNode();
        answer.set("id", message.path("id"));
        answer.set("result", message.path("params"));
        answer.putNull("error");
        send(answer);
      } else if (message.path("id").asInt(-1) == id && !message.has("method")) {
        if (!message.path("error").isNull()) {
          throw new OvsdbException(method + ": " + message.path("error"));
        }
        return message.path("result");
      }
    }
  }

  private JsonNode message() throws IOException {
    try {
      if (in.nextToken() == null) {
        throw new OvsdbException("the server closed the connection");
      }
      return in.readValueAsTree();
    } catch (JsonProcessingException problem) {
      throw new OvsdbException(
          "the server's answer can't be read: " + problem.getOriginalMessage());
    }
  }

  private void send(JsonNode message) throws IOException {
    out.writeTree(message);
    out.flush();
  }

  /**
   * Does all operations of a transaction, or none.
   *
   * @param transaction the database's name and the operations
   * @return a result for each operation
   * @throws OvsdbException if an operation, or all together, cannot be done
   * @throws IOException if the server cannot be reached, or does not answer in time
   */
  public JsonNode transact(ArrayNode transaction) throws IOException {
    JsonNode results = call("transact", transaction);
    for (int i = 0; i < results.size(); i++) {
      JsonNode result = results.get(i);
      if (result.has("error") && !result.path("error").isNull()) {
        String what = i + 1 < transaction.size() ? " in " + shortened(transaction.get(i + 1)) : "";
        throw new OvsdbException(
            result.path("error").asText() + ": " + result.path("details").asText() + what);
      }
    }
    if (!results.isArray() || results.size() + 1 < transaction.size()) {
      throw new OvsdbException("the server answered " + results.size() + " of "
          + (transaction.size() - 1) + " operations");
    }
    return results;
  }

  private static String shortened(JsonNode operation) {
    String text = operation.toString();
    return text.length() <= 200 ? text : text.substring(0, 200) + "...";
  }

  @Override
  public void close() throws IOException {
    connection.close();
  }
}
