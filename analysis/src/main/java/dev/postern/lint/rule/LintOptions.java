package dev.postern.lint.rule;

import dev.postern.dataplane.Dataplane;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What the user says about the input.
 *
 * @param closed whether the input is the whole cluster: what is not in it is not there. Else what is not in it may be there, and no rule
 *     says that something matches nobody, or that somebody is cut off, only because the input does not hold it.
 * @param dataplanes what is to enforce the policies; of several, what any of them does not enforce is said
 * @param ofRules options of rules that were set, each with words that it takes
 */
public record LintOptions(
    boolean closed, List<Dataplane> dataplanes, Map<RuleOption<?>, List<String>> ofRules) {

  /** A part of a cluster, as repositories mostly hold, for no dataplane in particular. */
  public static final LintOptions DEFAULT = new LintOptions(false, List.of(), Map.of());

  public LintOptions {
    dataplanes = List.copyOf(dataplanes);
    ofRules = Map.copyOf(ofRules);
  }

  public LintOptions withClosed(boolean complete) {
    return new LintOptions(complete, dataplanes, ofRules);
  }

  public LintOptions withDataplanes(List<Dataplane> others) {
    return new LintOptions(closed, others, ofRules);
  }

  /** The same with options of rules, instead of those before. */
  public LintOptions withOptionsOfRules(Map<RuleOption<?>, List<String>> others) {
    return new LintOptions(closed, dataplanes, others);
  }

  /** The values of an option: those that were set, else its own. */
  <T> List<T> values(RuleOption<T> option) {
    List<String> words = ofRules.get(option);
    return words == null
        ? option.otherwise()
        : words.stream().map(option::value).flatMap(Optional::stream).toList();
  }
}
