package dev.postern.manifest;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

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
    return readTrees(paths.stream().map(SourceTree::of).toList(), options);
  }

  /** Reads sources of any sort. */
  public static Loaded read(Source... sources) {
    return read(Arrays.asList(sources), ReadOptions.DEFAULT);
  }

  /** Reads sources of any sort. */
  public static Loaded read(List<Source> sources, ReadOptions options) {
    SourceReading reading = new SourceReading(options);
    sources.forEach(reading::source);
    return reading.finish();
  }

  /**
   * Reads sources object by object: what each says by itself, for a {@link ClusterState} that puts them in relation.
   *
   * @return all that is there, and all that is wrong; nothing about the input is ever thrown
   */
  public static ReadObjects objects(List<Source> sources, ReadOptions options) {
    SourceReading reading = new SourceReading(options);
    sources.forEach(reading::source);
    return new ReadObjects(reading.objects(), reading.finish().diagnostics());
  }

  /** Reads what names that a user gave stand for. */
  public static Loaded readTrees(List<SourceTree> trees, ReadOptions options) {
    SourceReading reading = new SourceReading(options);
    trees.forEach(reading::tree);
    return reading.finish();
  }
}
