package dev.postern.traffic;

import io.airlift.compress.MalformedInputException;
import io.airlift.compress.zstd.ZstdInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PushbackInputStream;

/** A stream as it was before it was compressed. */
final class Decompressed {

  private static final int MAGIC = 4;

  private Decompressed() {}

  /** The stream's content: what gzip (RFC 1952) or zstd (RFC 8878) wrote is known by its first bytes, whatever the file is called. */
  static InputStream of(InputStream bytes) throws IOException {
    PushbackInputStream whole = new PushbackInputStream(bytes, MAGIC);
    byte[] head = whole.readNBytes(MAGIC);
    whole.unread(head);
    if (isGzip(head)) {
      return new GzipMembers(whole);
    }
    return isZstd(head) ? new Checked(new ZstdInputStream(new ZstdFrames(whole))) : whole;
  }

  /** Whether a stream that begins so is compressed. */
  static boolean isCompressed(byte[] head) {
    return isGzip(head) || isZstd(head);
  }

  private static boolean isGzip(byte[] head) {
    return head.length >= 2 && (head[0] & 0xFF) == 0x1F && (head[1] & 0xFF) == 0x8B;
  }

  private static boolean isZstd(byte[] head) {
    return head.length >= MAGIC
        && (head[0] & 0xFF) == 0x28
        && (head[1] & 0xFF) == 0xB5
        && (head[2] & 0xFF) == 0x2F
        && (head[3] & 0xFF) == 0xFD;
  }

  /** Broken bytes are a reader's to handle as any that cannot be read. */
  private static final class Checked extends FilterInputStream {
    Checked(InputStream in) {
      super(in);
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
    }

    @Override
    public int read(byte[] bytes, int from, int count) throws IOException {
      try {
        return super.read(bytes, from, count);
      } catch (MalformedInputException | IllegalArgumentException broken) {
        throw new IOException("it is no whole zstd stream: " + broken.getMessage(), broken);
      }
    }
  }
}
