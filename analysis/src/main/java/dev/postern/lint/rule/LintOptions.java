package dev.postern.lint.rule;

/**
 * What the user says about the input.
 *
 * @param closed whether the input is the whole cluster: what is not in it is not there. Else what is not in it may be there, and no rule
 *     says that something matches nobody, or that somebody is cut off, only because the input does not hold it.
 */
public record LintOptions(boolean closed) {

  /** A part of a cluster, as repositories mostly hold. */
  public static final LintOptions DEFAULT = new LintOptions(false);

  public LintOptions withClosed(boolean complete) {
    return new LintOptions(complete);
  }
}
