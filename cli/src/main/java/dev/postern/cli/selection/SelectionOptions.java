package dev.postern.cli.selection;

import dev.postern.cli.console.UserError;
import dev.postern.diagnostic.Severity;
import dev.postern.lint.mark.RuleName;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options that say which findings are shown, for a command that holds them as {@code @Mixin}. */
public final class SelectionOptions {

  /** How severities are written. */
  enum Bad {
    error,
    warning,
    info
  }

  @Option(
      names = "--config",
      paramLabel = "<file>",
      description =
          "Settings; default: the nearest .postern.yaml in the directory of the first input or above it.")
  private @Nullable Path config;

  @Option(
      names = "--select",
      paramLabel = "<rule>",
      split = ",",
      description =
          "Only findings of these rules: codes, or what they begin with, as NP3. Repeatable.")
  private List<String> select = new ArrayList<>();

  @Option(
      names = "--ignore",
      paramLabel = "<rule>",
      split = ",",
      description = "No findings of these rules. Repeatable.")
  private List<String> ignore = new ArrayList<>();

  @Option(
      names = "--fail-on",
      paramLabel = "<severity>",
      description =
          "From which severity on findings make the exit status 1: ${COMPLETION-CANDIDATES}; default: warning.")
  private @Nullable Bad failOn;

  @Option(
      names = "--baseline",
      paramLabel = "<file>",
      description = "Leave out the findings that were written down in this file.")
  private @Nullable Path baseline;

  @Option(names = "--verbose", description = "Show findings of severity info as well.")
  private boolean verbose;

  /**
   * The settings: the options' word over the file's.
   *
   * @param inputs what is read; the first says where to look for settings
   * @throws UserError if the settings cannot be read
   */
  public Settings settings(List<Path> inputs) {
    if (config != null && !Files.isRegularFile(config)) {
      throw new UserError(config + ": error: there is no such file");
    }
    Optional<Path> file = Optional.ofNullable(config)
        .or(() -> SettingsFile.above(inputs.isEmpty() ? Path.of("") : inputs.get(0)));
    return file.map(SettingsFile::read).orElse(Settings.NONE);
  }

  /**
   * Which findings to show.
   *
   * @param known findings that are known from elsewhere
   * @throws UserError if an option names no rule, or the baseline cannot be read
   */
  public Selection selection(Settings settings, KnownFindings known) {
    return new Selection(
        settings,
        rules("--select", select),
        rules("--ignore", ignore),
        known.or(baseline(settings)),
        verbose || failsFrom(settings) == Severity.INFO ? Severity.INFO : Severity.WARNING,
        LocalDate.now());
  }

  private KnownFindings baseline(Settings settings) {
    return Optional.ofNullable(baseline)
        .or(settings::baseline)
        .map(Baseline::read)
        .orElse(KnownFindings.NOTHING);
  }

  /** All findings, known or not, as a baseline is to have them. */
  public Selection everything(Settings settings) {
    return new Selection(
        settings,
        rules("--select", select),
        rules("--ignore", ignore),
        KnownFindings.NOTHING,
        Severity.INFO,
        LocalDate.now());
  }

  /** From which severity on findings make the exit status 1. */
  public Severity failsFrom(Settings settings) {
    return failOn != null
        ? Severities.of(failOn.name()).orElseThrow()
        : settings.failOn().orElse(Severity.WARNING);
  }

  /**
   * The rules that an option names.
   *
   * @throws UserError if a name is none
   */
  public static List<RuleName> rules(String option, List<String> names) {
    List<RuleName> rules = new ArrayList<>();
    for (String name : names) {
      rules.add(RuleName.of(name)
          .orElseThrow(() -> new UserError("postern: error: " + option + " takes rules, and `"
              + name + "` is none (hint: write a code, as NP313, or its beginning)")));
    }
    return rules;
  }
}
