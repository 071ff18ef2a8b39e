package dev.postern.cli.spec;

import dev.postern.cli.answer.NoteWords;
import dev.postern.cli.console.Console;
import dev.postern.cli.console.UserError;
import dev.postern.cli.input.TextInput;
import dev.postern.question.Expectation;
import dev.postern.question.Statement;
import dev.postern.spec.Check;
import dev.postern.spec.Check.Result;
import dev.postern.spec.Specifications;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A file of statements.
 *
 * @param name how messages call it
 * @param directory where paths in it begin
 * @param specification what it says
 */
public record SpecificationFile(
    String name, Path directory, Statement.Specification specification) {

  /** How such files end, which are found in directories. */
  private static final String ENDING = ".postern";

  private static final String WANTED =
      "name a file of statements, as `shop/frontend can reach shop/db on 5432`";

  /**
   * Reads files, and directories with all such files in them and below; {@code -} is standard input. A file of a directory that holds no
   * statement is told.
   *
   * @throws UserError if one cannot be read, or if one that is named, or all of a directory, holds no statement
   */
  public static List<SpecificationFile> read(List<String> names, Console console) {
    return names.stream()
        .flatMap(name -> read(name, files(name).toList(), console).stream())
        .toList();
  }

  private static List<SpecificationFile> read(String name, List<String> found, Console console) {
    List<SpecificationFile> files =
        found.stream().map(file -> read(file, console)).toList();
    List<SpecificationFile> without =
        files.stream().filter(SpecificationFile::isEmpty).toList();
    if (without.size() == files.size()) {
      throw new TextInput(name, WANTED).complaint("there is no statement in it");
    }
    without.forEach(
        file -> console.err().println(file.name + ": warning: there is no statement in it"));
    return files;
  }

  /**
   * Reads the files with statements in some directories and below; what is no directory has none.
   *
   * @throws UserError if one cannot be read
   */
  public static List<SpecificationFile> among(List<Path> paths, Console console) {
    return paths.stream()
        .filter(Files::isDirectory)
        .flatMap(directory -> below(directory).stream())
        .distinct()
        .map(file -> read(file, console))
        .filter(file -> !file.isEmpty())
        .toList();
  }

  private boolean isEmpty() {
    return specification.expectations().isEmpty() && specification.mistakes().isEmpty();
  }

  private static Stream<String> files(String name) {
    if (name.equals("-") || !Files.isDirectory(Path.of(name))) {
      return Stream.of(name);
    }
    List<String> found = below(Path.of(name));
    if (found.isEmpty()) {
      throw new UserError(name + ": error: there is no file of statements in it (hint: they end in "
          + ENDING + ")");
    }
    return found.stream();
  }

  private static List<String> below(Path directory) {
    try (Stream<Path> files = Files.walk(directory)) {
      return files
          .filter(file -> file.toString().endsWith(ENDING) && Files.isRegularFile(file))
          .map(Path::toString)
          .sorted()
          .toList();
    } catch (IOException | UncheckedIOException problem) {
      throw new UserError(directory + ": error: cannot read it: " + problem.getMessage());
    }
  }

  private static SpecificationFile read(String file, Console console) {
    TextInput text = new TextInput(file, WANTED);
    Statement.Specification specification = Statement.specification(text.whole(console));
    return new SpecificationFile(text.name(), directory(file), specification);
  }

  /** The directory of a file; for standard input the one that the command runs in. */
  private static Path directory(String file) {
    Path directory = file.equals("-") ? null : Path.of(file).getParent();
    return directory == null ? Path.of("") : directory;
  }

  /** What becomes of each line. */
  public List<CheckedLine> check(Specifications specifications) {
    List<CheckedLine> lines = new ArrayList<>();
    specification
        .mistakes()
        .forEach(mistake -> lines.add(new CheckedLine(
            name,
            mistake.line(),
            mistake.problem().sentence(),
            Result.BAD,
            mistake.problem().getMessage(),
            Optional.empty(),
            List.of())));
    for (Expectation statement : specification.expectations()) {
      Check check = specifications.check(statement, directory);
      lines.add(new CheckedLine(
          name,
          statement.line(),
          statement.text(),
          check.result(),
          check.detail(),
          check.witness(),
          NoteWords.of(check.notes(), check.alternatives())));
    }
    lines.sort(Comparator.comparingInt(CheckedLine::line));
    return lines;
  }
}
