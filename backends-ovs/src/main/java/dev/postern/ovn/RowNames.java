package dev.postern.ovn;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HashMap;
import java.util.Map;

/**
 * Names of rows: a fixed beginning and a digest of a key that stays while pods come and go. Made of {@code [a-z0-9_]} only: OVN's lexer
 * ends a name at anything else, and what follows then breaks the match without a word.
 */
final class RowNames {

  private static final String PREFIX = "postern_";
  private static final int DIGITS = 16;

  private final Map<String, String> keys = new HashMap<>();

  /** 80 bits of SHA-256 in base 32. */
  static String digest(String text) {
    try {
      byte[] hash =
          MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
      String digits = new BigInteger(1, hash).shiftRight(256 - 5 * DIGITS).toString(32);
      return "0".repeat(DIGITS - digits.length()) + digits;
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }

  /**
   * The name of what this key stands for.
   *
   * @throws IllegalStateException if another key has the same digest
   */
  String of(String kind, String key) {
    String name = PREFIX + kind + "_" + digest(key);
    String other = keys.putIfAbsent(name, key);
    if (other != null && !other.equals(key)) {
      throw new IllegalStateException("two keys have one name: " + key + ", " + other);
    }
    return name;
  }
}
