package dev.postern.spark;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.PositionedReadable;
import org.apache.hadoop.fs.RawLocalFileSystem;
import org.apache.hadoop.fs.Seekable;

/** The local file system under {@code flaky:}, where the first who reads a file gets half of it and then an error. */
public final class FlakyFileSystem extends RawLocalFileSystem {

  /** What failed once. */
  static final Set<String> FAILED = ConcurrentHashMap.newKeySet();

  @Override
  public URI getUri() {
    return URI.create("flaky:///");
  }

  @Override
  public String getScheme() {
    return "flaky";
  }

  @Override
  public FSDataInputStream open(Path path, int size) throws IOException {
    FSDataInputStream whole = super.open(path, size);
    return FAILED.add(path.toString())
        ? new FSDataInputStream(new Half(whole, getFileStatus(path).getLen() / 2))
        : whole;
  }

  /** The first bytes of a stream, and then an error. */
  private static final class Half extends FilterInputStream
      implements Seekable, PositionedReadable {
    private long left;

    Half(InputStream in, long left) {
      super(in);
      this.left = left;
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
    }

    @Override
    public int read(byte[] bytes, int from, int count) throws IOException {
      if (left == 0) {
        throw new IOException("the disk went away");
      }
      int got = super.read(bytes, from, (int) Math.min(count, left));
      left -= Math.max(0, got);
      return got;
    }

    @Override
    public void seek(long position) throws IOException {
      throw new IOException("a log is read from its beginning");
    }

    @Override
    public long getPos() {
      return 0;
    }

    @Override
    public boolean seekToNewSource(long target) {
      return false;
    }

    @Override
    public int read(long position, byte[] bytes, int from, int count) throws IOException {
      throw new IOException("a log is read from its beginning");
    }

    @Override
    public void readFully(long position, byte[] bytes, int from, int count) throws IOException {
      throw new IOException("a log is read from its beginning");
    }

    @Override
    public void readFully(long position, byte[] bytes) throws IOException {
      throw new IOException("a log is read from its beginning");
    }
  }
}
