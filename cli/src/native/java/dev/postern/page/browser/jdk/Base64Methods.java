package dev.postern.page.browser.jdk;

import dev.postern.cli.NotHere;
import java.util.Base64;

/** TeaVM's {@code java.util.Base64} decodes what is none, and what it stands for may be no text: the JVM's to read. */
public final class Base64Methods {

  private Base64Methods() {}

  public static Base64.Decoder getDecoder() {
    throw new NotHere();
  }
}
