package dev.postern.spec;

import dev.postern.cluster.Cluster;
import dev.postern.diagnostic.Diagnostic;
import dev.postern.diff.CommonTraffic;
import dev.postern.diff.Difference;
import dev.postern.diff.IsolatedWorkloads;
import dev.postern.diff.Relation;
import dev.postern.diff.RowCause;
import dev.postern.diff.RowCauseSearch;
import dev.postern.manifest.Loaded;
import dev.postern.manifest.Manifests;
import dev.postern.manifest.ReadOptions;
import dev.postern.meaning.Judgement;
import dev.postern.plan.Plan;
import dev.postern.question.BadSentence;
import dev.postern.question.SetStatement;
import dev.postern.spec.Check.Result;
import dev.postern.verify.Verifier;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Holds the policies of a cluster against those of another file. Only the policies of the file count: they are judged for the workloads,
 * in the namespaces, and under the options of the cluster.
 */
final class SetRelations {

  private final Verifier verifier;

  SetRelations(Verifier verifier) {
    this.verifier = verifier;
  }

  /**
   * Whether the policies stand to those of the file as the statement says.
   *
   * @throws BadSentence if the file cannot be read without errors, or holds no policy
   */
  Check check(SetStatement statement, Path directory) {
    Loaded loaded = read(statement, directory);
    Cluster now = verifier.cluster();
    Cluster other = now.withPolicies(loaded.cluster().policies())
        .withUnread(loaded.cluster().unread());
    return switch (statement.relation()) {
      case CONTAIN -> differs(statement, Relation.CONTAINS, other, loaded);
      case PERMIT -> differs(statement, Relation.PERMITS, other, loaded);
      case NOT_INTERFERE -> differs(statement, Relation.NO_INTERFERENCE, other, loaded);
      case FORBID -> forbids(statement, other, loaded);
    };
  }

  private Loaded read(SetStatement statement, Path directory) {
    Path file = directory.resolve(statement.path());
    if (Files.exists(file) && !Files.isRegularFile(file) && !Files.isDirectory(file)) {
      // A pipe or a device may never end, and may be what somebody types.
      throw bad(statement, statement.path() + " is neither a file nor a directory", "");
    }
    Loaded loaded = Manifests.load(
        List.of(file),
        verifier
            .analysis()
            .namespace()
            .map(ReadOptions.DEFAULT::withNamespace)
            .orElse(ReadOptions.DEFAULT));
    Optional<Diagnostic> error =
        loaded.diagnostics().stream().filter(Diagnostic::isError).findFirst();
    if (error.isPresent()) {
      throw bad(statement, error.get().toString(), "");
    }
    if (loaded.cluster().policies().isEmpty() && loaded.cluster().unread().isEmpty()) {
      throw bad(
          statement,
          "there is no policy in " + statement.path(),
          "name a file or directory of policies, from the directory of the file of statements");
    }
    return loaded;
  }

  private static BadSentence bad(SetStatement statement, String problem, String hint) {
    return new BadSentence(statement.text(), statement.span(), problem, hint);
  }

  private Check differs(SetStatement statement, Relation relation, Cluster other, Loaded loaded) {
    Cluster now = verifier.cluster();
    Difference difference = Difference.between(other, now, verifier.options());
    List<Difference.DifferenceRow> against =
        relation.against(difference, other, verifier.options());
    if (!against.isEmpty()) {
      Optional<Judgement> shown = new RowCauseSearch(other, now, verifier.options())
          .of(against.get(0))
          .flatMap(RowCause::after);
      String passes = relation == Relation.NO_INTERFERENCE
          ? " passes, and by " + statement.path() + " it does not"
          : " does not pass, and by " + statement.path() + " it does";
      return new Check(
          statement, Result.FAILS, rows(against) + passes, shown.stream().toList());
    }
    return difference
        .undecided()
        .map(reason -> new Check(statement, Result.UNDECIDED, reason, List.of()))
        .orElseGet(() ->
            holds(statement, relation == Relation.CONTAINS, other, loaded, difference.notes()));
  }

  private Check forbids(SetStatement statement, Cluster other, Loaded loaded) {
    CommonTraffic common = CommonTraffic.between(other, verifier.cluster(), verifier.options());
    RowCauseSearch search =
        new RowCauseSearch(other, verifier.plan().cluster(), verifier.options());
    if (!common.certain().isEmpty()) {
      return new Check(
          statement,
          Result.FAILS,
          rows(common.certain()) + " passes, and by " + statement.path() + " it does",
          search.passing(common.certain().get(0)).stream().toList());
    }
    if (!common.possible().isEmpty()) {
      return new Check(
          statement,
          Result.UNDECIDED,
          rows(common.possible()) + " may pass, and by " + statement.path() + " it may",
          search.passing(common.possible().get(0)).stream().toList());
    }
    return common
        .undecided()
        .map(reason -> new Check(statement, Result.UNDECIDED, reason, List.of()))
        .orElseGet(() -> holds(statement, false, other, loaded, List.of()));
  }

  /** It holds, which says little where the file isolates nobody, or means workloads of its own. */
  private Check holds(
      SetStatement statement, boolean whole, Cluster other, Loaded loaded, List<String> more) {
    List<String> notes = new ArrayList<>(more);
    if (!whole
        && IsolatedWorkloads.of(Plan.of(other, verifier.options())).values().stream()
            .allMatch(Set::isEmpty)) {
      notes.add("no workload here is isolated by " + statement.path()
          + ", which is explicit about no traffic");
    }
    if (!loaded.cluster().workloads().isEmpty()) {
      notes.add("the workloads in " + statement.path()
          + " are not looked at: its policies are judged for those of the manifests");
    }
    return new Check(statement, Result.HOLDS, "", List.of(), notes, List.of());
  }

  private static String rows(List<Difference.DifferenceRow> rows) {
    String more = rows.size() == 1 ? "" : " (and " + (rows.size() - 1) + " more)";
    return rows.get(0) + more;
  }
}
