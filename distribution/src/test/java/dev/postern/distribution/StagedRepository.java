package dev.postern.distribution;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.opentest4j.TestAbortedException;

/** Where this build deployed what it publishes, and the properties of its root pom. */
record StagedRepository(Path directory, String parent) {

  private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();

  /**
   * The one of this build.
   *
   * @throws TestAbortedException if this build deploys nothing, unless the environment says {@code CI=true}
   */
  static StagedRepository required() throws IOException {
    Path directory = ROOT.resolve("target/staging");
    if (!Files.isDirectory(directory)) {
      String message = "nothing is deployed into target/staging (./check --all does)";
      if ("true".equals(System.getenv("CI"))) {
        throw new AssertionError(message);
      }
      throw new TestAbortedException(message);
    }
    return new StagedRepository(directory, Files.readString(ROOT.resolve("pom.xml")));
  }

  static Path root() {
    return ROOT;
  }

  String version() {
    return first("<version>(.*?)</version>");
  }

  /** A property of the root pom, as {@code junit.version}. */
  String property(String name) {
    return first("<" + Pattern.quote(name) + ">(.*?)</");
  }

  /** The names of all that is there. */
  List<String> artifacts() throws IOException {
    try (Stream<Path> artifacts = Files.list(directory.resolve("dev/postern"))) {
      return artifacts
          .filter(Files::isDirectory)
          .map(artifact -> artifact.getFileName().toString())
          .sorted()
          .toList();
    }
  }

  /** The newest file of an artefact, by how its name ends: {@code .jar}, {@code -sources.jar}, {@code .pom}. */
  Path file(String artifact, String ending) throws IOException {
    Pattern name = Pattern.compile(
        Pattern.quote(artifact) + "-[0-9.]+(-SNAPSHOT|-[0-9.]+-[0-9]+)?" + Pattern.quote(ending));
    try (Stream<Path> files =
        Files.list(directory.resolve("dev/postern").resolve(artifact).resolve(version()))) {
      return files
          .filter(file -> name.matcher(file.getFileName().toString()).matches())
          .max(Comparator.comparing(Path::toString))
          .orElseThrow(() -> new AssertionError(artifact + " has no " + ending));
    }
  }

  private String first(String pattern) {
    Matcher matcher = Pattern.compile(pattern).matcher(parent);
    if (!matcher.find()) {
      throw new AssertionError("pom.xml has no " + pattern);
    }
    return matcher.group(1);
  }
}
