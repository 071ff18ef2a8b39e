package dev.postern.lint.rule;

import dev.postern.dataplane.Dataplane;
import java.util.List;

/**
 * What the user says about the input.
 *
 * @param closed whether the input is the whole cluster: what is not in it is not there. Else what is not in it may be there, and no rule
 *     says that something matches nobody, or that somebody is cut off, only because the input does not hold it.
 * @param dataplanes what is to enforce the policies; of several, what any of them does not enforce is said
 */
public record LintOptions(boolean closed, List<Dataplane> dataplanes) {

  /** A part of a cluster, as repositories mostly hold, for no dataplane in particular. */
  public static final LintOptions DEFAULT = new LintOptions(false, List.of());

  public LintOptions {
    dataplanes = List.copyOf(dataplanes);
  }

  public LintOptions withClosed(boolean complete) {
    return new LintOptions(complete, dataplanes);
  }

  public LintOptions withDataplanes(List<Dataplane> others) {
    return new LintOptions(closed, others);
  }
}
