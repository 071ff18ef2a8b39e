package dev.postern.cli.console;

import java.io.FilterReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.Reader;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * How much is read of one input besides manifests, which have limits of their own. What is larger, or never ends as a device does not, is an
 * error that says so, before it has filled the memory. All that the command line reads into memory it reads here.
 *
 * @param bytes the most that is taken
 */
public record InputBound(long bytes) {

  private static final long MEBIBYTE = 1L << 20;

  /** What people write, or a tool keeps for them: statements, settings, a baseline, a kubeconfig, a list of interfaces. 64 MiB. */
  public static final InputBound WRITTEN = new InputBound(64 * MEBIBYTE);

  /** What programs print about a machine or a repository: 1 GiB, and no more than a quarter of what Java may use here. */
  public static final InputBound PRINTED =
      new InputBound(Math.min(1024 * MEBIBYTE, Runtime.getRuntime().maxMemory() / 4));

  /** One line of a log, in characters: a log may be of any length, but no recorded flow is as long as this. */
  static final int LINE = 1 << 24;

  /** An input that is larger than its bound. */
  public static final class TooLarge extends IOException {
    private static final long serialVersionUID = 1;

    private TooLarge(String what) {
      super(what);
    }
  }

  private static final class NotText extends CharacterCodingException {
    private static final long serialVersionUID = 1;

    @Override
    public String getMessage() {
      return "it is no UTF-8 text";
    }
  }

  private TooLarge tooLarge() {
    return new TooLarge("it is larger than "
        + (bytes < MEBIBYTE ? bytes + " bytes" : bytes / MEBIBYTE + " MiB")
        + ", which is more than is read of such a file");
  }

  /**
   * All bytes of a file.
   *
   * @throws TooLarge if there are more than the bound
   * @throws IOException if it cannot be read
   */
  public byte[] of(Path file) throws IOException {
    if (Files.isRegularFile(file) && Files.size(file) > bytes) {
      throw tooLarge();
    }
    try (InputStream stream = Files.newInputStream(file)) {
      return of(stream);
    }
  }

  /**
   * All bytes of a stream, which stays open.
   *
   * @throws TooLarge if there are more than the bound
   * @throws IOException if it cannot be read
   */
  public byte[] of(InputStream stream) throws IOException {
    byte[] read = stream.readNBytes(Math.toIntExact(bytes));
    if (read.length == bytes && stream.read() >= 0) {
      throw tooLarge();
    }
    return read;
  }

  /**
   * A file's text.
   *
   * @throws TooLarge if it has more bytes than the bound
   * @throws IOException if it cannot be read, or is no UTF-8 text
   */
  public String text(Path file) throws IOException {
    return text(of(file));
  }

  /**
   * A stream's text; the stream stays open.
   *
   * @throws TooLarge if it has more bytes than the bound
   * @throws IOException if it cannot be read, or is no UTF-8 text
   */
  public String text(InputStream stream) throws IOException {
    return text(of(stream));
  }

  private static String text(byte[] read) throws IOException {
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(read)).toString();
    } catch (CharacterCodingException length) {
      throw new NotText();
    }
  }

  /** The file's bytes as they come, to read a log of any length line by line. */
  public static InputStream log(Path file) throws IOException {
    return Files.newInputStream(file);
  }

  /** The same characters; one line with more than the bound of lines is an error instead of an end of memory. */
  public static Reader lines(Reader reader) {
    return new FilterReader(reader) {
      private long line = 1;
      private int length;

      @Override
      public int read() throws IOException {
        char[] one = new char[1];
        return read(one, 0, 1) < 0 ? -1 : one[0];
      }

      @Override
      public int read(char[] text, int from, int count) throws IOException {
        int got = super.read(text, from, count);
        for (int i = from; i < from + got; i++) {
          if (text[i] == '\n' || text[i] == '\r') {
            line += text[i] == '\n' ? 1 : 0;
            length = 0;
          } else if (++length > LINE) {
            throw new TooLarge("its line " + line + " has more than " + LINE + " characters");
          }
        }
        return got;
      }
    };
  }
}
