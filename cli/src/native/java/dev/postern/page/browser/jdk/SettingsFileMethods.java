package dev.postern.page.browser.jdk;

import dev.postern.cli.NotHere;
import java.io.File;
import java.nio.file.Path;
import java.util.Optional;

/** Settings are the JVM's to read: here it is enough to know that there are none. */
public final class SettingsFileMethods {

  private SettingsFileMethods() {}

  /** As {@code SettingsFile.above}; names that go back are looked at on the way, too. */
  public static Optional<Path> above(Path path) {
    for (File directory = new File(path.toString()).getAbsoluteFile();
        directory != null;
        directory = directory.getParentFile()) {
      if (new File(directory, ".postern.yaml").exists()) {
        throw new NotHere();
      }
    }
    return Optional.empty();
  }
}
