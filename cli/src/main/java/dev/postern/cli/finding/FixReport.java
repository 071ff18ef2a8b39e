package dev.postern.cli.finding;

import java.util.List;

/**
 * What became of the fixes that were asked for.
 *
 * @param made how many were made
 * @param left those that were not
 */
public record FixReport(int made, List<LeftFixes> left) {
  public FixReport {
    left = List.copyOf(left);
  }
}
