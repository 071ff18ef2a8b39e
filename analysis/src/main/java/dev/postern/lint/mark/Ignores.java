package dev.postern.lint.mark;

import dev.postern.diagnostic.Code;
import dev.postern.diagnostic.Diagnostic;
import dev.postern.diagnostic.Severity;
import dev.postern.manifest.IgnoreMark;
import dev.postern.manifest.Loaded;
import dev.postern.manifest.ObjectName;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/** Applies the marks beside manifests. One that is wrong, out of date or not needed is a finding itself, and leaves nothing out. Not thread-safe. */
public final class Ignores {

  /** A mark that leaves nothing alone. */
  public static final Code UNUSED =
      Code.ofRule("NP401", "UNUSED_IGNORE", Severity.WARNING, "there is no {0} here to ignore");

  /** A mark of which the last day is over. */
  public static final Code EXPIRED = Code.ofRule(
      "NP402", "EXPIRED_IGNORE", Severity.WARNING, "{0} was to be ignored until {1}: {2}");

  /** A mark that says nothing that could be followed. */
  public static final Code BAD =
      Code.ofRule("NP403", "BAD_IGNORE", Severity.WARNING, "this mark ignores nothing: {0}");

  /** A mark that counts, and the rules of it that have left something out. */
  private record Counting(IgnoreMark mark, IgnoreText text, List<RuleName> used) {}

  private final Loaded loaded;
  private final List<Counting> marks = new ArrayList<>();
  private final List<Diagnostic> findings = new ArrayList<>();

  /**
   * The marks of what was read.
   *
   * @param today marks that ended before do not count
   */
  public Ignores(Loaded loaded, LocalDate today) {
    this.loaded = loaded;
    for (IgnoreMark mark : loaded.places().marks()) {
      try {
        IgnoreText text = IgnoreText.of(mark.text());
        if (text.until().filter(today::isAfter).isPresent()) {
          findings.add(EXPIRED
              .at(mark.origin(), names(text.rules()), text.until().get(), text.reason())
              .hint("mend what it is about, or give it more time"));
        } else {
          marks.add(new Counting(mark, text, new ArrayList<>()));
        }
      } catch (IgnoreText.BadMark problem) {
        findings.add(BAD.at(mark.origin(), String.valueOf(problem.getMessage()))
            .hint("write `" + IgnoreMark.COMMENT + " NP313 why`, or `NP313 until 2030-12-31 why`"));
      }
    }
  }

  /** Whether a finding is to be left alone. */
  public boolean test(Diagnostic finding) {
    Optional<ObjectName> object = loaded.places().object(finding.origin());
    boolean ignored = false;
    for (Counting counting : marks) {
      if (isAbout(counting.mark(), finding, object)) {
        for (RuleName rule : counting.text().rules()) {
          if (rule.matches(finding.code())) {
            counting.used().add(rule);
            ignored = true;
          }
        }
      }
    }
    return ignored;
  }

  private static boolean isAbout(IgnoreMark mark, Diagnostic finding, Optional<ObjectName> object) {
    if (!mark.origin().file().equals(finding.origin().file())) {
      return false;
    }
    return mark.extent() instanceof IgnoreMark.Line line
        ? line.line() == finding.origin().line()
        : object.filter(((IgnoreMark.Whole) mark.extent()).object()::equals).isPresent();
  }

  /**
   * What is to be said of the marks, once all findings were tested.
   *
   * @param reported whether a rule is looked for at all: a mark for one that is not may be needed
   */
  public List<Diagnostic> findings(Predicate<RuleName> reported) {
    List<Diagnostic> all = new ArrayList<>(findings);
    for (Counting counting : marks) {
      List<RuleName> unused = counting.text().rules().stream()
          .filter(rule -> !counting.used().contains(rule) && reported.test(rule))
          .toList();
      if (!unused.isEmpty()) {
        all.add(UNUSED.at(counting.mark().origin(), names(unused)).hint("take the mark away"));
      }
    }
    return all;
  }

  private static String names(List<RuleName> rules) {
    return String.join(", ", rules.stream().map(RuleName::toString).toList());
  }
}
