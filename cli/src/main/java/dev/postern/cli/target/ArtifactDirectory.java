package dev.postern.cli.target;

import dev.postern.cli.console.Complaint;
import dev.postern.target.Artifact;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;

/** An artefact's files in a directory. */
public final class ArtifactDirectory {

  private static final String SCRIPT = ".sh";

  private ArtifactDirectory() {}

  /**
   * Writes all files, each as a whole, scripts executable. Other files in the directory stay.
   *
   * @throws Complaint if the directory cannot be made or written to
   */
  public static void write(Artifact artifact, Path directory) {
    try {
      Files.createDirectories(directory);
      for (Map.Entry<String, String> file : artifact.files().entrySet()) {
        Path written =
            Files.writeString(directory.resolve(file.getKey() + ".new"), file.getValue());
        if (file.getKey().endsWith(SCRIPT)) {
          Files.setPosixFilePermissions(written, PosixFilePermissions.fromString("rwxr-xr-x"));
        }
        Files.move(written, directory.resolve(file.getKey()), StandardCopyOption.REPLACE_EXISTING);
      }
    } catch (FileAlreadyExistsException problem) {
      throw new Complaint("postern: error: " + problem.getFile() + " is no directory");
    } catch (FileSystemException problem) {
      throw new Complaint("postern: error: cannot write " + problem.getFile()
          + (problem.getReason() == null ? "" : ": " + problem.getReason()));
    } catch (IOException problem) {
      throw new Complaint(
          "postern: error: cannot write to " + directory + ": " + problem.getMessage());
    }
  }
}
