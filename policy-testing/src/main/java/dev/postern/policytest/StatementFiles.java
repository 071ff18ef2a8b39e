package dev.postern.policytest;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileSystems;
import java.nio.file.FileVisitOption;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Finds files of statements. */
final class StatementFiles {

  private static final String ENDING = ".postern";

  private StatementFiles() {}

  /**
   * The files of a path, sorted: one file, all that end in {@code .postern} in a directory and below it, or those that a pattern of {@link
   * java.nio.file.FileSystem#getPathMatcher} names.
   *
   * @throws IllegalArgumentException if there are none: a test without statements would always pass
   */
  static List<Path> of(String path) {
    boolean isPattern = path.matches(".*[*?\\[{].*");
    List<Path> files = isPattern ? matching(path) : plain(Path.of(path));
    if (files.isEmpty()) {
      throw new IllegalArgumentException("there is no file of statements at " + path + " in "
          + Path.of("").toAbsolutePath()
          + (isPattern ? "" : " (in a directory they end in " + ENDING + ")"));
    }
    return files;
  }

  private static List<Path> plain(Path path) {
    if (Files.isRegularFile(path)) {
      return List.of(path);
    }
    return Files.isDirectory(path)
        ? below(path).stream().filter(file -> file.toString().endsWith(ENDING)).toList()
        : List.of();
  }

  private static List<Path> matching(String pattern) {
    String fixed = pattern.replaceFirst("[^/]*[*?\\[{].*", "");
    PathMatcher matcher = FileSystems.getDefault().getPathMatcher("glob:" + pattern);
    Path root = Path.of(fixed);
    return Files.isDirectory(root)
        ? below(root).stream().filter(matcher::matches).toList()
        : List.of();
  }

  /** Files below a directory, through links to directories as well. A link that leads nowhere is there, so that reading it fails. */
  private static List<Path> below(Path directory) {
    try (Stream<Path> files = Files.walk(directory, FileVisitOption.FOLLOW_LINKS)) {
      return new ArrayList<>(
          files.filter(file -> !Files.isDirectory(file)).sorted().toList());
    } catch (IOException problem) {
      throw new UncheckedIOException(problem);
    }
  }
}
