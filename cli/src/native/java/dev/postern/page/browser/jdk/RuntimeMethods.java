package dev.postern.page.browser.jdk;

/** What TeaVM's {@code java.lang.Runtime} lacks. */
public final class RuntimeMethods {

  private RuntimeMethods() {}

  /** As much as the build lets the native program have. */
  public static long maxMemory(Runtime runtime) {
    return 1L << 30;
  }
}
