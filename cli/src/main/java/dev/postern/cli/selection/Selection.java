package dev.postern.cli.selection;

import dev.postern.diagnostic.Diagnostic;
import dev.postern.diagnostic.Severity;
import dev.postern.lint.FindingGroups;
import dev.postern.lint.mark.Ignores;
import dev.postern.lint.mark.RuleName;
import dev.postern.manifest.Loaded;
import dev.postern.manifest.ObjectName;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Which findings are to be shown.
 *
 * @param settings what the team decided
 * @param select only these rules; all if there are none
 * @param ignore not these rules
 * @param known findings that are left out since they are known
 * @param least findings less bad than this are only counted
 * @param today marks that ended before do not count
 */
public record Selection(
    Settings settings,
    List<RuleName> select,
    List<RuleName> ignore,
    KnownFindings known,
    Severity least,
    LocalDate today) {

  /** The worst first, then by place. */
  private static final Comparator<Diagnostic> BY_WEIGHT =
      Comparator.<Diagnostic, Severity>comparing(Diagnostic::severity)
          .thenComparing(Comparator.naturalOrder());

  public Selection {
    select = List.copyOf(select);
    ignore = List.copyOf(ignore);
  }

  /**
   * What is shown, and how much is not.
   *
   * @param findings what is shown, the worst first, each by itself
   * @param deselected how many the settings or options leave out
   * @param ignored how many are marked to be ignored
   * @param known how many are known already
   * @param minor how many are not bad enough to be shown, those of one cause as one
   */
  public record Selected(
      List<Diagnostic> findings, int deselected, int ignored, int known, int minor) {
    public Selected {
      findings = List.copyOf(findings);
    }

    /** Whether a finding is at least so bad. */
    public boolean fails(Severity from) {
      return findings.stream().anyMatch(finding -> Severities.atLeast(finding.severity(), from));
    }
  }

  /** Selects among all findings in what was read. */
  public Selected of(List<Diagnostic> all, Loaded loaded) {
    Ignores ignores = new Ignores(loaded, today);
    List<Diagnostic> wanted = new ArrayList<>();
    int ignored = 0;
    int deselected = 0;
    for (Diagnostic each : all) {
      Optional<Diagnostic> finding = set(each, loaded);
      if (finding.isEmpty()) {
        deselected++;
      } else if (ignores.test(each)) {
        ignored++;
      } else {
        wanted.add(finding.get());
      }
    }
    for (Diagnostic each : ignores.findings(this::isReported)) {
      set(each, loaded).ifPresent(wanted::add);
    }
    Map<FindingFingerprint, Integer> left = new HashMap<>();
    List<Diagnostic> shown = new ArrayList<>();
    int old = 0;
    List<Diagnostic> minor = new ArrayList<>();
    for (Diagnostic finding : wanted) {
      if (isKnown(finding, loaded, left)) {
        old++;
      } else if (!Severities.atLeast(finding.severity(), least)) {
        minor.add(finding);
      } else {
        shown.add(finding);
      }
    }
    shown.sort(BY_WEIGHT);
    return new Selected(shown, deselected, ignored, old, FindingGroups.of(minor).size());
  }

  private boolean isKnown(
      Diagnostic finding, Loaded loaded, Map<FindingFingerprint, Integer> seen) {
    if (known.size() == 0) {
      return false;
    }
    FindingFingerprint fingerprint = FindingFingerprint.of(finding, loaded);
    return seen.merge(fingerprint, 1, Integer::sum) <= known.count(fingerprint);
  }

  /** The finding as bad as the settings say; empty if they leave it out. */
  private Optional<Diagnostic> set(Diagnostic finding, Loaded loaded) {
    boolean on = (select.isEmpty() || matches(select, finding)) && !matches(ignore, finding);
    Severity severity = finding.severity();
    for (RuleSetting setting : settings.rules()) {
      if (setting.rules().matches(finding.code())) {
        on = setting.on() ? on : false;
        if (isWithin(setting, finding)) {
          severity = setting.severity().orElse(severity);
        } else {
          on = false;
        }
      }
    }
    return on && isInNamespace(finding, loaded)
        ? Optional.of(severity == finding.severity() ? finding : finding.severity(severity))
        : Optional.empty();
  }

  private static boolean matches(List<RuleName> rules, Diagnostic finding) {
    return rules.stream().anyMatch(rule -> rule.matches(finding.code()));
  }

  private static boolean isWithin(RuleSetting setting, Diagnostic finding) {
    if (setting.paths().isEmpty() && setting.exclude().isEmpty()) {
      return true;
    }
    try {
      Path file = Path.of(finding.origin().file());
      return (setting.paths().isEmpty()
              || setting.paths().stream().anyMatch(glob -> glob.matches(file)))
          && setting.exclude().stream().noneMatch(glob -> glob.matches(file));
    } catch (InvalidPathException noFile) {
      return true;
    }
  }

  private boolean isInNamespace(Diagnostic finding, Loaded loaded) {
    if (settings.onlyNamespaces().isEmpty() && settings.notNamespaces().isEmpty()) {
      return true;
    }
    String namespace =
        loaded.places().object(finding.origin()).map(ObjectName::namespace).orElse("");
    return namespace.isEmpty()
        || ((settings.onlyNamespaces().isEmpty() || settings.onlyNamespaces().contains(namespace))
            && !settings.notNamespaces().contains(namespace));
  }

  /** Whether all findings of a rule would be shown, wherever they are. */
  private boolean isReported(RuleName rule) {
    boolean on = (select.isEmpty() || select.stream().anyMatch(each -> covers(each, rule)))
        && ignore.stream().noneMatch(each -> covers(each, rule));
    for (RuleSetting setting : settings.rules()) {
      if (covers(setting.rules(), rule)) {
        on &= setting.on() && setting.paths().isEmpty() && setting.exclude().isEmpty();
      }
    }
    return on && settings.onlyNamespaces().isEmpty() && settings.notNamespaces().isEmpty();
  }

  private static boolean covers(RuleName wide, RuleName narrow) {
    return narrow.prefix().startsWith(wide.prefix());
  }
}
