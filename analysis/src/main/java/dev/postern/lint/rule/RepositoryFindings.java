package dev.postern.lint.rule;

import dev.postern.diagnostic.Code;
import dev.postern.diagnostic.Diagnostic;
import dev.postern.diagnostic.Origin;
import dev.postern.diagnostic.Severity;
import dev.postern.manifest.Written;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * What reading found, as it matters in a repository, which holds variants and templates side by side: that an object is declared again in
 * another file, that a file is empty, and what is wrong with a value that a tool fills in, is shown on request only. In an input that is
 * the whole cluster it matters as elsewhere.
 */
public final class RepositoryFindings {

  /** A value with {@code $(name)}, {@code ${name}}, {@code ($name)} or {@code {{ name }}} in it. */
  private static final Pattern FILLED_IN =
      Pattern.compile("[^#]*(\\$\\(|\\$\\{|\\{\\{|\\([^)]*\\$[A-Za-z_]).*");

  private final LintInput input;
  private final Map<List<String>, Origin> first = new HashMap<>();
  private final Map<Origin, List<String>> objects = new HashMap<>();

  private RepositoryFindings(LintInput input) {
    this.input = input;
    for (Written object : input.written()) {
      // Who names no namespace and who names the default one mean the same.
      String namespace = object.namespace().isEmpty() ? "default" : object.namespace();
      List<String> identity = List.of(object.kind(), namespace, object.name());
      objects.put(object.origin(), identity);
      first.putIfAbsent(identity, object.origin());
    }
  }

  /** The findings, those about objects that one directory repeats of another, or of itself, together. */
  public static List<Diagnostic> of(List<Diagnostic> findings, LintInput input) {
    return input.options().closed() ? findings : new RepositoryFindings(input).weighed(findings);
  }

  private List<Diagnostic> weighed(List<Diagnostic> findings) {
    List<Diagnostic> weighed = new ArrayList<>();
    FindingsByCause variants = new FindingsByCause();
    for (Diagnostic finding : findings) {
      Origin other = first.getOrDefault(objects.get(finding.origin()), finding.origin());
      if (finding.code().equals(Code.DUPLICATE_OBJECT)
          && !other.file().equals(finding.origin().file())) {
        variants.add(
            List.of(directory(other), directory(finding.origin())),
            finding.severity(Severity.INFO));
      } else if (isMinor(finding)) {
        weighed.add(finding.severity(Severity.INFO));
      } else {
        weighed.add(finding);
      }
    }
    variants.report(weighed::add);
    return weighed;
  }

  private boolean isMinor(Diagnostic finding) {
    return finding.code().equals(Code.EMPTY_SOURCE)
        ? !input.written().isEmpty()
        : isFilledIn(finding.origin());
  }

  private boolean isFilledIn(Origin place) {
    return place.column() > 0
        && input
            .line(place)
            .filter(line -> line.length() >= place.column())
            .filter(
                line -> FILLED_IN.matcher(line.substring(place.column() - 1)).matches())
            .isPresent();
  }

  private static String directory(Origin origin) {
    return origin.file().substring(0, origin.file().lastIndexOf('/') + 1);
  }
}
