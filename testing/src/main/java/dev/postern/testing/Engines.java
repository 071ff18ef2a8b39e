package dev.postern.testing;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.opentest4j.TestAbortedException;

/** The programs of the machine that some tests drive. Where one is missing those tests are skipped, and say so; in CI they fail. */
public final class Engines {

  private Engines() {}

  /**
   * Goes on only if these commands are on the path and the user is root.
   *
   * @throws TestAbortedException if not, unless the environment says {@code CI=true}
   */
  public static void require(String... commands) {
    List<String> missing = new ArrayList<>();
    if (!isRoot()) {
      missing.add("root");
    }
    Arrays.stream(commands).filter(command -> !isInstalled(command)).forEach(missing::add);
    if (missing.isEmpty()) {
      return;
    }
    missing("needs " + String.join(", ", missing) + ", which this machine does not have");
  }

  /**
   * Goes on only if these commands are on the path, whoever the user is.
   *
   * @throws TestAbortedException if not, unless the environment says {@code CI=true}
   */
  public static void requireInstalled(String... commands) {
    List<String> missing =
        Arrays.stream(commands).filter(command -> !isInstalled(command)).toList();
    if (!missing.isEmpty()) {
      missing("needs " + String.join(", ", missing) + ", which this machine does not have");
    }
  }

  /** Skips a test; in CI fails it. */
  static void missing(String message) {
    if ("true".equals(System.getenv("CI"))) {
      throw new AssertionError(message);
    }
    throw new TestAbortedException(message);
  }

  private static boolean isRoot() {
    try {
      return Files.exists(Path.of("/proc/self"))
          && Integer.valueOf(0).equals(Files.getAttribute(Path.of("/proc/self"), "unix:uid"));
    } catch (IOException | UnsupportedOperationException e) {
      return false;
    }
  }

  private static boolean isInstalled(String command) {
    String path = System.getenv("PATH");
    return path != null
        && Arrays.stream(path.split(File.pathSeparator))
            .anyMatch(directory -> Files.isExecutable(Path.of(directory, command)));
  }
}
