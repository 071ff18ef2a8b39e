package dev.postern.backend;

import java.util.List;

/** A plan that a target cannot enforce exactly: each line names a limit and the policy or pod that meets it. */
public final class Refusal extends Exception {

  private static final long serialVersionUID = 1L;

  private final transient List<String> reasons;

  public Refusal(List<String> reasons) {
    super(String.join("\n", reasons));
    this.reasons = List.copyOf(reasons);
  }

  public List<String> reasons() {
    return reasons;
  }
}
