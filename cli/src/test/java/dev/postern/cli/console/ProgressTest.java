package dev.postern.cli.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

class ProgressTest {

  private final CountDownLatch shown = new CountDownLatch(1);

  private final StringWriter err = new StringWriter() {
    @Override
    public void write(String text) {
      super.write(text);
      if (text.contains("counting")) {
        shown.countDown();
      }
    }

    @Override
    public void write(String text, int from, int length) {
      write(text.substring(from, from + length));
    }
  };

  private Console console(boolean terminal) {
    return new Console(
        InputStream.nullInputStream(),
        new PrintWriter(new StringWriter()),
        new PrintWriter(err),
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
    assertThat(err.toString()).contains("postern: counting … 0 s").endsWith("\r\u001b[2K");
  }

  @Test
  void shortWorkIsNotMentioned() {
    Progress.during(console(true), "counting", 60_000, () -> "done");

    assertThat(err.toString()).isEmpty();
  }

  @Test
  void nobodyWatchesSoNothingIsSaid() {
    Progress.during(console(false), "counting", 0, () -> "done");

    assertThat(err.toString()).isEmpty();
  }

  private void awaitShown() {
    try {
      shown.await();
    } catch (InterruptedException stop) {
      throw new IllegalStateException(stop);
    }
  }
}
