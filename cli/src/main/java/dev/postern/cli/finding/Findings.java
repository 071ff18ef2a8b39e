package dev.postern.cli.finding;

import dev.postern.diagnostic.Diagnostic;
import java.util.List;
import java.util.function.Function;

/**
 * What a check found.
 *
 * @param all in the order in which they are shown
 * @param objects how many objects were looked at
 * @param explain shows a finding with its source line
 */
public record Findings(List<Diagnostic> all, int objects, Function<Diagnostic, String> explain) {

  public Findings {
    all = List.copyOf(all);
  }

  public long errors() {
    return all.stream().filter(Diagnostic::isError).count();
  }

  /** {@code 1 error and 2 warnings in 12 objects}. */
  String summary() {
    long errors = errors();
    String found = all.isEmpty()
        ? "nothing"
        : count(errors, "error") + " and " + count(all.size() - errors, "warning");
    return "found " + found + " in " + count(objects, "object");
  }

  private static String count(long number, String what) {
    return number + " " + what + (number == 1 ? "" : "s");
  }
}
