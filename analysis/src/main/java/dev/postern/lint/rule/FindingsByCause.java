package dev.postern.lint.rule;

import dev.postern.diagnostic.Diagnostic;
import dev.postern.diagnostic.Diagnostic.Related;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** Makes findings of one cause one finding: the first stands for all, and the others' places are related to it. */
final class FindingsByCause {

  /** As many places of the same are listed. */
  private static final int PLACES = 20;

  private final Map<Object, List<Diagnostic>> byCause = new LinkedHashMap<>();

  /** Takes a finding; those of equal causes become one. */
  void add(Object cause, Diagnostic finding) {
    byCause.computeIfAbsent(cause, key -> new ArrayList<>()).add(finding);
  }

  void report(Consumer<Diagnostic> found) {
    byCause.values().forEach(group -> {
      List<Diagnostic> sorted = group.stream().sorted().distinct().toList();
      Diagnostic first = sorted.get(0);
      if (sorted.size() == 1) {
        found.accept(first);
        return;
      }
      List<Related> related = new ArrayList<>(first.related());
      sorted.stream()
          .skip(1)
          .limit(PLACES)
          .forEach(other -> related.add(new Related(other.message(), other.origin())));
      String more =
          " (and the same at " + FindingNames.count(sorted.size() - 1, "other place") + ")";
      found.accept(new Diagnostic(
          first.code(),
          first.severity(),
          first.message() + more,
          first.hint(),
          first.origin(),
          related,
          first.fix()));
    });
  }
}
