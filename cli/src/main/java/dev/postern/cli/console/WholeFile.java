package dev.postern.cli.console;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermission;
import java.util.Set;

/** A file that is written as a whole or stays as it was: a disk that is full must not cost anybody a manifest. */
public final class WholeFile {

  private WholeFile() {}

  /**
   * Writes a text in UTF-8 in the place of what the file holds; a link stays a link, and permissions stay as they are.
   *
   * @throws IOException if it cannot be written; then the file is as it was
   */
  public static void write(Path file, String text) throws IOException {
    if (Files.exists(file) && !Files.isRegularFile(file)) {
      // A device or a pipe holds nothing that could be lost.
      Files.writeString(file, text);
      return;
    }
    Path place = Files.exists(file) ? file.toRealPath() : file.toAbsolutePath();
    Path directory = place.getParent();
    if (directory == null) {
      throw new NoSuchFileException(file.toString());
    }
    Path written = Files.createTempFile(directory, ".postern", ".new");
    try {
      Files.writeString(written, text);
      Files.setPosixFilePermissions(written, permissions(place));
      Files.move(written, place, StandardCopyOption.ATOMIC_MOVE);
    } finally {
      Files.deleteIfExists(written);
    }
  }

  /** Those of the file, or of one that is new. */
  private static Set<PosixFilePermission> permissions(Path file) throws IOException {
    return Files.exists(file)
        ? Files.getPosixFilePermissions(file)
        : Set.of(
            PosixFilePermission.OWNER_READ,
            PosixFilePermission.OWNER_WRITE,
            PosixFilePermission.GROUP_READ,
            PosixFilePermission.OTHERS_READ);
  }
}
