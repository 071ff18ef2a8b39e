package dev.postern.maven;

import dev.postern.question.Expectation;
import dev.postern.question.SetStatement;
import dev.postern.question.Statement;
import java.io.File;
import java.io.IOException;
import java.nio.file.FileVisitOption;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.maven.plugins.annotations.LifecyclePhase;
import org.apache.maven.plugins.annotations.Mojo;
import org.apache.maven.plugins.annotations.Parameter;

/** Holds manifests to statements that are kept beside them, and fails where one does not hold or is undecided. */
@Mojo(name = "test", defaultPhase = LifecyclePhase.VERIFY, threadSafe = true)
public final class TestGoal extends CommandGoal {

  /** Manifests, and directories of them. */
  @Parameter(property = "postern.manifests", required = true)
  private List<File> manifests = new ArrayList<>();

  /** Files of statements, as {@code shop.postern}, and directories of them. */
  @Parameter(property = "postern.specifications", required = true)
  private List<File> specifications = new ArrayList<>();

  @Override
  List<String> command() {
    List<String> words = new ArrayList<>(List.of("test"));
    specifications.forEach(path -> words.add(shown(path)));
    words.addAll(shown("-f", manifests));
    return words;
  }

  @Override
  List<Path> reads() throws IOException {
    List<Path> read = new ArrayList<>();
    manifests.forEach(path -> read.add(path.toPath()));
    for (File specification : specifications) {
      read.add(specification.toPath());
      try (Stream<Path> files = Files.walk(specification.toPath(), FileVisitOption.FOLLOW_LINKS)) {
        for (Path file : files.filter(Files::isRegularFile).sorted().toList()) {
          read.addAll(named(file));
        }
      }
    }
    return read;
  }

  /** The manifests that statements about sets of policies name. */
  private static List<Path> named(Path file) throws IOException {
    List<Path> named = new ArrayList<>();
    for (Expectation statement : Statement.specification(Files.readString(file)).expectations()) {
      if (statement instanceof SetStatement set) {
        Path other = file.resolveSibling(set.path());
        if (Files.exists(other)) {
          named.add(other);
        }
      }
    }
    return named;
  }

  @Override
  String complaint() {
    return "statements do not hold: see above";
  }

  @Override
  Map<String, List<File>> required() {
    return Map.of("manifests", manifests, "specifications", specifications);
  }
}
