package dev.postern.cli.suggestion;

import dev.postern.cli.console.Console;
import dev.postern.cli.console.UserError;
import dev.postern.cli.spec.CheckedLine;
import dev.postern.cli.spec.SpecificationFile;
import dev.postern.spec.Check.Result;
import dev.postern.spec.Specifications;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Statements that suggested policies must not break.
 *
 * @param files where they stand
 * @param named whether the user named the files; those that lie among the manifests may be about other manifests, too
 */
public record KeptStatements(List<SpecificationFile> files, boolean named) {

  /**
   * Statements that hold today and may not hold any more.
   *
   * @param broken those that would not hold
   * @param open those that would be undecided
   */
  public record Breakage(List<CheckedLine> broken, List<CheckedLine> open) {}

  public KeptStatements {
    files = List.copyOf(files);
  }

  /** The statements of files that are named; if there are none, those in the directories of the manifests. */
  public static KeptStatements read(List<String> names, List<Path> manifests, Console console) {
    return names.isEmpty()
        ? new KeptStatements(SpecificationFile.among(manifests, console), false)
        : new KeptStatements(SpecificationFile.read(names, console), true);
  }

  /**
   * Checks what holds before and after.
   *
   * @throws UserError if a statement of a named file cannot be checked
   */
  public Breakage check(Specifications before, Specifications after, Console console) {
    List<CheckedLine> broken = new ArrayList<>();
    List<CheckedLine> open = new ArrayList<>();
    for (SpecificationFile file : files) {
      List<CheckedLine> old = file.check(before);
      List<CheckedLine> now = file.check(after);
      for (int i = 0; i < now.size(); i++) {
        CheckedLine line = now.get(i);
        if (line.result() == Result.BAD) {
          bad(line, console);
        } else if (old.get(i).result() == Result.HOLDS && line.result() == Result.FAILS) {
          broken.add(line);
        } else if (old.get(i).result() == Result.HOLDS && line.result() == Result.UNDECIDED) {
          open.add(line);
        }
      }
    }
    return new Breakage(broken, open);
  }

  private void bad(CheckedLine line, Console console) {
    if (named) {
      throw new UserError(line.place() + ": error: " + line.detail());
    }
    console
        .err()
        .println(line.place() + ": warning: " + line.detail() + "; the statement is not checked");
  }
}
