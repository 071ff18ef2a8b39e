package dev.postern.traffic;

/**
 * Where a record stands.
 *
 * @param file how messages call the log
 * @param line its line, from 1
 */
public record LogPlace(String file, long line) {

  /** {@code file:line}. */
  @Override
  public String toString() {
    return file + ":" + line;
  }
}
