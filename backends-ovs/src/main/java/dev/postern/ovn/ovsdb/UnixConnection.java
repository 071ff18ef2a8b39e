package dev.postern.ovn.ovsdb;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.SocketTimeoutException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;

/** A unix socket as streams that give up after a while, which Java's own streams of it do not. */
final class UnixConnection implements Closeable {

  private final SocketChannel channel;
  private final Selector readable;
  private final Selector writable;
  private final int millis;

  UnixConnection(Path path, int millis) throws IOException {
    this.millis = millis;
    this.channel = SocketChannel.open(UnixDomainSocketAddress.of(path));
    channel.configureBlocking(false);
    this.readable = Selector.open();
    this.writable = Selector.open();
    channel.register(readable, SelectionKey.OP_READ);
    channel.register(writable, SelectionKey.OP_WRITE);
  }

  private void await(Selector selector) throws IOException {
    int ready = selector.select(millis);
    selector.selectedKeys().clear();
    if (ready == 0) {
      throw new SocketTimeoutException("no answer for " + millis / 1000 + " s");
    }
  }

  InputStream in() {
    return new InputStream() {
      @Override
      public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 255;
      }

      @Override
      public int read(byte[] bytes, int from, int length) throws IOException {
        ByteBuffer buffer = ByteBuffer.wrap(bytes, from, length);
        int count = channel.read(buffer);
        while (count == 0 && length > 0) {
          await(readable);
          count = channel.read(buffer);
        }
        return count;
      }
    };
  }

  OutputStream out() {
    return new OutputStream() {
      @Override
      public void write(int one) throws IOException {
        write(new byte[] {(byte) one}, 0, 1);
      }

      @Override
      public void write(byte[] bytes, int from, int length) throws IOException {
        ByteBuffer buffer = ByteBuffer.wrap(bytes, from, length);
        while (buffer.hasRemaining()) {
          if (channel.write(buffer) == 0) {
            await(writable);
          }
        }
      }
    };
  }

  @Override
  public void close() throws IOException {
    readable.close();
    writable.close();
    channel.close();
  }
}
