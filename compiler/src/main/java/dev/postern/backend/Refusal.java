package dev.postern.backend;

import java.util.List;
import java.util.Optional;

/** A plan that a target cannot enforce exactly: each line names a limit and the policy or pod that meets it. */
public final class Refusal extends Exception {

  private static final long serialVersionUID = 1L;

  private final transient List<String> reasons;
  private final transient Optional<Remedy> remedy;

  public Refusal(List<String> reasons) {
    this(reasons, Optional.empty());
  }

  /** A refusal with what would help against each of its reasons. */
  public Refusal(List<String> reasons, Remedy remedy) {
    this(reasons, Optional.of(remedy));
  }

  private Refusal(List<String> reasons, Optional<Remedy> remedy) {
    super(String.join("\n", reasons));
    this.reasons = List.copyOf(reasons);
    this.remedy = remedy;
  }

  public List<String> reasons() {
    return reasons;
  }

  /** What helps against each of the reasons, where something does. */
  public Optional<Remedy> remedy() {
    return remedy;
  }
}
