package dev.postern.cli.selection;

import java.util.Collection;
import java.util.HashMap;
import java.util.Map;

/** Findings that are known already, and how many of each: of a baseline, or of another revision. One that comes more often is new. */
public final class KnownFindings {

  /** No finding is known. */
  public static final KnownFindings NOTHING = new KnownFindings(Map.of());

  private final Map<FindingFingerprint, Integer> counts;

  KnownFindings(Map<FindingFingerprint, Integer> counts) {
    this.counts = Map.copyOf(counts);
  }

  /** As many as there are. */
  public static KnownFindings of(Collection<FindingFingerprint> findings) {
    Map<FindingFingerprint, Integer> counts = new HashMap<>();
    findings.forEach(each -> counts.merge(each, 1, Integer::sum));
    return new KnownFindings(counts);
  }

  /** What either knows, the more of each. */
  public KnownFindings or(KnownFindings other) {
    Map<FindingFingerprint, Integer> both = new HashMap<>(counts);
    other.counts.forEach((finding, count) -> both.merge(finding, count, Math::max));
    return new KnownFindings(both);
  }

  /** How many are known that are alike. */
  int count(FindingFingerprint finding) {
    return counts.getOrDefault(finding, 0);
  }

  /** How many there are. */
  public int size() {
    return counts.values().stream().mapToInt(Integer::intValue).sum();
  }
}
