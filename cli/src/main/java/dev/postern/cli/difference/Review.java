package dev.postern.cli.difference;

import dev.postern.cli.spec.CheckedLine;
import dev.postern.diagnostic.Diagnostic;
import dev.postern.diff.Difference;
import dev.postern.diff.RowCauseSearch;
import dev.postern.spec.Check.Result;
import dev.postern.wording.DifferenceReport;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Function;

/**
 * All that there is to say about a change of manifests.
 *
 * @param before what the old version is called
 * @param after what the new one is called
 * @param difference what it opens and closes
 * @param turning says which policies do so
 * @param introduced findings that were not there
 * @param fixed findings that are not there any more
 * @param explain shows a finding of the new version with its source line
 * @param statements all statements, as they are in the new version
 * @param errors whether manifests of either version have errors, so that the difference leaves something out
 */
public record Review(
    String before,
    String after,
    Difference difference,
    RowCauseSearch turning,
    List<Diagnostic> introduced,
    List<Diagnostic> fixed,
    Function<Diagnostic, String> explain,
    List<ReviewedStatement> statements,
    boolean errors) {

  /**
   * A statement of a specification.
   *
   * @param now what became of it in the new version
   * @param heldBefore whether it held in the old one
   */
  public record ReviewedStatement(CheckedLine now, boolean heldBefore) {

    boolean holds() {
      return now.result() == Result.HOLDS;
    }

    /** {@code FAIL, held before}. */
    String words() {
      String word = switch (now.result()) {
        case HOLDS -> "ok";
        case FAILS -> "FAIL";
        case UNDECIDED -> "undecided";
        case BAD -> "no statement about this cluster";
      };
      return word + (heldBefore && !holds() ? ", held before" : "");
    }
  }

  public Review {
    introduced = List.copyOf(introduced);
    fixed = List.copyOf(fixed);
    statements = List.copyOf(statements);
  }

  /** Statements that do not hold, those that the change breaks first. */
  List<ReviewedStatement> failing() {
    return statements.stream()
        .filter(statement -> !statement.holds())
        .sorted((one, other) -> Boolean.compare(other.heldBefore(), one.heldBefore()))
        .toList();
  }

  /** Workloads to which addresses outside the cluster get through on something that was closed to them. */
  SortedSet<String> exposed() {
    SortedSet<String> exposed = new TreeSet<>();
    difference.opened().stream()
        .filter(row -> !row.source().addresses().isEmpty())
        .forEach(row -> exposed.addAll(row.destination().workloads()));
    return exposed;
  }

  DifferenceReport report() {
    return DifferenceReport.of(difference, turning, before, after);
  }

  /** What the rows leave open. */
  List<String> notes() {
    List<String> notes = new ArrayList<>(report().notes());
    if (!exposed().isEmpty()) {
      notes.add("opened to addresses outside the cluster: " + String.join(", ", exposed()));
    }
    if (errors) {
      notes.add("manifests with errors are left out of what is opened and closed");
    }
    return notes;
  }
}
