package dev.postern.cli.artifact;

import dev.postern.backend.Artifact;
import dev.postern.backend.Fingerprint;
import dev.postern.cli.console.InputBound;
import dev.postern.cli.console.UserError;
import dev.postern.diagnostic.ShortList;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * An artefact's files in a directory of their own. They are written into a new directory beside it, which takes its place when it is
 * complete: a disk that is full leaves the old artefact as it was. A list of the files tells them from those of others.
 */
public final class ArtifactDirectory {

  /** The list of the files, as {@code sha256sum -c} reads it. */
  static final String MANIFEST = "artefact.sha256";

  private static final String SCRIPT = ".sh";
  private static final int DIGITS = 64;
  private static final int MOST_NAMED = 3;

  private ArtifactDirectory() {}

  /**
   * Makes the directory hold exactly this artefact.
   *
   * @throws UserError if the directory holds something that no earlier call wrote, or it cannot be made or written to; then it is as it was
   */
  public static void write(Artifact artifact, Path directory) {
    try {
      // The directory itself is replaced, not a link to it.
      Path place = Files.exists(directory)
          ? directory.toRealPath()
          : directory.toAbsolutePath().normalize();
      refuseOthers(directory, place);
      if (!replace(artifact, place)) {
        fillInPlace(artifact, place);
      }
    } catch (FileAlreadyExistsException problem) {
      throw new UserError("postern: error: " + problem.getFile() + " is no directory");
    } catch (FileSystemException problem) {
      throw new UserError("postern: error: cannot write " + problem.getFile()
          + (problem.getReason() == null ? "" : ": " + problem.getReason()));
    } catch (IOException problem) {
      throw new UserError(
          "postern: error: cannot write to " + directory + ": " + problem.getMessage());
    }
  }

  private static String name(Path place) {
    return String.valueOf(place.getFileName());
  }

  private static void refuseOthers(Path given, Path place) throws IOException {
    if (!Files.exists(place, LinkOption.NOFOLLOW_LINKS)) {
      return;
    }
    if (!Files.isDirectory(place)) {
      throw new FileAlreadyExistsException(given.toString());
    }
    SortedSet<String> others = new TreeSet<>();
    try (Stream<Path> files = Files.list(place)) {
      files.forEach(file -> others.add(name(file)));
    }
    if (others.isEmpty()) {
      return;
    }
    others.removeAll(listed(place.resolve(MANIFEST)));
    others.remove(MANIFEST);
    if (!others.isEmpty()) {
      throw new UserError(
          "postern compile: error: " + given + " holds what `compile` did not write: "
              + others.stream().collect(ShortList.ofFirst(MOST_NAMED))
              + " (hint: give --out a directory of its own, or move these away)");
    }
  }

  /** The files that the last call wrote. */
  private static List<String> listed(Path manifest) throws IOException {
    List<String> names = new ArrayList<>();
    if (Files.isRegularFile(manifest, LinkOption.NOFOLLOW_LINKS)) {
      for (String line : InputBound.WRITTEN.text(manifest).lines().toList()) {
        if (line.length() > DIGITS + 2) {
          names.add(line.substring(DIGITS + 2));
        }
      }
    }
    return names;
  }

  /** Writes beside the directory and exchanges the two; says whether that can be done, which a mount point does not let it. */
  private static boolean replace(Artifact artifact, Path place) throws IOException {
    boolean there = Files.exists(place, LinkOption.NOFOLLOW_LINKS);
    Path parent = place.getParent();
    if (parent == null) {
      return false;
    }
    Path fresh;
    try {
      Files.createDirectories(parent);
      fresh = Files.createTempDirectory(parent, "." + name(place) + ".new-");
    } catch (FileSystemException problem) {
      if (there) {
        return false;
      }
      throw problem;
    }
    try {
      fill(artifact, fresh);
      return exchange(fresh, place, there);
    } finally {
      delete(fresh);
    }
  }

  private static boolean exchange(Path fresh, Path place, boolean there) throws IOException {
    if (!there) {
      Files.move(fresh, place, StandardCopyOption.ATOMIC_MOVE);
      return true;
    }
    Path old = Files.createTempDirectory(place.getParent(), "." + name(place) + ".old-");
    try {
      try {
        Files.move(place, old.resolve(name(place)), StandardCopyOption.ATOMIC_MOVE);
      } catch (FileSystemException busy) {
        return false;
      }
      try {
        Files.move(fresh, place, StandardCopyOption.ATOMIC_MOVE);
      } catch (IOException problem) {
        Files.move(old.resolve(name(place)), place, StandardCopyOption.ATOMIC_MOVE);
        throw problem;
      }
      return true;
    } finally {
      delete(old);
    }
  }

  /**
   * Writes into a new directory inside and moves the files up one by one, scripts last. A script whose files were exchanged under it refuses
   * them, for it holds their digests.
   */
  private static void fillInPlace(Artifact artifact, Path place) throws IOException {
    Path fresh = Files.createTempDirectory(place, ".new-");
    try {
      fill(artifact, fresh);
      List<String> before = listed(place.resolve(MANIFEST));
      List<String> now = new ArrayList<>(artifact.files().keySet());
      now.sort(Comparator.comparing((String name) -> name.endsWith(SCRIPT)));
      // Whatever ends this halfway leaves nothing that the next call would take for another's.
      List<String> both = new ArrayList<>(before);
      both.addAll(now);
      both.add(name(fresh));
      StringBuilder names = new StringBuilder();
      both.forEach(
          name -> names.append("0".repeat(DIGITS)).append("  ").append(name).append('\n'));
      Files.writeString(place.resolve(MANIFEST), names);
      for (String name : now) {
        move(fresh.resolve(name), place.resolve(name));
      }
      for (String name : before) {
        if (!artifact.files().containsKey(name) && !name.contains("/")) {
          delete(place.resolve(name));
        }
      }
      move(fresh.resolve(MANIFEST), place.resolve(MANIFEST));
    } finally {
      delete(fresh);
    }
  }

  private static void move(Path from, Path to) throws IOException {
    Files.move(from, to, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
  }

  private static void fill(Artifact artifact, Path fresh) throws IOException {
    StringBuilder manifest = new StringBuilder();
    for (Map.Entry<String, String> file : artifact.files().entrySet()) {
      Path written = Files.writeString(fresh.resolve(file.getKey()), file.getValue());
      boolean script = file.getKey().endsWith(SCRIPT);
      Files.setPosixFilePermissions(
          written, PosixFilePermissions.fromString(script ? "rwxr-xr-x" : "rw-r--r--"));
      manifest
          .append(Fingerprint.of(file.getValue()).sha256())
          .append("  ")
          .append(file.getKey())
          .append('\n');
    }
    Files.writeString(fresh.resolve(MANIFEST), manifest);
    Files.setPosixFilePermissions(fresh, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  private static void delete(Path directory) throws IOException {
    if (!Files.exists(directory, LinkOption.NOFOLLOW_LINKS)) {
      return;
    }
    List<Path> all;
    try (Stream<Path> files = Files.walk(directory)) {
      all = new ArrayList<>(files.toList());
    }
    for (int i = all.size() - 1; i >= 0; i--) {
      Files.delete(all.get(i));
    }
  }
}
