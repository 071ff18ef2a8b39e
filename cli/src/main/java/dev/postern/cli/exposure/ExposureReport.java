package dev.postern.cli.exposure;

import dev.postern.summary.Exposure;
import dev.postern.verify.OpenExposure;
import java.util.List;
import java.util.Optional;

/**
 * What is written: exposures in order, and what must be known besides.
 *
 * @param lines a workload each, the most exposed first
 * @param notes what was not understood
 */
public record ExposureReport(List<Line> lines, List<String> notes) {

  /**
   * A workload.
   *
   * @param now as things are
   * @param open for any pod that could come, if that was asked
   */
  public record Line(Exposure now, Optional<OpenExposure> open) {}

  public ExposureReport {
    lines = List.copyOf(lines);
    notes = List.copyOf(notes);
  }

  /** Whether it was asked what could come. */
  boolean isOpen() {
    return lines.stream().anyMatch(line -> line.open().isPresent());
  }
}
