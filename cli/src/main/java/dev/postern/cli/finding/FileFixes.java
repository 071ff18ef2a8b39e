package dev.postern.cli.finding;

import dev.postern.cli.console.FileChange;
import dev.postern.cli.console.InputBound;
import dev.postern.cli.console.Printer;
import dev.postern.cli.console.UserError;
import dev.postern.diagnostic.Diagnostic;
import dev.postern.diagnostic.TextEdit;
import dev.postern.lint.Fixes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** Fixes in files: shown as a unified diff, or written. What is no file (standard input, a cluster, what a tool rendered) is left alone, and so is what {@link Fixes} leaves. */
public final class FileFixes {

  /** A file that changes, and how many fixes were made in it. */
  private record Fixed(FileChange change, int made) {}

  private final List<Fixed> changes;
  private final List<LeftFixes> left;

  private FileFixes(List<Fixed> changes, List<LeftFixes> left) {
    this.changes = List.copyOf(changes);
    this.left = List.copyOf(left);
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
        .forEach(files::add);
    List<Fixed> changes = new ArrayList<>();
    List<LeftFixes> left = new ArrayList<>();
    for (String name : files) {
      if (!isFile(name)) {
        int wantedThere = (int) findings.stream()
            .filter(finding -> finding.fix().stream()
                .flatMap(fix -> fix.edits().stream())
                .anyMatch(edit -> edit.file().equals(name)))
            .filter(wanted)
            .count();
        LeftFixes.add(name, wantedThere, "it is no file", left);
        continue;
      }
      try {
        String before = InputBound.PRINTED.text(Path.of(name));
        Fixes.Fixed fixed = Fixes.in(name, before, findings, wanted);
        fixed.left().stream()
            .collect(Collectors.groupingBy(
                Fixes.LeftFix::cause,
                TreeMap::new,
                Collectors.reducing(0, each -> 1, Integer::sum)))
            .forEach((cause, number) -> LeftFixes.add(name, number, cause.words(), left));
        if (!fixed.text().equals(before)) {
          changes.add(new Fixed(
              new FileChange(Path.of(name), before, fixed.text()), fixed.made().size()));
        }
      } catch (IOException problem) {
        throw new UserError(name + ": error: cannot read it: " + problem.getMessage());
      }
    }
    return new FileFixes(changes, left);
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

  /** What was wanted and is not made. */
  public List<LeftFixes> left() {
    return left;
  }

  /** How many fixes are made. */
  public int made() {
    return changes.stream().mapToInt(Fixed::made).sum();
  }

  /** {@code 3 findings in 2 files}. */
  public String count() {
    int made = made();
    return made + (made == 1 ? " finding" : " findings") + " in " + changes.size()
        + (changes.size() == 1 ? " file" : " files");
  }

  /** Shows what would be written, as a unified diff. */
  public void show(Printer out) {
    changes.forEach(each -> each.change().show(out));
  }

  /**
   * Writes the files.
   *
   * @throws UserError if one cannot be written
   */
  public void write() {
    changes.forEach(each -> each.change().write());
  }
}
