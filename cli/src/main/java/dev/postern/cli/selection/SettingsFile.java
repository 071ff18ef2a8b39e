package dev.postern.cli.selection;

import dev.postern.cli.console.InputBound;
import dev.postern.cli.console.UserError;
import dev.postern.cli.input.Glob;
import dev.postern.dataplane.Dataplane;
import dev.postern.dataplane.KubeProxy;
import dev.postern.diagnostic.Nearest;
import dev.postern.diagnostic.Severity;
import dev.postern.lint.Lint;
import dev.postern.lint.mark.RuleName;
import dev.postern.lint.rule.RuleOption;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.regex.PatternSyntaxException;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.composer.Composer;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.parser.ParserImpl;
import org.snakeyaml.engine.v2.scanner.StreamReader;

/** Reads {@code .postern.yaml}; {@code docs/postern.schema.json} says the same for editors. All that is wrong is said in one run. */
public final class SettingsFile {

  /** How the file is called. */
  public static final String NAME = ".postern.yaml";

  static final Set<String> KEYS = keys(
      "extends",
      "rules",
      "exclude",
      "namespaces",
      "dataplane",
      "kube-proxy",
      "fail-on",
      "baseline");

  static final Set<String> RULE_KEYS = keys("severity", "paths", "exclude", "options");

  static final Set<String> NAMESPACE_KEYS = keys("only", "exclude");

  private final List<String> problems = new ArrayList<>();
  private final Set<Path> read = new LinkedHashSet<>();

  private SettingsFile() {}

  private static Set<String> keys(String... keys) {
    return new LinkedHashSet<>(Arrays.asList(keys));
  }

  /** The nearest {@code .postern.yaml} in the directory of a path or above it. */
  public static Optional<Path> above(Path path) {
    Path start = path.toAbsolutePath().normalize();
    for (Path directory = Files.isDirectory(start) ? start : start.getParent();
        directory != null;
        directory = directory.getParent()) {
      Path file = directory.resolve(NAME);
      if (Files.isRegularFile(file)) {
        return Optional.of(file);
      }
    }
    return Optional.empty();
  }

  /**
   * Reads settings.
   *
   * @throws UserError that lists all that is wrong with them
   */
  public static Settings read(Path file) {
    SettingsFile reader = new SettingsFile();
    Settings settings = reader.settings(file, Settings.NONE);
    if (!reader.problems.isEmpty()) {
      throw new UserError(reader.problems);
    }
    return settings;
  }

  private Settings settings(Path file, Settings before) {
    Path named = shown(file);
    if (!read.add(file.toAbsolutePath().normalize())) {
      problems.add(named + ": error: it extends itself (hint: take one `extends` away)");
      return before;
    }
    try {
      String text = InputBound.WRITTEN.text(file);
      LoadSettings settings =
          LoadSettings.builder().setAllowDuplicateKeys(false).build();
      Optional<Node> root = new Composer(
              settings, new ParserImpl(settings, new StreamReader(settings, text)))
          .getSingleNode();
      return root.isEmpty() ? before : new Reader(named, file).read(root.get(), before);
    } catch (MarkedYamlEngineException problem) {
      String place = problem
          .getProblemMark()
          .map(mark -> ":" + (mark.getLine() + 1) + ":" + (mark.getColumn() + 1))
          .orElse("");
      problems.add(named + place + ": error: this is not YAML: " + problem.getProblem());
    } catch (YamlEngineException problem) {
      problems.add(named + ": error: this is not YAML: " + problem.getMessage());
    } catch (IOException problem) {
      problems.add(named + ": error: it cannot be read"
          + (Files.exists(file) ? ": " + problem.getMessage() : ": there is no such file"));
    }
    return before;
  }

  /** A path as short as it can be said. */
  private static Path shown(Path file) {
    Path here = Path.of("").toAbsolutePath();
    Path absolute = file.toAbsolutePath().normalize();
    return absolute.startsWith(here) ? here.relativize(absolute) : absolute;
  }

  /** Reads one file. */
  private final class Reader {

    private final Path named;
    private final Path directory;

    Reader(Path named, Path file) {
      this.named = named;
      this.directory = file.toAbsolutePath().resolveSibling(".").normalize();
    }

    Settings read(Node root, Settings before) {
      Map<String, Node> fields = map(root, "settings", KEYS);
      Settings base = before;
      for (Scalar extended : scalars(fields.get("extends"), "extends")) {
        base = settings(directory.resolve(extended.text()), base);
      }
      List<RuleSetting> rules = new ArrayList<>(base.rules());
      rules.addAll(rules(fields.get("rules")));
      List<Glob> exclude = new ArrayList<>(base.exclude());
      exclude.addAll(globs(fields.get("exclude"), "exclude"));
      Node namespaces = fields.get("namespaces");
      Map<String, Node> which =
          namespaces == null ? Map.of() : map(namespaces, "`namespaces`", NAMESPACE_KEYS);
      List<String> only = texts(which.get("only"), "only");
      List<String> not = new ArrayList<>(base.notNamespaces());
      not.addAll(texts(which.get("exclude"), "exclude"));
      Optional<Severity> failOn =
          scalar(fields.get("fail-on"), "fail-on").flatMap(this::severity).or(base::failOn);
      return new Settings(
          rules,
          exclude,
          only.isEmpty() ? base.onlyNamespaces() : only,
          not,
          scalar(fields.get("dataplane"), "dataplane")
              .flatMap(this::dataplanes)
              .orElse(base.dataplanes()),
          scalar(fields.get("kube-proxy"), "kube-proxy")
              .flatMap(this::kubeProxy)
              .or(base::kubeProxy),
          failOn,
          scalar(fields.get("baseline"), "baseline")
              .map(text -> directory.resolve(text.text()))
              .or(base::baseline));
    }

    private Optional<List<Dataplane>> dataplanes(Scalar name) {
      Optional<List<Dataplane>> dataplanes = DataplaneNames.of(name.text());
      if (dataplanes.isEmpty()) {
        problem(name.node(), DataplaneNames.problem(name.text()), DataplaneNames.hint(name.text()));
      }
      return dataplanes;
    }

    private Optional<KubeProxy> kubeProxy(Scalar word) {
      Optional<KubeProxy> way = KubeProxy.named(word.text());
      if (way.isEmpty()) {
        problem(
            word.node(),
            "`" + word.text() + "` is no way to serve Services",
            DataplaneNames.ways());
      }
      return way;
    }

    private List<RuleSetting> rules(@Nullable Node node) {
      List<RuleSetting> rules = new ArrayList<>();
      if (node == null) {
        return rules;
      }
      Map<String, Node> entries = map(node, "`rules`", Set.of());
      entries.forEach((name, value) -> {
        Optional<RuleName> rule = RuleName.of(name);
        if (rule.isEmpty()) {
          problem(
              value, "`" + name + "` names no rule", "write a code, as NP313, or its beginning");
          return;
        }
        if (value instanceof ScalarNode) {
          scalar(value, name).ifPresent(word -> {
            Optional<Severity> severity = word.isOff() ? Optional.empty() : severity(word);
            rules.add(new RuleSetting(
                rule.get(), !word.isOff(), severity, List.of(), List.of(), Map.of()));
          });
          return;
        }
        Map<String, Node> fields = map(value, "`" + name + "`", RULE_KEYS);
        Optional<Scalar> word = scalar(fields.get("severity"), "severity");
        boolean off = word.filter(Scalar::isOff).isPresent();
        rules.add(new RuleSetting(
            rule.get(),
            !off,
            off ? Optional.empty() : word.flatMap(this::severity),
            globs(fields.get("paths"), "paths"),
            globs(fields.get("exclude"), "exclude"),
            options(rule.get(), fields.get("options"))));
      });
      return rules;
    }

    private Map<RuleOption<?>, List<String>> options(RuleName rule, @Nullable Node node) {
      Map<RuleOption<?>, List<String>> options = new LinkedHashMap<>();
      if (node == null) {
        return options;
      }
      Map<String, RuleOption<?>> declared = new LinkedHashMap<>();
      Lint.rules().stream()
          .filter(each -> each.code().id().equals(rule.prefix()))
          .flatMap(each -> each.options().stream())
          .forEach(option -> declared.put(option.name(), option));
      if (declared.isEmpty()) {
        problem(
            node,
            "`" + rule.prefix() + "` has no options",
            "those that have some are " + String.join(", ", withOptions()));
        return options;
      }
      map(node, "the options of `" + rule.prefix() + "`", declared.keySet())
          .forEach((name, value) -> {
            RuleOption<?> option = Objects.requireNonNull(declared.get(name));
            List<String> words = new ArrayList<>();
            for (Scalar word : scalars(value, name)) {
              words.add(word.text());
              if (option.value(word.text()).isEmpty()) {
                problem(
                    word.node(),
                    "`" + name + "` of `" + rule.prefix() + "` takes "
                        + switch (option.kind()) {
                          case PORT -> "numbers of ports";
                          case DIRECTION -> "directions";
                        }
                        + ", and `" + word.text() + "` is none",
                    switch (option.kind()) {
                      case PORT -> "write 1 to 65535";
                      case DIRECTION -> "write ingress or egress";
                    });
              }
            }
            options.put(option, words);
          });
      return options;
    }

    private static List<String> withOptions() {
      return Lint.rules().stream()
          .filter(each -> !each.options().isEmpty())
          .map(each -> each.code().id())
          .toList();
    }

    private Optional<Severity> severity(Scalar word) {
      Optional<Severity> severity = Severities.of(word.text());
      if (severity.isEmpty()) {
        problem(
            word.node(),
            "`" + word.text() + "` is no severity",
            "write error, warning or info" + (word.rule() ? ", or off" : ""));
      }
      return severity;
    }

    private List<Glob> globs(@Nullable Node node, String field) {
      List<Glob> globs = new ArrayList<>();
      for (Scalar pattern : scalars(node, field)) {
        try {
          globs.add(new Glob(directory, pattern.text()));
        } catch (PatternSyntaxException problem) {
          problem(
              pattern.node(), "`" + pattern.text() + "` is no pattern", problem.getDescription());
        }
      }
      return globs;
    }

    private List<String> texts(@Nullable Node node, String field) {
      return scalars(node, field).stream().map(Scalar::text).toList();
    }

    /** One text or a list of texts. */
    private List<Scalar> scalars(@Nullable Node node, String field) {
      if (node instanceof SequenceNode list) {
        return list.getValue().stream()
            .flatMap(entry -> scalar(entry, field).stream())
            .toList();
      }
      return scalar(node, field).stream().toList();
    }

    private Optional<Scalar> scalar(@Nullable Node node, String field) {
      if (node == null) {
        return Optional.empty();
      }
      if (node instanceof ScalarNode scalar && !scalar.getValue().isEmpty()) {
        return Optional.of(new Scalar(
            scalar.getValue(), node, RuleName.of(field).isPresent() || field.equals("severity")));
      }
      problem(node, "`" + field + "` takes a text", "");
      return Optional.empty();
    }

    /** The fields of a map; unknown ones are problems unless no keys are given, which stands for any. */
    private Map<String, Node> map(Node node, String what, Set<String> keys) {
      Map<String, Node> fields = new LinkedHashMap<>();
      if (!(node instanceof MappingNode mapping)) {
        problem(node, what + " is a map", "");
        return fields;
      }
      for (NodeTuple field : mapping.getValue()) {
        String key = field.getKeyNode() instanceof ScalarNode scalar ? scalar.getValue() : "?";
        if (!keys.isEmpty() && !keys.contains(key)) {
          problem(
              field.getKeyNode(),
              "unknown key `" + key + "` in " + what,
              Nearest.to(key, keys)
                  .map(near -> "did you mean `" + near + "`?")
                  .orElse("it takes " + String.join(", ", keys)));
        } else if (fields.put(key, field.getValueNode()) != null) {
          problem(
              field.getKeyNode(), "`" + key + "` is written twice in " + what, "put them together");
        }
      }
      return fields;
    }

    private void problem(Node node, String what, String hint) {
      String place = node.getStartMark()
          .map(mark -> ":" + (mark.getLine() + 1) + ":" + (mark.getColumn() + 1))
          .orElse("");
      problems.add(
          named + place + ": error: " + what + (hint.isEmpty() ? "" : " (hint: " + hint + ")"));
    }
  }

  /**
   * A text with its place.
   *
   * @param rule whether it says how bad a rule is, and so may be {@code off}
   */
  private record Scalar(String text, Node node, boolean rule) {
    /** YAML 1.1 would read {@code off} as false; SnakeYAML Engine reads 1.2, and people write both. */
    boolean isOff() {
      return rule && (text.equals("off") || text.equals("false"));
    }
  }
}
