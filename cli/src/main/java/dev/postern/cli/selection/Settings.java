package dev.postern.cli.selection;

import dev.postern.cli.input.Glob;
import dev.postern.dataplane.Dataplane;
import dev.postern.dataplane.KubeProxy;
import dev.postern.diagnostic.Severity;
import dev.postern.lint.rule.RuleOption;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What {@code .postern.yaml} says, with what it extends.
 *
 * @param rules in the order written; a later one wins
 * @param exclude files that are not read
 * @param onlyNamespaces findings about objects in other namespaces are left out; none means all namespaces
 * @param notNamespaces findings about objects in these are left out
 * @param dataplanes what enforces the policies; more than one only for all
 * @param kubeProxy how Services are served
 * @param failOn from which severity on findings make the exit status 1
 * @param baseline findings to be left out
 */
public record Settings(
    List<RuleSetting> rules,
    List<Glob> exclude,
    List<String> onlyNamespaces,
    List<String> notNamespaces,
    List<Dataplane> dataplanes,
    Optional<KubeProxy> kubeProxy,
    Optional<Severity> failOn,
    Optional<Path> baseline) {

  /** No settings. */
  public static final Settings NONE = new Settings(
      List.of(),
      List.of(),
      List.of(),
      List.of(),
      List.of(),
      Optional.empty(),
      Optional.empty(),
      Optional.empty());

  public Settings {
    rules = List.copyOf(rules);
    exclude = List.copyOf(exclude);
    onlyNamespaces = List.copyOf(onlyNamespaces);
    notNamespaces = List.copyOf(notNamespaces);
    dataplanes = List.copyOf(dataplanes);
  }

  /** The options of rules that are set; of one that is set twice the later counts. */
  public Map<RuleOption<?>, List<String>> optionsOfRules() {
    Map<RuleOption<?>, List<String>> options = new HashMap<>();
    rules.forEach(rule -> options.putAll(rule.options()));
    return options;
  }
}
