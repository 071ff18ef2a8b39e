package dev.postern.page.browser.jdk;

import java.time.Duration;

/** What TeaVM's {@code java.time.Duration} lacks. */
public final class DurationMethods {

  private DurationMethods() {}

  public static long toSeconds(Duration duration) {
    return duration.getSeconds();
  }
}
