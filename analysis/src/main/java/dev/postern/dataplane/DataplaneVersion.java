package dev.postern.dataplane;

import java.util.Arrays;
import java.util.Optional;

/**
 * A version of a dataplane.
 *
 * @param major its first number
 * @param minor its second number; what comes after that changes no fact
 */
public record DataplaneVersion(int major, int minor) implements Comparable<DataplaneVersion> {

  /** Reads {@code 1.16}, {@code v1.16.3} or {@code 3}; empty if it is none. */
  public static Optional<DataplaneVersion> parse(String text) {
    String numbers = text.startsWith("v") ? text.substring(1) : text;
    if (!numbers.matches("\\d{1,6}(\\.\\d{1,6}){0,3}")) {
      return Optional.empty();
    }
    int[] parts =
        Arrays.stream(numbers.split("\\.")).mapToInt(Integer::parseInt).toArray();
    return Optional.of(new DataplaneVersion(parts[0], parts.length > 1 ? parts[1] : 0));
  }

  @Override
  public int compareTo(DataplaneVersion other) {
    return major == other.major
        ? Integer.compare(minor, other.minor)
        : Integer.compare(major, other.major);
  }

  @Override
  public String toString() {
    return major + "." + minor;
  }
}
