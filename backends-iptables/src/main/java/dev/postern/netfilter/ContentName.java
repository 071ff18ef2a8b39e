package dev.postern.netfilter;

import dev.postern.backend.TextOutput;
import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Names made of what they name, so that equal things have one name in every run and a changed thing never takes over the name of another.
 * A name is 19 characters of base 32: 95 bits of SHA-256. Two contents of one name are noticed. For one thread.
 */
public final class ContentName {

  private static final String DIGITS = "abcdefghijklmnopqrstuvwxyz234567";
  private static final int LENGTH = 19;

  private final Map<String, byte[]> seen = new HashMap<>();

  /**
   * The name of a content.
   *
   * @throws IllegalStateException if another content has the same name
   */
  public String of(String content) {
    return of(digest(content.getBytes(StandardCharsets.UTF_8)));
  }

  /**
   * The same of a content that is written piece by piece.
   *
   * @throws IllegalStateException if another content has the same name
   */
  public String of(Consumer<TextOutput> content) {
    MessageDigest digest = sha256();
    try (Writer writer = new OutputStreamWriter(
        new DigestOutputStream(OutputStream.nullOutputStream(), digest), StandardCharsets.UTF_8)) {
      content.accept(new TextOutput(writer));
    } catch (IOException e) {
      throw new AssertionError("nothing is written anywhere", e);
    }
    return of(digest.digest());
  }

  private String of(byte[] digest) {
    StringBuilder name = new StringBuilder(LENGTH);
    for (int i = 0; i < LENGTH; i++) {
      int bit = 5 * i;
      int pair = (digest[bit / 8] & 0xFF) << 8 | (digest[bit / 8 + 1] & 0xFF);
      name.append(DIGITS.charAt(pair >> (11 - bit % 8) & 31));
    }
    byte[] known = seen.putIfAbsent(name.toString(), digest);
    if (known != null && !MessageDigest.isEqual(known, digest)) {
      throw new IllegalStateException("two contents have the name " + name);
    }
    return name.toString();
  }

  /** SHA-256 in hexadecimal digits. */
  public static String hex(byte[] content) {
    StringBuilder hex = new StringBuilder();
    for (byte octet : digest(content)) {
      hex.append(String.format(Locale.ROOT, "%02x", octet));
    }
    return hex.toString();
  }

  private static byte[] digest(byte[] content) {
    return sha256().digest(content);
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
