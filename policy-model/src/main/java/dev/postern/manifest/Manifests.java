package dev.postern.manifest;

import dev.postern.diagnostic.Diagnostic;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;

/** Reads Kubernetes manifests: {@code Manifests.load(Path.of("manifests")).cluster()}. */
public final class Manifests {

  private Manifests() {}

  /**
   * Reads files, and directories with everything in them that ends in {@code .yaml}, {@code .yml} or {@code .json}.
   *
   * @return what could be read and all that is wrong; nothing about the input is ever thrown
   */
  public static Loaded load(Path... paths) {
    return load(Arrays.asList(paths), ReadOptions.DEFAULT);
  }

  /** Reads files and directories. */
  public static Loaded load(List<Path> paths, ReadOptions options) {
    Reading reading = new Reading(options);
    for (Path path : paths) {
      SourceFiles.find(path, reading::source, reading::report);
    }
    return reading.finish();
  }

  /** Reads sources of any sort. */
  public static Loaded read(Source... sources) {
    return read(Arrays.asList(sources), ReadOptions.DEFAULT);
  }

  /** Reads sources of any sort. */
  public static Loaded read(List<Source> sources, ReadOptions options) {
    Reading reading = new Reading(options);
    sources.forEach(reading::source);
    return reading.finish();
  }

  /** The files that {@link #load} would read, with a finding for each that it could not. */
  public static List<Source> sources(Path path, Consumer<Diagnostic> problems) {
    List<Source> sources = new ArrayList<>();
    SourceFiles.find(path, sources::add, problems);
    return sources;
  }
}
