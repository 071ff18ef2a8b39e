package dev.postern.cli.finding;

import java.util.regex.Pattern;

/** How a host of code names a file: from where Postern ran, without the directory itself in front, which hosts do not take for the same file. */
final class RepositoryPath {

  /** What is left of {@code .//x} must not begin with a slash, which in a URI would be a host's name. */
  private static final Pattern HERE = Pattern.compile("^(?:\\./+)+");

  private RepositoryPath() {}

  static String of(String file) {
    return HERE.matcher(file).replaceFirst("");
  }
}
