package dev.postern.traffic;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/**
 * The bytes of a zstd stream, of which it is watched where its frames end (RFC 8878, 3.1): a stream that ends elsewhere was cut, which a
 * decompressor does not tell of one that ends in the first bytes of a later frame.
 */
final class ZstdFrames extends FilterInputStream {

  private static final long MAGIC = 0xFD2F_B528L;

  private enum Part {
    MAGIC(4),
    DESCRIPTOR(1),
    BLOCK(3),
    /** The rest of a frame's header or of a block: its bytes say nothing of where it ends. */
    CONTENT(0);

    private final int bytes;

    Part(int bytes) {
      this.bytes = bytes;
    }
  }

  private Part part = Part.MAGIC;
  /** Of the part's bytes those that are to come. */
  private long left = Part.MAGIC.bytes;
  /** The part's bytes so far, as a number: the lowest come first. */
  private long number;
  /** What comes after what says nothing. */
  private Part next = Part.MAGIC;

  private boolean checksum;

  ZstdFrames(InputStream in) {
    super(in);
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
  }

  @Override
  public int read(byte[] bytes, int from, int count) throws IOException {
    int read = super.read(bytes, from, count);
    if (read < 0 && (part != Part.MAGIC || left != Part.MAGIC.bytes)) {
      throw new IOException("it is no whole zstd stream: it ends within a frame");
    }
    int at = from;
    while (at < from + read) {
      if (part == Part.CONTENT) {
        long some = Math.min(left, (long) from + read - at);
        at += (int) some;
        left -= some;
      } else {
        number |= (bytes[at++] & 0xFFL) << 8 * (part.bytes - left);
        left--;
      }
      while (left == 0) {
        ended();
      }
    }
    return read;
  }

  @Override
  public long skip(long count) throws IOException {
    byte[] skipped = new byte[(int) Math.min(Math.max(count, 0), 8192)];
    return Math.max(read(skipped, 0, skipped.length), 0);
  }

  @Override
  public boolean markSupported() {
    return false;
  }

  private void ended() throws IOException {
    long value = number;
    switch (part) {
      case MAGIC -> {
        if (value != MAGIC) {
          // Frames to skip, which nobody writes into a log, are not decompressed either.
          throw new IOException("it is no whole zstd stream: after a frame there is none");
        }
        begin(Part.DESCRIPTOR);
      }
      case DESCRIPTOR -> {
        checksum = (value & 4) != 0;
        content(headerAfter((int) value), Part.BLOCK);
      }
      case BLOCK -> {
        boolean last = (value & 1) != 0;
        boolean repeated = (value >> 1 & 3) == 1;
        long size = repeated ? 1 : value >> 3;
        content(size + (last && checksum ? 4 : 0), last ? Part.MAGIC : Part.BLOCK);
      }
      case CONTENT -> begin(next);
    }
  }

  /** How many bytes of a frame's header follow its descriptor: window, dictionary and size of the content. */
  private static int headerAfter(int descriptor) {
    boolean single = (descriptor & 0x20) != 0;
    int dictionary = new int[] {0, 1, 2, 4}[descriptor & 3];
    int size = new int[] {single ? 1 : 0, 2, 4, 8}[descriptor >> 6];
    return (single ? 0 : 1) + dictionary + size;
  }

  private void begin(Part now) {
    part = now;
    left = now.bytes;
    number = 0;
  }

  private void content(long bytes, Part after) {
    part = Part.CONTENT;
    left = bytes;
    next = after;
  }
}
