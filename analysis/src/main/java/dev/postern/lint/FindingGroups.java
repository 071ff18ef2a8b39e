package dev.postern.lint;

import dev.postern.diagnostic.Diagnostic;
import dev.postern.diagnostic.Diagnostic.Cause;
import dev.postern.diagnostic.Diagnostic.Related;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Makes findings of one cause one finding: the first by place stands for all, and the others' places are related to it. What is chosen,
 * marked or known is chosen before, finding by finding.
 */
public final class FindingGroups {

  /** As many places of the same are listed. */
  private static final int PLACES = 20;

  private FindingGroups() {}

  /** The findings in their order, those of one cause and severity where the first of them stands. */
  public static List<Diagnostic> of(List<Diagnostic> findings) {
    Map<Object, List<Diagnostic>> byCause = new LinkedHashMap<>();
    for (int i = 0; i < findings.size(); i++) {
      Diagnostic finding = findings.get(i);
      Object key = finding.cause().isPresent()
          ? List.of(finding.code(), finding.severity(), finding.cause().get())
          : i;
      byCause.computeIfAbsent(key, k -> new ArrayList<>()).add(finding);
    }
    List<Diagnostic> groups = new ArrayList<>();
    byCause.values().forEach(group -> {
      List<Diagnostic> different = group.stream().sorted().distinct().toList();
      Optional<Cause> cause = different.get(0).cause();
      if (different.size() < cause.map(Cause::least).orElse(2)) {
        groups.addAll(different);
      } else {
        groups.add(one(different));
      }
    });
    return groups;
  }

  private static Diagnostic one(List<Diagnostic> sorted) {
    Diagnostic first = sorted.get(0);
    int others = sorted.size() - 1;
    List<Related> related = new ArrayList<>(first.related());
    sorted.stream()
        .skip(1)
        .limit(PLACES)
        .forEach(other -> related.add(new Related(other.message(), other.origin())));
    return new Diagnostic(
        first.code(),
        first.severity(),
        first.message() + " (and the same at " + others
            + (others == 1 ? " other place)" : " other places)"),
        first.hint(),
        first.origin(),
        related,
        first.fix(),
        Optional.empty());
  }
}
