package dev.postern.cli.selection;

import java.util.Collection;
import java.util.HashMap;
import java.util.Map;

/** Findings that are known already, and how many of each: of a baseline, or of another revision. One that comes more often is new. */
public final class Known {

  /** No finding is known. */
  public static final Known NOTHING = new Known(Map.of());

  private final Map<Fingerprint, Integer> counts;

  Known(Map<Fingerprint, Integer> counts) {
    this.counts = Map.copyOf(counts);
  }

  /** As many as there are. */
  public static Known of(Collection<Fingerprint> findings) {
    Map<Fingerprint, Integer> counts = new HashMap<>();
    findings.forEach(each -> counts.merge(each, 1, Integer::sum));
    return new Known(counts);
  }

  /** What either knows, the more of each. */
  public Known or(Known other) {
    Map<Fingerprint, Integer> both = new HashMap<>(counts);
    other.counts.forEach((finding, count) -> both.merge(finding, count, Math::max));
    return new Known(both);
  }

  /** How many are known that are alike. */
  int count(Fingerprint finding) {
    return counts.getOrDefault(finding, 0);
  }

  /** How many there are. */
  public int size() {
    return counts.values().stream().mapToInt(Integer::intValue).sum();
  }
}
