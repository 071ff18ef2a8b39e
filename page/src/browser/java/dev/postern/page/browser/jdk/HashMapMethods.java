package dev.postern.page.browser.jdk;

/** What TeaVM's {@code java.util.HashMap} does otherwise: it looks at the last bits of hashes alone, which are the same for many sets of bits. */
public final class HashMapMethods {

  private HashMapMethods() {}

  /** The hash of a key, by which a map finds it: spread as in a JVM. */
  public static int hashCode(Object key) {
    int hash = key.hashCode();
    return hash ^ hash >>> 16;
  }
}
