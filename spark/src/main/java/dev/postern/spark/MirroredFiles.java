package dev.postern.spark;

import java.io.IOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A local directory that holds the files of one cluster after another: what two in a row have in common is written once. For one thread. */
final class MirroredFiles {

  private final Path directory;
  /** Digests by name; empty for a file of which it is not known what it holds. */
  private final Map<String, String> held = new HashMap<>();

  /**
   * A directory that holds nothing yet.
   *
   * @param directory is made when it is first needed
   */
  MirroredFiles(Path directory) {
    this.directory = directory;
  }

  /**
   * Makes the directory hold these files and no others.
   *
   * @return what stands for their path there
   */
  Path hold(FleetContent content) throws IOException {
    make(directory);
    for (String name : List.copyOf(held.keySet())) {
      if (!content.files().containsKey(name)) {
        remove(directory.resolve(name));
        held.remove(name);
      }
    }
    for (Map.Entry<String, FleetContent.File> file : content.files().entrySet()) {
      String digest = file.getValue().digest();
      if (!digest.equals(held.get(file.getKey()))) {
        Path to = directory.resolve(file.getKey());
        make(Optional.ofNullable(to.getParent()).orElse(directory));
        held.put(file.getKey(), "");
        Files.write(to, file.getValue().bytes());
        held.put(file.getKey(), digest);
      }
    }
    return content.isFolder() ? directory : directory.resolve(content.files().firstKey());
  }

  /** Makes a directory that is mostly there: to find that out by making it costs an exception. */
  private static void make(Path directory) throws IOException {
    if (!Files.isDirectory(directory)) {
      Files.createDirectories(directory);
    }
  }

  /** Removes a file, and the directories that hold nothing without it. */
  private void remove(Path file) throws IOException {
    Files.deleteIfExists(file);
    Path above = file.getParent();
    while (above != null && !above.equals(directory)) {
      try {
        Files.delete(above);
      } catch (DirectoryNotEmptyException others) {
        return;
      }
      above = above.getParent();
    }
  }
}
