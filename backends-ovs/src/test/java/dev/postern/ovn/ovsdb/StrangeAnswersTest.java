package dev.postern.ovn.ovsdb;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.postern.ovn.NorthboundDatabase;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A server that is broken, or not what it seems, is an error and never an empty database. */
class StrangeAnswersTest {

  private static OvsdbClient client(InputStream answers, OvsdbClient.Bounds bounds)
      throws IOException {
    return new OvsdbClient(() -> {}, answers, new ByteArrayOutputStream(), bounds);
  }

  private static InputStream text(String text) {
    return new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
  }

  /** The same bytes again and again. */
  private static InputStream forever(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    return new InputStream() {
      private int at;

      @Override
      public int read() {
        return bytes[at++ % bytes.length];
      }
    };
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "5                                     | the server answered 0 of 12 operations",
        "{}                                    | the server answered 0 of 12 operations",
        "[]                                    | the server answered 0 of 12 operations",
        "[{\"rows\":[]}]                       | the server answered 1 of 12 operations",
        "[{},{},{},{},{},{},{},{},{},{},{},{}] | the server's answer has no rows of table NB_Global",
        "[{\"rows\":5},{},{},{},{},{},{},{},{},{},{},{}] | the server's answer has no rows of table NB_Global"
      })
  void aResultThatIsNoneIsNoEmptyDatabase(String result, String message) throws IOException {
    try (OvsdbClient client = client(
        text("{\"id\":0,\"error\":null,\"result\":" + result + "}"),
        new OvsdbClient.Bounds(10_000, 60))) {
      assertThatThrownBy(() -> new NorthboundDatabase(client).dump())
          .isInstanceOf(OvsdbException.class)
          .hasMessage(message);
    }
  }

  @Test
  void anAnswerThatNeverEndsIsBounded() throws IOException {
    String begins = "{\"id\":0,\"error\":null,\"result\":[";
    try (OvsdbClient client = client(
        new SequenceInputStream(text(begins), forever("1,")), new OvsdbClient.Bounds(10_000, 60))) {
      assertThatThrownBy(() -> client.call("echo", JsonNodeFactory.instance.arrayNode()))
          .isInstanceOf(OvsdbException.class)
          .hasMessage("the server's answer is larger than 10000 bytes");
    }
  }

  @Test
  void aServerThatIsNeverSilentAndNeverAnswersIsBounded() throws IOException {
    try (OvsdbClient client = client(
        forever("{\"id\":7,\"error\":null,\"result\":[]}"),
        new OvsdbClient.Bounds(Long.MAX_VALUE, 0))) {
      assertThatThrownBy(() -> client.call("echo", JsonNodeFactory.instance.arrayNode()))
          .isInstanceOf(OvsdbException.class)
          .hasMessage("the server's answer took longer than 0 s");
    }
  }

  @Test
  void whatIsNoJsonIsSaidInOneLine() throws IOException {
    try (OvsdbClient client = client(text("<html>"), new OvsdbClient.Bounds(10_000, 60))) {
      assertThatThrownBy(() -> client.call("echo", JsonNodeFactory.instance.arrayNode()))
          .isInstanceOf(OvsdbException.class)
          .hasMessageStartingWith("the server's answer can't be read: ")
          .hasMessageNotContaining("\n");
    }
  }
}
