package dev.postern.lint.rule;

import dev.postern.diagnostic.Code;
import dev.postern.diagnostic.Diagnostic;
import dev.postern.diagnostic.Diagnostic.Cause;
import dev.postern.diagnostic.Diagnostic.Related;
import dev.postern.diagnostic.Origin;
import dev.postern.diagnostic.Severity;
import dev.postern.manifest.Loaded;
import dev.postern.manifest.PassedOver.Renderer;
import java.util.List;
import java.util.regex.Pattern;

/**
 * What reading found, as it matters in a repository, which holds variants and templates side by side: that an object is declared again in
 * another file, that a file is empty, that an object lacks what the patches of a kustomization may add, and what is wrong with a value that
 * a tool fills in, has severity <em>info</em>. In an input that is the whole cluster it matters as elsewhere.
 */
public final class RepositoryFindings {

  /** A value with {@code $(name)}, {@code ${name}}, {@code ($name)} or {@code {{ name }}} in it. */
  private static final String REFERENCE = "[^#]*(\\$\\(|\\$\\{|\\{\\{|\\([^)]*\\$[A-Za-z_]).*";

  /** {@code <name>} and {@code @NAME@}. */
  private static final String BRACKETED = "<[A-Za-z][\\w.-]*>|@[A-Za-z]\\w*@";

  /** {@code TEMP_NAME}, {@code NAMESPACE}, {@code IP2}: capitals that say what belongs there; no name that people give is like that. */
  private static final String CAPITALS =
      "(?<![A-Za-z0-9])([A-Z][A-Z0-9]*(_[A-Z0-9]+)+|[A-Z]*(NAME|NAMESPACE|IP)[0-9]*)(?![A-Za-z0-9])";

  /** {@code x.x.x.x/16}, and {@code _} for what is put in its place. */
  private static final String BLANK = "(x+(\\.x+){3}(/\\d+)?|_+)(?![\\w.])";

  /** The value at a place, or the one behind its key. */
  private static final String VALUE = "(- )?(['\"]?[\\w./-]+['\"]?:\\s+)?['\"]?([^\\s,}\\]'\"]*?("
      + BRACKETED + "|" + CAPITALS + ")|" + BLANK + ").*";

  private static final Pattern FILLED_IN = Pattern.compile(REFERENCE + "|" + VALUE);

  /** From so many on the same words about different places come of one habit. */
  private static final int MANY = 4;

  private final Loaded loaded;
  private final LintInput input;
  private final boolean unpatched;

  private RepositoryFindings(Loaded loaded, LintInput input) {
    this.loaded = loaded;
    this.input = input;
    this.unpatched = loaded.passedOver().unrendered().stream()
        .anyMatch(directory -> directory.renderer() == Renderer.KUSTOMIZE);
  }

  /** The findings, with what they come of: the same words many times, or objects that one directory repeats of another, or of itself. */
  public static List<Diagnostic> of(List<Diagnostic> findings, Loaded loaded, LintInput input) {
    if (input.options().closed()) {
      return findings;
    }
    RepositoryFindings weighing = new RepositoryFindings(loaded, input);
    return findings.stream().map(weighing::weighed).toList();
  }

  private Diagnostic weighed(Diagnostic finding) {
    if (finding.code().equals(Code.DUPLICATE_OBJECT)) {
      return duplicate(finding);
    }
    Diagnostic alike = finding.cause(new Cause(List.of(finding.message(), finding.hint()), MANY));
    return isMinor(finding) ? alike.severity(Severity.INFO) : alike;
  }

  private static Diagnostic duplicate(Diagnostic finding) {
    for (Related first : finding.related()) {
      if (!first.origin().file().equals(finding.origin().file())) {
        Object directories = List.of(directory(first.origin()), directory(finding.origin()));
        return finding.severity(Severity.INFO).cause(new Cause(directories, 2));
      }
    }
    return finding;
  }

  private boolean isMinor(Diagnostic finding) {
    if (finding.code().equals(Code.EMPTY_SOURCE)) {
      return !input.written().isEmpty();
    }
    return (finding.code().equals(Code.MISSING_FIELD) && unpatched && !isOfPolicy(finding))
        || isFilledIn(finding.origin());
  }

  /** A policy is seldom patched together, and what it lacks is a mistake more often. */
  private boolean isOfPolicy(Diagnostic finding) {
    return loaded
        .places()
        .object(finding.origin())
        .filter(object -> object.kind().endsWith("NetworkPolicy"))
        .isPresent();
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
