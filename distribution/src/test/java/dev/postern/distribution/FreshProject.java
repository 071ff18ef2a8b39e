package dev.postern.distribution;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A project of somebody else, in a directory of its own and with a local repository of its own. What Postern is it takes from where this build
 * deployed it to, all else from what Maven has loaded for this build; there is no network.
 */
record FreshProject(Path directory, Path settings) {

  private static final Pattern PLACEHOLDER = Pattern.compile("@([a-z0-9.-]+)@");

  /** A program that was run: its exit status, and what it wrote. */
  record Call(int status, String out) {

    static Call of(Path directory, List<String> command) throws IOException, InterruptedException {
      Path out = Files.createTempFile(directory, "call", ".log");
      Process process = new ProcessBuilder(command)
          .directory(directory.toFile())
          .redirectErrorStream(true)
          .redirectInput(new File("/dev/null"))
          .redirectOutput(out.toFile())
          .start();
      if (!process.waitFor(10, TimeUnit.MINUTES)) {
        process.destroyForcibly();
        throw new AssertionError(command + " did not end: " + Files.readString(out));
      }
      return new Call(process.exitValue(), Files.readString(out));
    }
  }

  /**
   * A copy of a project of {@code src/test/projects}, in which the root pom's properties stand for their names between {@code @}.
   *
   * @param workspace holds the copy and the local repository, which projects of one workspace share
   */
  static FreshProject of(String name, StagedRepository staged, Path workspace) throws IOException {
    Path template = Path.of("src/test/projects", name);
    Path directory = workspace.resolve(name);
    try (Stream<Path> files = Files.walk(template)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        Path copy = directory.resolve(template.relativize(file).toString());
        Files.createDirectories(copy.getParent());
        Files.writeString(copy, filled(Files.readString(file), staged));
      }
    }
    return new FreshProject(directory, settings(staged, workspace));
  }

  private static String filled(String text, StagedRepository staged) {
    return PLACEHOLDER.matcher(text).replaceAll(name -> switch (name.group(1)) {
      case "version" -> staged.version();
      case "staged" -> staged.directory().toUri().toString();
      case "loaded" -> Path.of(System.getProperty("postern.repository")).toUri().toString();
      default -> staged.property(name.group(1));
    });
  }

  private static Path settings(StagedRepository staged, Path workspace) throws IOException {
    return Files.writeString(workspace.resolve("settings.xml"), """
        <settings>
          <localRepository>%s</localRepository>
          <mirrors>
            <mirror><id>loaded</id><mirrorOf>*,!staging</mirrorOf><url>%s</url></mirror>
          </mirrors>
          <profiles>
            <profile>
              <id>staging</id>
              <repositories>
                <repository><id>staging</id><url>%3$s</url></repository>
              </repositories>
              <pluginRepositories>
                <pluginRepository><id>staging</id><url>%3$s</url></pluginRepository>
              </pluginRepositories>
            </profile>
          </profiles>
          <activeProfiles><activeProfile>staging</activeProfile></activeProfiles>
        </settings>
        """.formatted(
            workspace.resolve("repository"),
            Path.of(System.getProperty("postern.repository")).toUri(),
            staged.directory().toUri()));
  }

  Call maven(String... arguments) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(
        List.of(maven(), "-B", "-ntp", "-s", settings.toString(), "-Dstyle.color=never"));
    command.addAll(List.of(arguments));
    return Call.of(directory, command);
  }

  /** The Maven that runs this build. */
  private static String maven() {
    return Path.of(System.getProperty("postern.maven"), "bin", "mvn").toString();
  }
}
