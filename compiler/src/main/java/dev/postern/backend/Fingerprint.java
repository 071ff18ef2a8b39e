package dev.postern.backend;

import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * What tells a file from any other.
 *
 * @param bytes its size
 * @param sha256 its SHA-256 digest in hexadecimal digits
 */
public record Fingerprint(long bytes, String sha256) {

  /** The fingerprint of a text, encoded in UTF-8. */
  public static Fingerprint of(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    return new Fingerprint(bytes.length, HexFormat.of().formatHex(newDigest().digest(bytes)));
  }

  /** Hands a text on, piece by piece, and takes its fingerprint. */
  static final class Taker implements Appendable {
    private final Appendable to;
    private final MessageDigest digest = newDigest();
    private final Counter counter = new Counter();
    private final Writer copy =
        new OutputStreamWriter(new DigestOutputStream(counter, digest), StandardCharsets.UTF_8);

    Taker(Appendable to) {
      this.to = to;
    }

    @Override
    public Appendable append(CharSequence piece) throws IOException {
      to.append(piece);
      copy.append(piece);
      return this;
    }

    @Override
    public Appendable append(CharSequence text, int from, int end) throws IOException {
      return append(text.subSequence(from, end));
    }

    @Override
    public Appendable append(char piece) throws IOException {
      to.append(piece);
      copy.append(piece);
      return this;
    }

    Fingerprint taken() throws IOException {
      copy.close();
      return new Fingerprint(counter.bytes, HexFormat.of().formatHex(digest.digest()));
    }
  }

  private static final class Counter extends OutputStream {
    private long bytes;

    @Override
    public void write(int octet) {
      bytes++;
    }

    @Override
    public void write(byte[] octets, int from, int length) {
      bytes += length;
    }
  }

  private static MessageDigest newDigest() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException missing) {
      throw new IllegalStateException("every Java has SHA-256", missing);
    }
  }
}
