package dev.postern.ovn.ovsdb;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/** What a server sends, as long as one answer is neither too large nor too slow: one that sends a little for ever is never silent. */
final class BoundedAnswers extends FilterInputStream {

  private static final long NANOS = 1_000_000_000L;

  private final OvsdbClient.Bounds bounds;
  private long began = System.nanoTime();
  private long taken;

  BoundedAnswers(InputStream in, OvsdbClient.Bounds bounds) {
    super(in);
    this.bounds = bounds;
  }

  /** A new call: what comes now belongs to its answer. */
  void begin() {
    began = System.nanoTime();
    taken = 0;
  }

  @Override
  public int read() throws IOException {
    int read = super.read();
    count(read < 0 ? 0 : 1);
    return read;
  }

  @Override
  public int read(byte[] bytes, int from, int length) throws IOException {
    int read = super.read(bytes, from, length);
    count(Math.max(0, read));
    return read;
  }

  private void count(int more) throws OvsdbException {
    taken += more;
    if (taken > bounds.bytes()) {
      throw new OvsdbException("the server's answer is larger than " + bounds.bytes() + " bytes");
    }
    if (System.nanoTime() - began > bounds.seconds() * NANOS) {
      throw new OvsdbException("the server's answer took longer than " + bounds.seconds() + " s");
    }
  }
}
