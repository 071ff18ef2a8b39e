package dev.postern.cli.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class ChildrenTest {

  /** A process whose output cannot be read. */
  private static final class Unread extends Process {
    private boolean ended;

    @Override
    public InputStream getInputStream() {
      return new InputStream() {
        @Override
        public int read() throws IOException {
          throw new IOException("it is too much");
        }
      };
    }

    @Override
    public Stream<ProcessHandle> descendants() {
      return Stream.empty();
    }

    @Override
    public Process destroyForcibly() {
      ended = true;
      return this;
    }

    @Override
    public InputStream getErrorStream() {
      return InputStream.nullInputStream();
    }

    @Override
    public OutputStream getOutputStream() {
      return OutputStream.nullOutputStream();
    }

    @Override
    public int waitFor() {
      return 0;
    }

    @Override
    public int exitValue() {
      return 0;
    }

    @Override
    public void destroy() {
      ended = true;
    }
  }

  /** The message goes to users, who know no classes of ours. */
  @Test
  void whatCannotBeReadIsEndedAndItsMessageSaysWhyAndNothingElse() {
    Unread process = new Unread();
    assertThatThrownBy(() -> Children.output(process))
        .isInstanceOf(UncheckedIOException.class)
        .hasMessage("it is too much");
    assertThat(process.ended).isTrue();
  }
}
