package dev.postern.traffic;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * The lines of a stream, one at a time, as bytes: what is no UTF-8 in one line spoils no other. A byte order mark is no part of its line, also
 * within a stream, as where files were put together. Not safe for use by several threads.
 */
final class ByteLines {

  /** One line, in bytes: a log may be of any length, but no record of traffic is as long as this. */
  static final int LONGEST = 1 << 24;

  private final InputStream in;
  private byte[] buffer = new byte[1 << 16];
  private int next;
  private int end;
  private boolean over;
  private int begin;
  private int start;
  private int length;
  private long number;
  /** How many bytes of the stream are before the buffer. */
  private long before;
  /** Lines that begin here or later are not read. */
  private final long most;

  ByteLines(InputStream in) {
    this(in, Long.MAX_VALUE);
  }

  /** The lines that begin in the first bytes of a stream; the last of them may go on after these. */
  ByteLines(InputStream in, long most) {
    this.in = in;
    this.most = most;
  }

  /**
   * Goes on to the next line; its end of line is left out.
   *
   * @return whether there is one
   * @throws IOException if the stream cannot be read, or the line is longer than {@link #LONGEST}
   */
  boolean advance() throws IOException {
    if (before + next >= most) {
      return false;
    }
    begin = next;
    int seen = next;
    while (true) {
      for (int i = seen; i < end; i++) {
        if (buffer[i] == '\n') {
          return line(i, i + 1);
        }
      }
      if (over) {
        return end > begin && line(end, end);
      }
      if (end - begin > LONGEST) {
        throw new IOException("its line " + (number + 1) + " has more than " + LONGEST + " bytes");
      }
      seen = end;
      int moved = more();
      seen -= moved;
    }
  }

  private boolean line(int to, int then) {
    start = ByteOrderMark.isUtf8(buffer, begin, to) ? begin + ByteOrderMark.UTF_8 : begin;
    length = to - start;
    if (length > 0 && buffer[to - 1] == '\r') {
      length--;
    }
    next = then;
    number++;
    return true;
  }

  /** Reads on; says by how much what was read moved to the front. */
  private int more() throws IOException {
    int moved = begin;
    if (moved > 0) {
      System.arraycopy(buffer, begin, buffer, 0, end - begin);
      end -= moved;
      before += moved;
      begin = 0;
      next = 0;
    }
    if (end == buffer.length) {
      buffer = Arrays.copyOf(buffer, 2 * buffer.length);
    }
    int got = in.read(buffer, end, buffer.length - end);
    over = got < 0;
    end += Math.max(0, got);
    return moved;
  }

  /** The line's number, from 1. */
  long number() {
    return number;
  }

  /** The bytes in which the line is, which the next line overwrites. */
  byte[] bytes() {
    return buffer;
  }

  /** Where in the stream the line begins, a byte order mark before it included. */
  long begin() {
    return before + begin;
  }

  /** Where in them it begins. */
  int start() {
    return start;
  }

  /** How many of them it has. */
  int length() {
    return length;
  }

  /** Whether there is nothing in it but blanks. */
  boolean isBlank() {
    for (int i = start; i < start + length; i++) {
      if (buffer[i] != ' ' && buffer[i] != '\t') {
        return false;
      }
    }
    return true;
  }

  /** The line as text; what is no UTF-8 becomes U+FFFD. */
  String text() {
    return new String(buffer, start, length, StandardCharsets.UTF_8);
  }
}
