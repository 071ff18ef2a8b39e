package dev.postern.cli.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

class ProgressTest {

  private final CountDownLatch shown = new CountDownLatch(1);

  private final ByteArrayOutputStream err = new ByteArrayOutputStream() {
    @Override
    public synchronized void write(byte[] octets, int from, int length) {
      super.write(octets, from, length);
      if (toString(StandardCharsets.UTF_8).contains("counting")) {
        shown.countDown();
      }
    }
  };

  private Console console(boolean terminal) {
    return new Console(
        InputStream.nullInputStream(),
        Printer.to(OutputStream.nullOutputStream()),
        Printer.to(err),
        Map.of(),
        false,
        terminal);
  }

  @Test
  void longWorkIsSaidOnATerminalAndWipedAfterwards() {
    String result = Progress.during(console(true), "counting", 1, () -> {
      awaitShown();
      return "done";
    });

    assertThat(result).isEqualTo("done");
    assertThat(err.toString(StandardCharsets.UTF_8))
        .contains("postern: counting … 0 s")
        .endsWith("\r\u001b[2K");
  }

  @Test
  void shortWorkIsNotMentioned() {
    Progress.during(console(true), "counting", 60_000, () -> "done");

    assertThat(err.toString(StandardCharsets.UTF_8)).isEmpty();
  }

  @Test
  void nobodyWatchesSoNothingIsSaid() {
    Progress.during(console(false), "counting", 0, () -> "done");

    assertThat(err.toString(StandardCharsets.UTF_8)).isEmpty();
  }

  private void awaitShown() {
    try {
      shown.await();
    } catch (InterruptedException stop) {
      throw new IllegalStateException(stop);
    }
  }
}
