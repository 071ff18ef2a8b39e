package dev.postern.spark;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.postern.diagnostic.Diagnostic;
import dev.postern.diff.Difference;
import dev.postern.lint.FindingGroups;
import dev.postern.lint.Lint;
import dev.postern.lint.mark.Ignores;
import dev.postern.lint.rule.LintInput;
import dev.postern.lint.rule.LintOptions;
import dev.postern.manifest.Loaded;
import dev.postern.manifest.SourceTree;
import dev.postern.meaning.Options;
import dev.postern.plan.Plan;
import dev.postern.policy.Direction;
import dev.postern.question.Expectation;
import dev.postern.question.Statement;
import dev.postern.solver.Limits;
import dev.postern.spark.FleetMemory.Part;
import dev.postern.spark.FleetRow.What;
import dev.postern.spec.Check;
import dev.postern.spec.Specifications;
import dev.postern.summary.Exposure;
import dev.postern.verify.Verifier;
import dev.postern.wording.ExposureWords;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/** What there is to say of one cluster: what {@code lint}, {@code test}, {@code exposure} and {@code diff} say, by the same ways. */
final class ClusterReport {

  private static final SourceTree.TreeScope WITHOUT_TESTS = new SourceTree.TreeScope(false, true);

  /**
   * What is looked at beside the manifests.
   *
   * @param content what it holds
   * @param problem why it cannot be read
   */
  record Beside(Optional<FleetContent> content, Optional<String> problem) {

    /** Nothing that was asked for. */
    static final Beside NOTHING = new Beside(Optional.empty(), Optional.empty());

    static Beside holding(FleetContent content) {
      return new Beside(Optional.of(content), Optional.empty());
    }

    static Beside unreadable(String why) {
      return new Beside(Optional.empty(), Optional.of(why));
    }
  }

  private final FleetMemory memory;
  private final LocalDate today;
  private final List<FleetRow> rows = new ArrayList<>();

  /**
   * A report that is yet to be made.
   *
   * @param memory what is known of other clusters
   * @param today marks beside manifests that ended before do not count
   */
  ClusterReport(FleetMemory memory, LocalDate today) {
    this.memory = memory;
    this.today = today;
  }

  /**
   * Looks at a cluster.
   *
   * @param manifests its manifests
   * @param yesterday what they were, if that is asked
   * @param statements statements; if none are asked for, those among the manifests are meant
   * @throws IOException if the manifests cannot be read
   */
  List<FleetRow> of(FleetContent manifests, Beside yesterday, Beside statements)
      throws IOException {
    FleetMemory.Held held = memory.hold(Part.MANIFESTS, manifests);
    SourceTree tree = memory.tree(held, SourceTree.TreeScope.ALL);
    Loaded loaded = memory.read(tree);
    rows.add(FleetRow.of(
        What.CLUSTER,
        loaded.hasErrors() ? "errors" : "read",
        "",
        loaded.read().values().stream().mapToInt(Integer::intValue).sum() + " objects"));
    Verifier verifier = Verifier.of(memory.analysis(loaded.cluster()));
    boolean tests =
        manifests.files().keySet().stream().map(Path::of).anyMatch(WITHOUT_TESTS::leavesOut);
    SourceTree linted = tests ? memory.tree(held, WITHOUT_TESTS) : tree;
    findings(linted.equals(tree) ? loaded : memory.read(linted), verifier.plan());
    exposures(verifier);
    if (statements.content().isPresent()) {
      statements(verifier, memory.hold(Part.STATEMENTS, statements.content().get()), true);
    } else if (manifests.isFolder()) {
      statements(verifier, held, false);
    }
    statements.problem().ifPresent(why -> unreadable(What.STATEMENT, why));
    if (yesterday.content().isPresent()) {
      difference(manifests, yesterday.content().get(), loaded);
    }
    yesterday.problem().ifPresent(why -> unreadable(What.DIFFERENCE, why));
    return rows;
  }

  private void unreadable(What what, String why) {
    rows.add(FleetRow.of(what, "unreadable", "", why));
  }

  private void findings(Loaded loaded, Plan plan) {
    // The plan of questions takes into account what could not be read, which is not lint's to
    // judge.
    LintInput input = plan.cluster() == loaded.cluster()
        ? LintInput.of(loaded, plan, LintOptions.DEFAULT)
        : LintInput.of(loaded, LintOptions.DEFAULT);
    Ignores ignores = new Ignores(loaded, today);
    List<Diagnostic> all = new ArrayList<>(
        Stream.concat(Lint.eachOfReading(loaded, input).stream(), Lint.each(input).stream())
            .sorted()
            .filter(finding -> !ignores.test(finding))
            .toList());
    all.addAll(ignores.findings(rule -> true));
    for (Diagnostic finding : FindingGroups.of(all)) {
      rows.add(new FleetRow(
          What.FINDING,
          finding.severity().word(),
          finding.code().id(),
          finding.message(),
          finding.origin().toString()));
    }
  }

  private void exposures(Verifier verifier) {
    for (Exposure each : verifier.analysis().exposure()) {
      String id = each.pods().id();
      rows.add(side(What.INGRESS, id, each.ingress()));
      rows.add(side(What.EGRESS, id, each.egress()));
    }
  }

  private static FleetRow side(What what, String id, Exposure.ExposedSide side) {
    return FleetRow.of(
        what,
        side.reach().name().toLowerCase(Locale.ROOT),
        id,
        (side.isolated() ? "isolated; " : "not isolated; ") + ExposureWords.peers(side));
  }

  private void statements(Verifier verifier, FleetMemory.Held held, boolean asked) {
    Specifications specifications = new Specifications(verifier, Limits.DEFAULT);
    SortedMap<String, FleetContent.File> files = new TreeMap<>(held.content().files());
    files.keySet().removeIf(name -> held.content().isFolder() && !name.endsWith(".postern"));
    if (asked && files.isEmpty()) {
      unreadable(What.STATEMENT, "there is no file of statements, which end in .postern");
    }
    Path root = held.content().isFolder()
        ? held.path()
        : Optional.ofNullable(held.path().getParent()).orElse(Path.of(""));
    for (Map.Entry<String, FleetContent.File> file : files.entrySet()) {
      String name = file.getKey();
      String text;
      try {
        text =
            UTF_8.newDecoder().decode(ByteBuffer.wrap(file.getValue().bytes())).toString();
      } catch (CharacterCodingException other) {
        rows.add(new FleetRow(What.STATEMENT, "unreadable", "", "it is no text in UTF-8", name));
        continue;
      }
      Statement.Specification said = Statement.specification(text);
      said.mistakes()
          .forEach(mistake -> rows.add(new FleetRow(
              What.STATEMENT,
              word(Check.Result.BAD),
              mistake.problem().sentence(),
              String.valueOf(mistake.problem().getMessage()),
              name + ":" + mistake.line())));
      for (Expectation statement : said.expectations()) {
        Check check = specifications.check(
            statement, Optional.ofNullable(root.resolve(name).getParent()).orElse(root));
        rows.add(new FleetRow(
            What.STATEMENT,
            word(check.result()),
            statement.text(),
            check.detail(),
            name + ":" + statement.line()));
      }
    }
  }

  private static String word(Check.Result result) {
    return result.name().toLowerCase(Locale.ROOT);
  }

  private void difference(FleetContent today, FleetContent yesterday, Loaded now) {
    Loaded before;
    try {
      before = today.digest().equals(yesterday.digest())
          ? now
          : memory.read(
              memory.tree(memory.hold(Part.YESTERDAY, yesterday), SourceTree.TreeScope.ALL));
    } catch (IOException problem) {
      unreadable(What.DIFFERENCE, String.valueOf(problem.getMessage()));
      return;
    }
    Difference difference = Difference.between(before.cluster(), now.cluster(), Options.DEFAULT);
    boolean undecided = difference.undecided().isPresent() || before.hasErrors() || now.hasErrors();
    rows.add(FleetRow.of(
        What.DIFFERENCE,
        !difference.opened().isEmpty() || !difference.closed().isEmpty()
            ? "differ"
            : undecided ? "undecided" : "equal",
        "",
        difference
            .undecided()
            .orElse(
                before.hasErrors() || now.hasErrors()
                    ? "what has an error is left out of the comparison"
                    : "")));
    difference.opened().forEach(row -> rows.add(row(What.OPENED, row)));
    difference.closed().forEach(row -> rows.add(row(What.CLOSED, row)));
    for (Direction direction : Direction.values()) {
      difference
          .newlyIsolated()
          .getOrDefault(direction, Collections.emptySortedSet())
          .forEach(
              workload -> rows.add(FleetRow.of(What.ISOLATED, direction.field(), workload, "")));
    }
    difference.added().forEach(each -> rows.add(FleetRow.of(What.ADDED, "", each, "")));
    difference.removed().forEach(each -> rows.add(FleetRow.of(What.REMOVED, "", each, "")));
  }

  private static FleetRow row(What what, Difference.DifferenceRow row) {
    return FleetRow.of(
        what, "", row.source() + " -> " + row.destination(), row.traffic().toString());
  }
}
