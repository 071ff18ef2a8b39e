package org.teavm.classlib.java.io;

import java.io.IOException;

/** What TeaVM's {@code java.io} lacks. */
public abstract class TFilterWriter extends TWriter {

  protected TWriter out;

  protected TFilterWriter(TWriter out) {
    super(out);
    this.out = out;
  }

  @Override
  public void write(int character) throws IOException {
    out.write(character);
  }

  @Override
  public void write(char[] text, int from, int count) throws IOException {
    out.write(text, from, count);
  }

  @Override
  public void write(String text, int from, int count) throws IOException {
    out.write(text, from, count);
  }

  @Override
  public void flush() throws IOException {
    out.flush();
  }

  @Override
  public void close() throws IOException {
    out.close();
  }
}
