package dev.postern.spark;

import dev.postern.answer.Analysis;
import dev.postern.cluster.Cluster;
import dev.postern.manifest.Loaded;
import dev.postern.manifest.ReadMemory;
import dev.postern.manifest.ReadOptions;
import dev.postern.manifest.Source;
import dev.postern.manifest.SourceTree;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a task remembers of the clusters that it looked at, so that the next one costs little more than what it holds and they did not. It
 * answers as one that remembers nothing. For one thread; it keeps no more than the last files of a name said, and one plan.
 */
final class FleetMemory {

  /** What is read of a cluster. */
  enum Part {
    MANIFESTS,
    YESTERDAY,
    STATEMENTS
  }

  /**
   * Files that lie in a local directory until others of the same part take their place.
   *
   * @param content what they hold
   * @param path what stands for their path
   */
  record Held(Part part, FleetContent content, Path path) {}

  /** What a file of a name was last. */
  private record Known(String digest, Source source) {}

  private final ReadMemory read = new ReadMemory(ReadOptions.DEFAULT.withKeepWritten(true));
  /** The files of the last cluster by what they hold. */
  private final Map<Part, Map<String, FleetContent.File>> files = new EnumMap<>(Part.class);

  private final Map<Part, MirroredFiles> directories = new EnumMap<>(Part.class);
  private final Map<Part, Map<String, Known>> sources = new EnumMap<>(Part.class);
  private Optional<Analysis> latest = Optional.empty();

  /**
   * A memory of nothing yet.
   *
   * @param directory a local directory for files, which is there and holds nothing
   */
  FleetMemory(Path directory) {
    for (Part part : Part.values()) {
      directories.put(part, new MirroredFiles(directory.resolve(part.name())));
      sources.put(part, new HashMap<>());
    }
  }

  /** Puts files into a local directory, where what reads them can find them. */
  Held hold(Part part, FleetContent content) throws IOException {
    Map<String, FleetContent.File> byDigest = new HashMap<>();
    content.files().values().forEach(file -> byDigest.put(file.digest(), file));
    files.put(part, byDigest);
    return new Held(part, content, directories.get(part).hold(content));
  }

  /** A file that holds what a digest says, if one of the last cluster does. */
  Optional<FleetContent.File> file(String digest) {
    for (Map<String, FleetContent.File> part : files.values()) {
      FleetContent.File file = part.get(digest);
      if (file != null) {
        return Optional.of(file);
      }
    }
    return Optional.empty();
  }

  /**
   * The manifests among files. Names are those below the path, so that equal content is told in equal words.
   *
   * @throws IOException if there are none
   */
  SourceTree tree(Held held, SourceTree.TreeScope extent) throws IOException {
    SourceTree tree = SourceTree.of(held.path(), file -> false, extent);
    if (tree.sources().isEmpty() && tree.passedOver().isEmpty()) {
      throw new IOException("it holds no .yaml, .yml or .json file");
    }
    Path as = Files.isDirectory(held.path()) ? Path.of("") : held.path().getFileName();
    SourceTree named = tree.named(held.path(), as);
    List<Source> same =
        named.sources().stream().map(source -> same(held, source)).toList();
    return new SourceTree(same, named.passedOver(), named.problems());
  }

  /** The same object for a source that says what the last one of its name said. */
  private Source same(Held held, Source source) {
    FleetContent.File file = held.content().files().get(source.name());
    if (file == null) {
      return source;
    }
    Map<String, Known> known = sources.get(held.part());
    Known before = known.get(source.name());
    if (before != null
        && before.digest().equals(file.digest())
        && before.source().isFound() == source.isFound()) {
      return before.source();
    }
    Source bytes = Source.bytes(source.name(), file.bytes());
    Known now = new Known(file.digest(), source.isFound() ? bytes.found() : bytes);
    known.put(source.name(), now);
    return now.source();
  }

  /** Reads manifests; of those that were read before no document anew. */
  Loaded read(SourceTree tree) {
    return read.read(tree);
  }

  /** How many documents were read since none was remembered that says the same. */
  long readAnew() {
    return read.readAnew();
  }

  /** The analysis of a cluster, planned from that of the last one where only policies differ. */
  Analysis analysis(Cluster cluster) {
    Analysis next =
        latest.map(earlier -> earlier.after(cluster)).orElseGet(() -> Analysis.of(cluster));
    latest = Optional.of(next);
    return next;
  }
}
