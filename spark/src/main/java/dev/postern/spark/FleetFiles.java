package dev.postern.spark;

import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
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

  /** Reads them all. */
  FleetContent content() throws IOException {
    TreeMap<String, FleetContent.File> read = new TreeMap<>();
    for (Map.Entry<String, Path> file : files.entrySet()) {
      try (InputStream in = system.open(file.getValue())) {
        read.put(file.getKey(), new FleetContent.File(in.readAllBytes()));
      }
    }
    return new FleetContent(folder, read);
  }
}
