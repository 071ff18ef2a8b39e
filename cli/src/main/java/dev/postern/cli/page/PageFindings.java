package dev.postern.cli.page;

import dev.postern.cli.selection.Baseline;
import dev.postern.cli.selection.KnownFindings;
import dev.postern.cli.selection.Selection;
import dev.postern.cli.selection.Settings;
import dev.postern.dataplane.Dataplane;
import dev.postern.diagnostic.Diagnostic;
import dev.postern.diagnostic.Severity;
import dev.postern.lint.FindingGroups;
import dev.postern.lint.Lint;
import dev.postern.lint.rule.LintInput;
import dev.postern.lint.rule.LintOptions;
import dev.postern.manifest.Loaded;
import dev.postern.page.ChosenFindings;
import dev.postern.plan.Plan;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * The findings of a page as {@code postern lint} selects them, of every severity.
 *
 * @param settings what the team decided
 * @param dataplanes what enforces the policies
 * @param closed whether the manifests are the whole cluster
 * @param today marks that ended before do not count
 */
record PageFindings(Settings settings, List<Dataplane> dataplanes, boolean closed, LocalDate today)
    implements ChosenFindings {

  @Override
  public Chosen of(Loaded loaded, Plan plan) {
    LintInput input =
        LintInput.of(loaded, plan, new LintOptions(closed, dataplanes, settings.optionsOfRules()));
    List<Diagnostic> all = Stream.concat(
            Lint.eachOfReading(loaded, input).stream(), Lint.each(input).stream())
        .sorted()
        .toList();
    KnownFindings known = settings.baseline().map(Baseline::read).orElse(KnownFindings.NOTHING);
    Selection.Selected selected =
        new Selection(settings, List.of(), List.of(), known, Severity.INFO, today).of(all, loaded);
    return new Chosen(FindingGroups.of(selected.findings()), note(selected));
  }

  private String note(Selection.Selected selected) {
    List<String> parts = new ArrayList<>();
    parts.add("What postern lint says, of every severity");
    if (!dataplanes.isEmpty()) {
      parts.add(
          "on " + String.join(", ", dataplanes.stream().map(Dataplane::name).toList()));
    }
    count(selected.known(), "known", parts);
    count(selected.ignored(), "marked to be ignored", parts);
    count(selected.deselected(), "not selected", parts);
    return String.join("; ", parts) + ".";
  }

  private static void count(int number, String what, List<String> parts) {
    if (number > 0) {
      parts.add(number + " " + what);
    }
  }
}
