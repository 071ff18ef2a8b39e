package dev.postern.maven;

import dev.postern.cli.selection.SettingsFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitOption;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.LocalDate;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;

/**
 * Whether a call ended well on the very same input, by content: a digest of how it is called and of every file that it reads, kept in a file.
 *
 * @param note holds the digest of the last call that ended well
 * @param digest of this call
 * @param lasts whether the digest covers all that counts
 */
record LastSuccess(Path note, String digest, boolean lasts) {

  static LastSuccess of(Path note, String version, List<String> arguments, List<Path> inputs)
      throws IOException {
    MessageDigest digest = sha256();
    add(digest, version);
    // A mark may hold until a day.
    add(digest, LocalDate.now().toString());
    arguments.forEach(argument -> add(digest, argument));
    boolean lasts = true;
    for (Path input : inputs) {
      lasts &= settings(input);
      try (Stream<Path> files = Files.walk(input, FileVisitOption.FOLLOW_LINKS)) {
        for (Path file : files.filter(Files::isRegularFile).sorted().toList()) {
          add(digest, file.toString());
          add(digest, Long.toString(Files.size(file)));
          digest.update(Files.readAllBytes(file));
        }
      }
    }
    return new LastSuccess(note, HexFormat.of().formatHex(digest.digest()), lasts);
  }

  /** Whether no file of settings is about an input: such a file may name others that count. */
  private static boolean settings(Path input) {
    for (Path directory = input.toAbsolutePath().normalize();
        directory != null;
        directory = directory.getParent()) {
      if (Files.exists(directory.resolve(SettingsFile.NAME))) {
        return false;
      }
    }
    return true;
  }

  /** The same, which is not remembered: its digest does not cover all that counts. */
  LastSuccess passing() {
    return new LastSuccess(note, digest, false);
  }

  boolean isRemembered() throws IOException {
    return lasts && Files.isRegularFile(note) && Files.readString(note).equals(digest);
  }

  void remember() throws IOException {
    if (lasts) {
      Files.createDirectories(note.getParent());
      Files.writeString(note, digest);
    }
  }

  void forget() throws IOException {
    Files.deleteIfExists(note);
  }

  private static void add(MessageDigest digest, String text) {
    digest.update(text.getBytes(StandardCharsets.UTF_8));
    digest.update((byte) 0);
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException("every Java has SHA-256", impossible);
    }
  }
}
