package dev.postern.manifest;

import java.nio.file.Path;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Tells files that are there for tests, or for building somebody else's program, from those that a cluster gets. They hold what is wrong on
 * purpose, one object in many versions, and objects of which only a part is written.
 */
final class TestData {

  /** Directories that hold nothing else; {@code test} is not here, since many name an environment so. */
  private static final Set<String> DIRECTORIES = Set.of(
      "testdata",
      "test-data",
      "test_data",
      "tests",
      "__tests__",
      "e2e",
      "fixtures",
      "vendor",
      // Chainsaw's
      ".chainsaw-test");

  /** Kuttl's: parts of objects that a step of a test expects, or expects not to be there. */
  private static final Pattern EXPECTED = Pattern.compile("\\d+-(assert|errors)([-.].*)?\\.ya?ml");

  private TestData() {}

  /**
   * Whether a file is there for tests.
   *
   * @param file its path below the directory that the user named
   */
  static boolean isThere(Path file) {
    for (int i = 0; i < file.getNameCount() - 1; i++) {
      if (DIRECTORIES.contains(file.getName(i).toString())) {
        return true;
      }
    }
    return EXPECTED.matcher(String.valueOf(file.getFileName())).matches();
  }
}
