package dev.postern.spark;

import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * The files below a path of any file system that Hadoop knows, of which clusters are made: manifests, statements, and what says what is
 * neither.
 */
final class FleetFiles {

  private static final List<String> ENDINGS = List.of(".yaml", ".yml", ".json", ".postern");

  /** What Kustomize reads, and has no ending. */
  private static final String KUSTOMIZATION = "Kustomization";

  private final FileSystem system;
  private final boolean folder;
  private final Map<String, Path> files = new TreeMap<>();

  private FleetFiles(FileSystem system, FileStatus root) throws IOException {
    this.system = system;
    this.folder = root.isDirectory();
    if (folder) {
      collect(root.getPath(), "");
    } else {
      files.put(root.getPath().getName(), root.getPath());
    }
  }

  /**
   * The files of a path.
   *
   * @throws IOException if it is no path, or not there, or cannot be listed
   */
  static FleetFiles of(String path, Configuration configuration) throws IOException {
    Path root = path(path);
    FileSystem system = root.getFileSystem(configuration);
    return new FleetFiles(system, system.getFileStatus(root));
  }

  private static Path path(String text) throws IOException {
    try {
      return new Path(text);
    } catch (IllegalArgumentException none) {
      throw new IOException("`" + text + "` is no path: " + none.getMessage(), none);
    }
  }

  private void collect(Path directory, String below) throws IOException {
    for (FileStatus child : system.listStatus(directory)) {
      String name = child.getPath().getName();
      if (child.isDirectory()) {
        collect(child.getPath(), below + name + "/");
      } else if (name.equals(KUSTOMIZATION) || ENDINGS.stream().anyMatch(name::endsWith)) {
        files.put(below + name, child.getPath());
      }
    }
  }

  /**
   * What they hold. Files that hold what they did when they were first read are not read again, if somebody still has that: whoever compares
   * the digest of all of them with what it was then has what was there then.
   *
   * @param then what they held then
   * @param known what holds what a digest says, if somebody has it
   */
  FleetContent content(FileDigests then, Function<String, Optional<FleetContent.File>> known)
      throws IOException {
    TreeMap<String, FleetContent.File> read = new TreeMap<>();
    for (Map.Entry<String, Path> file : files.entrySet()) {
      Optional<FleetContent.File> same = known.apply(then.at(read.size()));
      read.put(file.getKey(), same.isPresent() ? same.get() : read(file.getValue()));
    }
    return new FleetContent(folder, read);
  }

  private FleetContent.File read(Path file) throws IOException {
    try (InputStream in = system.open(file)) {
      return new FleetContent.File(in.readAllBytes());
    }
  }
}
