package dev.postern.cli.finding;

import com.github.difflib.DiffUtils;
import com.github.difflib.UnifiedDiffUtils;
import dev.postern.cli.console.InputBound;
import dev.postern.cli.console.Printer;
import dev.postern.cli.console.UserError;
import dev.postern.cli.console.WholeFile;
import dev.postern.diagnostic.Diagnostic;
import dev.postern.diagnostic.TextEdit;
import dev.postern.lint.Fixes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeSet;
import java.util.function.Predicate;

/** Fixes in files: shown as a unified diff, or written. What is no file (standard input, a cluster, what a tool rendered) is left alone. */
public final class FileFixes {

  /** Lines of context, as in diff -u. */
  private static final int CONTEXT = 3;

  /** A file, before and after. */
  private record Change(Path file, String before, String after, int made) {}

  private final List<Change> changes;

  private FileFixes(List<Change> changes) {
    this.changes = List.copyOf(changes);
  }

  /**
   * The wanted fixes of findings.
   *
   * @throws UserError if a file cannot be read
   */
  public static FileFixes of(List<Diagnostic> findings, Predicate<Diagnostic> wanted) {
    TreeSet<String> files = new TreeSet<>();
    findings.stream()
        .flatMap(finding -> finding.fix().stream())
        .flatMap(fix -> fix.edits().stream())
        .map(TextEdit::file)
        .filter(FileFixes::isFile)
        .forEach(files::add);
    List<Change> changes = new ArrayList<>();
    for (String name : files) {
      try {
        String before = InputBound.PRINTED.text(Path.of(name));
        Fixes.Fixed fixed = Fixes.in(name, before, findings, wanted);
        if (!fixed.text().equals(before)) {
          changes.add(
              new Change(Path.of(name), before, fixed.text(), fixed.made().size()));
        }
      } catch (IOException problem) {
        throw new UserError(name + ": error: cannot read it: " + problem.getMessage());
      }
    }
    return new FileFixes(changes);
  }

  private static boolean isFile(String name) {
    try {
      return Files.isRegularFile(Path.of(name));
    } catch (InvalidPathException noFile) {
      return false;
    }
  }

  /** Whether there is nothing to fix. */
  public boolean isEmpty() {
    return changes.isEmpty();
  }

  /** {@code 3 findings in 2 files}. */
  public String count() {
    int made = changes.stream().mapToInt(Change::made).sum();
    return made + (made == 1 ? " finding" : " findings") + " in " + changes.size()
        + (changes.size() == 1 ? " file" : " files");
  }

  /** Shows what would be written, as a unified diff. */
  public void show(Printer out) {
    for (Change change : changes) {
      List<String> before = lines(change.before());
      String name = change.file().toString();
      UnifiedDiffUtils.generateUnifiedDiff(
              name, name, before, DiffUtils.diff(before, lines(change.after())), CONTEXT)
          .forEach(out::println);
    }
  }

  private static List<String> lines(String text) {
    List<String> lines = Arrays.asList(text.split("\n", -1));
    return text.endsWith("\n") ? lines.subList(0, lines.size() - 1) : lines;
  }

  /**
   * Writes the files.
   *
   * @throws UserError if one cannot be written
   */
  public void write() {
    for (Change change : changes) {
      try {
        WholeFile.write(change.file(), change.after());
      } catch (IOException problem) {
        throw new UserError(change.file() + ": error: cannot write it: " + problem.getMessage());
      }
    }
  }
}
