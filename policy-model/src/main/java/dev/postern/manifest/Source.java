package dev.postern.manifest;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** Where manifests come from: a name for messages, and bytes. */
public final class Source {

  /** Opens the bytes, as often as they are needed. */
  @FunctionalInterface
  private interface Content {
    byte[] read(long limit) throws IOException;
  }

  /** More bytes than the limit. */
  static final class TooLarge extends IOException {
    private static final long serialVersionUID = 1L;

    TooLarge(long limit) {
      super("it is larger than " + limit + " bytes");
    }
  }

  private final String name;
  private final Content content;
  private final boolean found;

  private Source(String name, Content content) {
    this(name, content, false);
  }

  private Source(String name, Content content, boolean found) {
    this.name = name;
    this.content = content;
    this.found = found;
  }

  /** A file that nobody named: it lies in a directory, and may be no manifest at all. */
  static Source found(Path file) {
    return new Source(file.toString(), file(file).content, true);
  }

  /** The same bytes under another name. */
  Source named(String other) {
    return new Source(other, content, found);
  }

  /** The same, as one that nobody named: it lies in a directory, and may be no manifest at all. */
  public Source found() {
    return new Source(name, content, true);
  }

  /** Whether it was found in a directory. */
  public boolean isFound() {
    return found;
  }

  /** A file, read when the manifests are, and again when a message shows a line of it. */
  public static Source file(Path path) {
    return new Source(path.toString(), limit -> {
      try (InputStream in = Files.newInputStream(path)) {
        return all(in, limit);
      }
    });
  }

  /** A text. */
  public static Source text(String name, String text) {
    return bytes(name, text.getBytes(StandardCharsets.UTF_8));
  }

  /** Bytes, which must not change afterwards. */
  public static Source bytes(String name, byte[] bytes) {
    return new Source(name, limit -> {
      if (bytes.length > limit) {
        throw new TooLarge(limit);
      }
      return bytes;
    });
  }

  /** A stream, read to its end once and not closed; name it {@code <stdin>} for standard input. */
  public static Source stream(String name, InputStream stream) {
    return new Source(name, new Content() {
      private byte[] bytes = new byte[0];
      private boolean done;

      @Override
      public synchronized byte[] read(long limit) throws IOException {
        if (!done) {
          bytes = all(stream, limit);
          done = true;
        }
        return bytes;
      }
    });
  }

  private static byte[] all(InputStream in, long limit) throws IOException {
    int most = (int) Math.min(limit, Integer.MAX_VALUE - 16);
    byte[] bytes = in.readNBytes(most);
    if (bytes.length == most && in.read() >= 0) {
      throw new TooLarge(most);
    }
    return bytes;
  }

  /** How messages call it. */
  public String name() {
    return name;
  }

  /**
   * All of it.
   *
   * @param limit how many bytes at most
   * @throws IOException if it cannot be read, or holds more
   */
  public byte[] bytes(long limit) throws IOException {
    return content.read(limit);
  }
}
