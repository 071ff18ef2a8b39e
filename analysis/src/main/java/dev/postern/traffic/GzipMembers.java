package dev.postern.traffic;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;
import java.util.zip.ZipException;

/**
 * What gzip wrote (RFC 1952), with all of its members: logs are rotated and appended, so that a file may have several. {@link
 * java.util.zip.GZIPInputStream} ends without a word at a member whose header is broken, and where a pipe has nothing to read at the
 * moment; here each is an error, or read. Not safe for use by several threads.
 */
final class GzipMembers extends InputStream {

  private static final int MAGIC = 0x8B1F;
  private static final int DEFLATE = 8;
  private static final int HEADER_CHECKSUM = 2;
  private static final int EXTRA = 4;
  private static final int NAME = 8;
  private static final int COMMENT = 16;
  private static final int RESERVED = 0xE0;

  private final InputStream in;
  private final byte[] buffer = new byte[1 << 16];
  private int next;
  private int end;
  private final Inflater inflater = new Inflater(true);
  private final CRC32 checksum = new CRC32();
  private boolean over;

  /**
   * The content of a stream.
   *
   * @throws IOException if it cannot be read, or does not begin with a member's header
   */
  GzipMembers(InputStream in) throws IOException {
    this.in = in;
    header();
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
  }

  @Override
  public int read(byte[] bytes, int from, int count) throws IOException {
    if (count == 0) {
      return 0;
    }
    while (!over) {
      int got = inflate(bytes, from, count);
      if (got > 0) {
        checksum.update(bytes, from, got);
        return got;
      }
      if (inflater.finished()) {
        next = end - inflater.getRemaining();
        trailer();
        over = isOver();
        if (over) {
          inflater.end();
        } else {
          header();
        }
      } else if (inflater.needsInput()) {
        fill();
        inflater.setInput(buffer, 0, end);
      } else {
        throw new ZipException("it needs a dictionary, which gzip has not");
      }
    }
    return -1;
  }

  private int inflate(byte[] bytes, int from, int count) throws IOException {
    try {
      return inflater.inflate(bytes, from, count);
    } catch (DataFormatException broken) {
      throw new ZipException("its compressed bytes are broken: " + broken.getMessage());
    }
  }

  private void trailer() throws IOException {
    boolean whole = number(4) == checksum.getValue();
    whole &= number(4) == (inflater.getBytesWritten() & 0xFFFF_FFFFL);
    if (!whole) {
      throw new ZipException("a checksum or length does not fit what was compressed");
    }
  }

  /** Nothing comes any more, or zeros, with which tapes are filled up. */
  private boolean isOver() throws IOException {
    if (!isMore()) {
      return true;
    }
    if (buffer[next] != 0) {
      return false;
    }
    while (isMore()) {
      if (buffer[next++] != 0) {
        throw new ZipException("something stands after its end");
      }
    }
    return true;
  }

  private void header() throws IOException {
    if (number(2) != MAGIC || number(1) != DEFLATE) {
      throw new ZipException("something that is no gzip member stands where one begins");
    }
    int flags = (int) number(1);
    if ((flags & RESERVED) != 0) {
      throw new ZipException("a member has flags that gzip does not know");
    }
    pass(6);
    if ((flags & EXTRA) != 0) {
      pass(number(2));
    }
    for (int text : new int[] {NAME, COMMENT}) {
      if ((flags & text) != 0) {
        while (number(1) != 0) {
          // A name or a comment, up to its end.
        }
      }
    }
    if ((flags & HEADER_CHECKSUM) != 0) {
      pass(2);
    }
    inflater.reset();
    checksum.reset();
    inflater.setInput(buffer, next, end - next);
  }

  private void pass(long count) throws IOException {
    for (long i = 0; i < count; i++) {
      number(1);
    }
  }

  /** A number of so many bytes, the least significant first. */
  private long number(int count) throws IOException {
    long number = 0;
    for (int i = 0; i < count; i++) {
      if (next == end) {
        fill();
      }
      number |= (buffer[next++] & 0xFFL) << (8 * i);
    }
    return number;
  }

  private boolean isMore() throws IOException {
    if (next < end) {
      return true;
    }
    next = 0;
    end = Math.max(0, in.read(buffer, 0, buffer.length));
    return end > 0;
  }

  private void fill() throws IOException {
    next = end;
    if (!isMore()) {
      throw new EOFException("it ends before what was compressed does");
    }
  }
}
