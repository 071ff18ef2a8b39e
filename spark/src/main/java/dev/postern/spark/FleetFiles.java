package dev.postern.spark;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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
   * @throws IOException if it is not there, or cannot be listed
   */
  static FleetFiles of(String path, Configuration configuration) throws IOException {
    Path root = new Path(path);
    FileSystem system = root.getFileSystem(configuration);
    return new FleetFiles(system, system.getFileStatus(root));
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

  /** What tells them from others: equal for equal bytes of equal names. */
  String digest() throws IOException {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      digest.update((byte) (folder ? 1 : 0));
      for (Map.Entry<String, Path> file : files.entrySet()) {
        part(digest, file.getKey().getBytes(StandardCharsets.UTF_8));
        try (InputStream in = system.open(file.getValue())) {
          part(digest, in.readAllBytes());
        }
      }
      return HexFormat.of().formatHex(digest.digest());
    } catch (NoSuchAlgorithmException missing) {
      throw new IllegalStateException("every JDK has SHA-256", missing);
    }
  }

  private static void part(MessageDigest digest, byte[] bytes) {
    digest.update((bytes.length + ":").getBytes(StandardCharsets.UTF_8));
    digest.update(bytes);
  }

  /**
   * Copies them.
   *
   * @param directory an empty directory
   * @return what stands for the path there
   */
  java.nio.file.Path copy(java.nio.file.Path directory) throws IOException {
    for (Map.Entry<String, Path> file : files.entrySet()) {
      java.nio.file.Path to = directory.resolve(file.getKey());
      Files.createDirectories(Optional.ofNullable(to.getParent()).orElse(directory));
      try (InputStream in = system.open(file.getValue());
          OutputStream out = Files.newOutputStream(to)) {
        in.transferTo(out);
      }
    }
    return folder ? directory : directory.resolve(files.keySet().iterator().next());
  }
}
