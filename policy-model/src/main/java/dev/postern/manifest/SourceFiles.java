package dev.postern.manifest;

import dev.postern.diagnostic.Code;
import dev.postern.diagnostic.Diagnostic;
import dev.postern.diagnostic.Origin;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** Finds the files that a path means. */
final class SourceFiles {

  private SourceFiles() {}

  static void find(Path path, Consumer<Source> sources, Consumer<Diagnostic> problems) {
    if (!Files.isDirectory(path)) {
      sources.accept(Source.file(path));
      return;
    }
    List<Path> files = new ArrayList<>();
    // A link that the user names is followed; one inside is not, since a mounted ConfigMap shows
    // every file by two ways.
    Path start = Files.isSymbolicLink(path) ? path.resolve(".") : path;
    try {
      Files.walkFileTree(start, new SimpleFileVisitor<>() {
        @Override
        public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
          if (isManifest(file) && Files.isRegularFile(file)) {
            files.add(file);
          }
          return FileVisitResult.CONTINUE;
        }

        @Override
        public FileVisitResult visitFileFailed(Path file, IOException e) {
          problems.accept(unreadable(file.toString(), e));
          return FileVisitResult.CONTINUE;
        }
      });
    } catch (IOException e) {
      problems.accept(unreadable(path.toString(), e));
    }
    if (files.isEmpty()) {
      String problem = "the directory " + path + " holds no .yaml, .yml or .json file";
      problems.accept(Code.NOTHING_TO_READ.at(new Origin(path.toString(), 0, 0, ""), problem));
    }
    files.stream()
        .map(file -> path.resolve(start.relativize(file)))
        .sorted()
        .map(Source::file)
        .forEach(sources);
  }

  private static boolean isManifest(Path file) {
    String name = file.getFileName().toString();
    return name.endsWith(".yaml") || name.endsWith(".yml") || name.endsWith(".json");
  }

  static Diagnostic unreadable(String name, IOException e) {
    String why = e instanceof NoSuchFileException
        ? "there is no such file or directory"
        : e instanceof AccessDeniedException ? "permission denied" : String.valueOf(e.getMessage());
    return Code.UNREADABLE.at(new Origin(name, 0, 0, ""), "`" + name + "`", why);
  }
}
