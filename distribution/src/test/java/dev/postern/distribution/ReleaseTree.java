package dev.postern.distribution;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * This source tree as far as it takes to release one of its modules and the bill of materials, in a directory of its own: all poms, and one module's
 * sources. Maven has a local repository of its own there, and takes from Maven Central what this build has not loaded.
 */
record ReleaseTree(FreshProject project, Path repository) {

  /** The module that stands for all: it needs no other. */
  static final String MODULE = "policy-model";

  static ReleaseTree of(Path workspace) throws IOException {
    Path root = StagedRepository.root();
    Path tree = Files.createDirectories(workspace.resolve("tree"));
    try (Stream<Path> directories = Files.list(root)) {
      for (Path directory : directories.filter(Files::isDirectory).toList()) {
        copy(directory.resolve("pom.xml"), root, tree);
      }
    }
    copy(root.resolve("pom.xml"), root, tree);
    for (String part : List.of(".mvn", "src", MODULE + "/src/main")) {
      try (Stream<Path> files = Files.walk(root.resolve(part))) {
        for (Path file : files.toList()) {
          copy(file, root, tree);
        }
      }
    }
    Path repository = Files.createDirectories(workspace.resolve("released"));
    return new ReleaseTree(new FreshProject(tree, settings(workspace, repository)), repository);
  }

  private static void copy(Path file, Path root, Path tree) throws IOException {
    if (Files.isRegularFile(file)) {
      Path copy = tree.resolve(root.relativize(file).toString());
      Files.createDirectories(copy.getParent());
      Files.copy(file, copy);
    }
  }

  private static Path settings(Path workspace, Path repository) throws IOException {
    return Files.writeString(workspace.resolve("settings.xml"), """
        <settings>
          <localRepository>%s</localRepository>
          <profiles>
            <profile>
              <id>here</id>
              <repositories>
                <repository><id>released</id><url>%2$s</url></repository>
                <repository><id>loaded</id><url>%3$s</url></repository>
              </repositories>
              <pluginRepositories>
                <pluginRepository><id>loaded</id><url>%3$s</url></pluginRepository>
              </pluginRepositories>
            </profile>
          </profiles>
          <activeProfiles><activeProfile>here</activeProfile></activeProfiles>
        </settings>
        """.formatted(
            workspace.resolve("repository"),
            repository.toUri(),
            Path.of(System.getProperty("postern.repository")).toUri()));
  }

  /** Gives all modules another version. */
  void version(String before, String after) throws IOException {
    try (Stream<Path> files = Files.walk(project.directory(), 2)) {
      for (Path pom : files.filter(file -> file.endsWith("pom.xml")).toList()) {
        edit(pom, "<version>" + before + "</version>", "<version>" + after + "</version>");
      }
    }
  }

  /** Changes a source of the module. */
  void edit(String source, String before, String after) throws IOException {
    edit(project.directory().resolve(MODULE + "/src/main/java").resolve(source), before, after);
  }

  private static void edit(Path file, String before, String after) throws IOException {
    String text = Files.readString(file);
    if (!text.contains(before)) {
      throw new AssertionError(file + " has no " + before);
    }
    Files.writeString(file, text.replace(before, after));
  }
}
