package dev.postern.cli.console;

import com.github.difflib.DiffUtils;
import com.github.difflib.UnifiedDiffUtils;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/**
 * A file, before and after.
 *
 * @param file the file
 * @param before its text
 * @param after what is to be in its place
 */
public record FileChange(Path file, String before, String after) {

  /** Lines of context, as in diff -u. */
  private static final int CONTEXT = 3;

  /** Shows what would be written, as a unified diff. */
  public void show(Printer out) {
    List<String> old = lines(before);
    UnifiedDiffUtils.generateUnifiedDiff(
            file.toString(), file.toString(), old, DiffUtils.diff(old, lines(after)), CONTEXT)
        .forEach(out::println);
  }

  private static List<String> lines(String text) {
    List<String> lines = Arrays.asList(text.split("\n", -1));
    return text.endsWith("\n") ? lines.subList(0, lines.size() - 1) : lines;
  }

  /**
   * Writes the file.
   *
   * @throws UserError if it cannot be written
   */
  public void write() {
    try {
      WholeFile.write(file, after);
    } catch (IOException problem) {
      throw new UserError(file + ": error: cannot write it: " + problem.getMessage());
    }
  }
}
