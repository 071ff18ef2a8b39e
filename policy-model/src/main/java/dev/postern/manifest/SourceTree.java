package dev.postern.manifest;

import dev.postern.diagnostic.Diagnostic;
import java.nio.file.Path;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Predicate;

/**
 * What one name that a user gave stands for: a file, or a directory as it is, with manifests among other files.
 *
 * @param sources what to read
 * @param passedOver what lies there and is not to be read
 * @param problems what could not be looked at
 */
public record SourceTree(List<Source> sources, PassedOver passedOver, List<Diagnostic> problems) {

  public SourceTree {
    sources = List.copyOf(sources);
    problems = List.copyOf(problems);
  }

  /** A source by itself, which is read whatever it looks like. */
  public static SourceTree of(Source source) {
    return new SourceTree(List.of(source), PassedOver.NOTHING, List.of());
  }

  /** A file, or a directory with everything below it that ends in {@code .yaml}, {@code .yml} or {@code .json}. */
  public static SourceTree of(Path path) {
    return of(path, file -> false, TreeScope.ALL);
  }

  /**
   * The same under the names that they have in another place, of which this is a copy.
   *
   * @param copy the path that this tree was made of
   * @param original the path that stands for it in names
   */
  public SourceTree named(Path copy, Path original) {
    List<Source> renamed = sources.stream()
        .map(source -> source.named(renamed(Path.of(source.name()), copy, original)))
        .toList();
    SortedMap<String, PassedOver.SkipReason> files = new TreeMap<>();
    passedOver
        .files()
        .forEach((file, why) -> files.put(renamed(Path.of(file), copy, original), why));
    List<PassedOver.Unrendered> unrendered = passedOver.unrendered().stream()
        .map(each -> new PassedOver.Unrendered(
            renamed(Path.of(each.directory()), copy, original), each.renderer()))
        .toList();
    return new SourceTree(renamed, new PassedOver(files, unrendered), problems);
  }

  private static String renamed(Path file, Path copy, Path original) {
    return file.equals(copy)
        ? original.toString()
        : original.resolve(copy.relativize(file)).toString();
  }

  /**
   * How much of a directory is wanted.
   *
   * @param rendering whether charts and kustomizations will be rendered, so that what they render is not to be read as it is; they are then
   *     still listed as {@link PassedOver#unrendered}
   * @param withoutTests whether files that are there for tests ({@code testdata}, {@code tests}, {@code vendor} …) are left alone
   */
  public record TreeScope(boolean rendering, boolean withoutTests) {

    /** All that lies there, as it is. */
    public static final TreeScope ALL = new TreeScope(false, false);

    /** Whether a file is there for tests, and these are not wanted; by its path below the directory. */
    public boolean leavesOut(Path below) {
      return withoutTests && TestData.isThere(below);
    }
  }

  /**
   * A file or directory.
   *
   * @param excluded files below a directory that the user does not want read
   */
  public static SourceTree of(Path path, Predicate<Path> excluded, TreeScope extent) {
    return SourceFiles.find(path, excluded, extent);
  }
}
