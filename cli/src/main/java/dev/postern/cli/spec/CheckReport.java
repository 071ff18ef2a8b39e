package dev.postern.cli.spec;

import dev.postern.spec.Check.Result;
import dev.postern.spec.StatementCoverage;
import java.util.List;
import java.util.Optional;

/**
 * What {@code test} says.
 *
 * @param lines what became of each line of the specifications
 * @param coverage what the statements are about, where that was asked
 */
public record CheckReport(List<CheckedLine> lines, Optional<CoverageLines> coverage) {

  public CheckReport {
    lines = List.copyOf(lines);
  }

  /** A report without coverage. */
  public static CheckReport of(List<CheckedLine> lines) {
    return new CheckReport(lines, Optional.empty());
  }

  /** How many lines came to a result. */
  long count(Result result) {
    return lines.stream().filter(line -> line.result() == result).count();
  }

  /** What the statements are about, as lines of text. */
  List<String> coverageLines() {
    return coverage.map(CoverageLines::text).orElse(List.of());
  }

  /** The same with coverage. */
  public CheckReport withCoverage(StatementCoverage measured, CoverageLines.Names names) {
    return new CheckReport(lines, Optional.of(new CoverageLines(measured, names)));
  }
}
