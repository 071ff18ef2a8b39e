package dev.postern.cli.input;

import java.nio.file.FileSystems;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.util.regex.PatternSyntaxException;

/**
 * A pattern for files, relative to a directory: {@code *} and {@code ?} stay within a name, {@code **} does not, and a pattern without a slash is
 * about names at any depth. What is below a directory that matches, matches.
 */
public final class Glob {

  private final Path directory;
  private final String pattern;
  private final boolean name;
  private final PathMatcher matcher;

  /**
   * A pattern.
   *
   * @param directory what it is relative to
   * @throws PatternSyntaxException if it is none
   */
  public Glob(Path directory, String pattern) {
    this.directory = directory.toAbsolutePath().normalize();
    this.pattern = pattern;
    String bare = pattern.endsWith("/") ? pattern.substring(0, pattern.length() - 1) : pattern;
    this.name = !bare.contains("/");
    this.matcher = FileSystems.getDefault()
        .getPathMatcher("glob:" + (bare.startsWith("./") ? bare.substring(2) : bare));
  }

  /** Whether it is about a file, given as it was named. */
  public boolean matches(Path file) {
    Path absolute = file.toAbsolutePath().normalize();
    if (pattern.startsWith("/")) {
      return matchesUpTo(absolute);
    }
    if (!absolute.startsWith(directory)) {
      return name && matcher.matches(absolute.getFileName());
    }
    return matchesUpTo(directory.relativize(absolute));
  }

  /** Whether the path matches, or a directory on it. */
  private boolean matchesUpTo(Path inside) {
    for (int length = inside.getNameCount(); length > 0; length--) {
      Path names = inside.subpath(0, length);
      Path part = inside.isAbsolute() ? inside.getRoot().resolve(names) : names;
      if (matcher.matches(name ? part.getFileName() : part)) {
        return true;
      }
    }
    return false;
  }

  @Override
  public String toString() {
    return pattern;
  }
}
